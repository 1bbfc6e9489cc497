package io.handover.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The short cut for usual envelopes gives what the general reading gives, or leaves it to that. */
class EnvelopeReaderTest {

    private static final List<String> VALUES = List.of(
            "null",
            "true",
            "0",
            "-1",
            "7",
            "1.5",
            "1e3",
            "253402300799999",
            "253402300800000",
            "9223372036854775807",
            "9223372036854775808",
            "\"\"",
            "\" \"",
            "\"7\"",
            "\"x\"",
            "\"2026-03-02T09:15:00Z\"",
            "\"\\u00e4\\\"\"",
            "\"" + "y".repeat(257) + "\"",
            "[]",
            "[{\"id\":1}]",
            "{}",
            "{\"id\":\"x\",\"eventBody\":{}}",
            "broken");

    static Stream<String> fixtures() {
        return Fixtures.names().filter(name -> !name.startsWith("data-action"));
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void shouldReadUsualEnvelopes(String fixture) {
        // Given
        byte[] json = Fixtures.read(fixture);
        // When
        boolean isUsual = EnvelopeReader.read(json) != null;
        // Then
        assertThat(isUsual).isEqualTo(!fixture.equals("odd-event-time-as-text"));
        assertThat(Delivery.read(json)).isEqualTo(Delivery.readAnything(json));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "7",
                "{}",
                "{\"detail\":null}",
                "{\"detail\":{}}x",
                "{\"detail\":{}}{}",
                "{\"detail\":{}",
                "{\"detail\":[]}",
                "{\"detail\":{\"eventBody\":7}}",
                "{\"id\":1,\"detail\":{}}",
                "{\"id\":\"1\",\"id\":\"2\",\"detail\":{}}",
                "{\"topic\":\"x\",\"detail\":{}}",
                "{\"detail\":{\"eventBody\":{\"heldDurationMs\":1.5}}}",
                "{\"detail\":{\"eventBody\":{\"userId\":null,\"userId\":\"x\"}}}",
            })
    void shouldLeaveWhatIsUnusual(String json) {
        assertThat(EnvelopeReader.read(json.getBytes(StandardCharsets.UTF_8))).isNull();
    }

    @Test
    void shouldNeverDifferFromTheGeneralReading() {
        // Given
        Random random = new Random(1);
        List<String> fixtures = Fixtures.names()
                .map(name -> new String(Fixtures.read(name), StandardCharsets.UTF_8))
                .toList();
        int usual = 0;
        int tries = 10_000;
        for (int i = 0; i < tries; i++) {
            byte[] json = changed(fixtures.get(random.nextInt(fixtures.size())), random);
            // When
            usual += EnvelopeReader.read(json) == null ? 0 : 1;
            // Then
            assertThat(result(json, true))
                    .as(() -> new String(json, StandardCharsets.UTF_8))
                    .isEqualTo(result(json, false));
        }
        assertThat(usual).isBetween(tries / 10, tries * 9 / 10);
    }

    private static Object result(byte[] json, boolean shortCut) {
        try {
            return shortCut ? Delivery.read(json) : Delivery.readAnything(json);
        } catch (UnreadableRecordException e) {
            return String.valueOf(e.getMessage());
        }
    }

    /** Another value for a field, a field twice, a field less, or a wrong byte. */
    private static byte[] changed(String json, Random random) {
        List<int[]> fields = fields(json);
        int[] field = fields.get(random.nextInt(fields.size()));
        String name = json.substring(field[0], field[1]);
        String value = VALUES.get(random.nextInt(VALUES.size()));
        String changed = switch (random.nextInt(4)) {
            case 0 -> json.substring(0, field[1]) + value + json.substring(field[2]);
            case 1 -> json.substring(0, field[0]) + name + value + "," + json.substring(field[0]);
            case 2 -> json.substring(0, field[0]) + "\"other\":" + json.substring(field[1]);
            default -> json;
        };
        byte[] bytes = changed.getBytes(StandardCharsets.UTF_8);
        if (random.nextInt(4) == 0) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
        return bytes;
    }

    /** Where the name begins, where its value begins and, if that is no object, ends. */
    private static List<int[]> fields(String json) {
        List<int[]> fields = new ArrayList<>();
        for (int colon = json.indexOf("\":"); colon >= 0; colon = json.indexOf("\":", colon + 1)) {
            int begin = json.lastIndexOf('"', colon - 1);
            int value = colon + 2;
            int end = value;
            while (json.charAt(end) == ' ') {
                end++;
            }
            if (json.charAt(end) == '"') {
                end = json.indexOf('"', end + 1) + 1;
            } else {
                while (",}\n".indexOf(json.charAt(end)) < 0) {
                    end++;
                }
            }
            fields.add(new int[] {begin, value, end});
        }
        return fields;
    }
}
