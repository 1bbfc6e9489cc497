package io.handover.schema;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Compares the scanner and the parser with data binding: values, conversions and messages must be the same. */
class DeliveryParserTest {

    private static final Set<String> BLANK_IS_ABSENT = Set.of(
            "conversationId",
            "participantId",
            "sessionId",
            "addressTo",
            "addressFrom",
            "userId",
            "queueId",
            "answeredUserId");

    /** With the neighbours of the characters that are not plain. */
    private static final String PLAIN = " !#[]~\u007fa0";

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

    @Test
    void shouldReadWhatDataBindingReads() {
        // Given
        Random random = new Random(1);
        List<String> fixtures = Fixtures.names()
                .map(name -> new String(Fixtures.read(name), StandardCharsets.UTF_8))
                .toList();
        int readable = 0;
        int plain = 0;
        int tries = 30_000;
        for (int i = 0; i < tries; i++) {
            byte[] json = changed(fixtures.get(random.nextInt(fixtures.size())), random);

            // When
            Object read = parsed(json);

            // Then
            assertThat(read).as(() -> new String(json, StandardCharsets.UTF_8)).isEqualTo(bound(json));
            readable += read instanceof Map ? 1 : 0;
            plain += DeliveryScanner.readOrNull(json) != null ? 1 : 0;
        }
        assertThat(plain).isBetween(tries / 10, readable - tries / 10);
        assertThat(readable).isBetween(tries / 10, tries * 9 / 10);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "7",
                "{}",
                "{\"detail\":null}",
                "{\"detail\":{}}x",
                "{ }",
                "{\"a\":}",
                "{\"a\":-}",
                "{\"a\":01}",
                "{\"a\":-0}",
                "{\"a\":1e3}",
                "{\"a\":nul}",
                "{\"a\":nulll}",
                "{\"a\":truex}",
                "{\"a\":[1,]}",
                "{\"a\":[1 2]}",
                "{\"a\":{\"b\":1,}}",
                "{\"a\":1,}",
                "{,}",
                "{\"a\"}",
                "{\"a\":[",
                "{\"a\":\"b",
                "{a:1}",
                "{'a':1}",
                "{\"a\":1}\u0000",
                "{\"",
                "{\"i",
                "{\"id",
                "{\"id\"",
                "{\"det",
                "{\"\":1,\"topic\":\"x\"}",
                "{\"i\":1,\"topic\":\"x\"}",
                "{\"idx\":1,\"topic\":\"x\"}",
                "{\"detail-typ\":1,\"topic\":\"x\"}",
                "{\"topicName\":\"x\",\"topic\":\"y\"}",
                "{\"detail\":{\"eventBody\":{\"userIdentity\":1,\"userId\":\"x\"}}}",
                " { \"topic\" : \"x\" } ",
                "{\"a\":[[],{},[{\"b\":[true,false,null]}]],\"topic\":\"x\"}",
                "{\"id\":null,\"topic\":null,\"detail\":null}",
                "{\"id\":nul,\"detail\":{}}",
                "{\"detail\":{\"eventBody\":{\"eventTime\":-1}}}",
                "{\"detail\":{\"eventBody\":{\"eventTime\":012}}}",
                "{\"detail\":{\"eventBody\":{\"eventTime\":12345678901234567890}}}",
                "{\"detail\":{\"eventBody\":{\"eventTime\":1234567890123456789}}}",
                "{\"detail\":{\"eventBody\":{\"heldDurationMs\":-5 ,\"userId\":\" \"}}}",
                "{\"topic\":\"\u007f\"}",
                "{\"topic\":\"x\u0001\"}",
                "{\"topic\":\"x\"}//",
                "{\"topic\":\"x\"} \n\t\r",
                "{\"detail\":{}}{}",
                "{\"detail\":{}",
                "{\"detail\":[]}",
                "{\"detail\":{\"eventBody\":7}}",
                "{\"id\":1,\"detail\":{}}",
                "{\"id\":\"1\",\"id\":\"2\",\"detail\":{}}",
                "{\"topic\":\"x\",\"detail\":{}}",
                "{\"detail\":{\"eventBody\":{\"heldDurationMs\":1.5}}}",
                "{\"detail\":{\"eventBody\":{\"userId\":null,\"userId\":\"x\"}}}",
                "{\"detail\":{\"eventBody\":{\"userId\":\"x\"},\"eventBody\":{\"queueId\":\"y\"}}}",
                "{\"detail\":{\"eventBody\":{\"userId\":\"x\"},\"eventBody\":null}}",
                "{\"detail\":{\"topicName\":\"a\",\"timestamp\":\"b\",\"eventBody\":{},\"topicName\":\"c\"}}",
                "{\"detail\":{\"topicName\":\"a\"},\"detail\":{\"timestamp\":\"b\"}}",
            })
    void shouldReadUnusualDeliveriesAsDataBindingDoes(String json) {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        assertThat(parsed(bytes)).isEqualTo(bound(bytes));
    }

    /** Otherwise the scanner would only cost time. */
    @Test
    void shouldScanThePlainDeliveries() {
        // Given
        Set<String> notPlain = Fixtures.names()
                .filter(name -> DeliveryScanner.readOrNull(Fixtures.read(name)) == null)
                .collect(Collectors.toSet());
        // Then
        assertThat(notPlain).allMatch(name -> name.startsWith("odd-"));
    }

    @Test
    void shouldScanATextUpToItsFirstByteThatIsNotPlain() {
        // Given
        Random random = new Random(2);
        for (int length = 1; length <= 20; length++) {
            for (int at = 0; at < length; at++) {
                for (int value = 0; value <= 0xff; value++) {
                    byte[] text = new byte[length];
                    for (int i = 0; i < length; i++) {
                        text[i] = (byte) PLAIN.charAt(random.nextInt(PLAIN.length()));
                    }
                    text[at] = (byte) value;
                    String json = "{\"id\":\"" + new String(text, StandardCharsets.ISO_8859_1) + "\"}";

                    // When
                    DeliveryValues read = DeliveryScanner.readOrNull(json.getBytes(StandardCharsets.ISO_8859_1));

                    // Then
                    boolean isPlain = value >= ' ' && value <= 0x7f && value != '"' && value != '\\';
                    String expected = isPlain ? new String(text, StandardCharsets.ISO_8859_1) : null;
                    assertThat(read == null ? null : read.text(DeliveryField.ID))
                            .as(json)
                            .isEqualTo(expected);
                }
            }
        }
    }

    /** A field that is repeated after all others is an error, and before the last of them it is none. */
    @Test
    void shouldReadARepeatedFieldOfAFullBodyAsDataBindingDoes() {
        // Given
        List<DeliveryField> fields = List.copyOf(DeliveryField.OF_BODY);
        for (int read = 1; read <= fields.size(); read++) {
            String body = Stream.concat(fields.stream().limit(read), Stream.of(fields.get(0)))
                    .map(field -> "\"" + field.jsonName() + "\":\"7\"")
                    .collect(Collectors.joining(","));
            byte[] json = ("{\"detail\":{\"eventBody\":{" + body + "}}}").getBytes(StandardCharsets.UTF_8);

            // When
            Object parsed = parsed(json);

            // Then
            assertThat(parsed).isEqualTo(bound(json));
            assertThat(parsed).isInstanceOf(read < fields.size() ? Map.class : String.class);
        }
    }

    private static Object parsed(byte[] json) {
        return result(() -> {
            DeliveryValues values = DeliveryParser.read(json);
            Map<String, Object> fields = new TreeMap<>();
            collect(fields, "", values.present(DeliveryField.OF_TOP_LEVEL));
            DeliveryValues detail = values.detail();
            if (detail != null) {
                fields.put("detail", "");
                collect(fields, "detail.", detail.present(DeliveryField.OF_DETAIL));
                collect(fields, "detail.eventBody.", detail.present(DeliveryField.OF_BODY));
            }
            return fields;
        });
    }

    private static void collect(Map<String, Object> fields, String path, Map<DeliveryField, Object> present) {
        present.forEach((field, value) -> fields.put(path + field.jsonName(), value));
    }

    private static Object bound(byte[] json) {
        return result(() -> {
            BoundDelivery delivery =
                    Json.read(json, BoundDelivery.class, "an EventBridge envelope or a data-action body");
            Map<String, Object> fields = new TreeMap<>();
            collect(fields, "", delivery);
            if (delivery.detail() != null) {
                fields.put("detail", "");
                collect(fields, "detail.", delivery.detail());
                if (delivery.detail().eventBody() != null) {
                    collect(fields, "detail.eventBody.", delivery.detail().eventBody());
                }
            }
            return fields;
        });
    }

    private static void collect(Map<String, Object> fields, String path, Record record) {
        for (RecordComponent component : record.getClass().getRecordComponents()) {
            JsonProperty name = component.getAccessor().getAnnotation(JsonProperty.class);
            String field = name == null ? component.getName() : name.value();
            Object value = value(component, record);
            boolean isId = BLANK_IS_ABSENT.contains(field) && !(path.isEmpty() && field.equals("userId"));
            if (value != null
                    && !(value instanceof Record)
                    && !(isId && value.toString().isBlank())) {
                fields.put(path + field, value);
            }
        }
    }

    private static @Nullable Object value(RecordComponent component, Record record) {
        try {
            return component.getAccessor().invoke(record);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("Expected to read " + component + ", but failed", e);
        }
    }

    private static Object result(Supplier<Object> reading) {
        try {
            return reading.get();
        } catch (UnreadableRecordException e) {
            return String.valueOf(e.getMessage());
        }
    }

    /** Changes the value of a field, repeats or renames a field, or changes a byte. */
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

    /** Finds, for each field, the start of the name, the start of the value and, unless it is an object, its end. */
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
