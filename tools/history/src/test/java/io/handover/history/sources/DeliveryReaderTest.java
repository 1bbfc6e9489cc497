package io.handover.history.sources;

import static io.handover.history.sources.Envelopes.customerEnd;
import static io.handover.history.sources.Envelopes.dataAction;
import static io.handover.history.sources.Envelopes.json;
import static io.handover.history.sources.Envelopes.millis;
import static io.handover.history.sources.Envelopes.text;
import static io.handover.history.sources.Envelopes.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import io.handover.schema.ClockTick;
import io.handover.schema.HandoverSerdes;
import io.handover.schema.RecordKind;
import io.handover.schema.Topics;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeliveryReaderTest {

    private static final String A = customerEnd("a", 1);
    private static final String B = customerEnd("b", 2);

    private final DeliveryReader all = new DeliveryReader(Selection.ALL);

    @Test
    void shouldReadWhatTheBridgeWouldHaveStored() {
        // When
        Chunk chunk = read(all, A, dataAction("c", 3));
        // Then
        assertThat(json(chunk.deliveries)).containsExactly(A, dataAction("c", 3));
        assertThat(chunk.deliveries).extracting(PastDelivery::key).containsExactly("a", "c");
        assertThat(chunk.deliveries).extracting(PastDelivery::time).containsExactly(millis(1), millis(3));
        assertThat(chunk.deliveries).extracting(PastDelivery::number).containsExactly(1L, 2L);
        assertThat(chunk.deliveries).extracting(PastDelivery::source).containsOnly("file");
        assertThat(chunk.broken).isEmpty();
        assertThat(chunk.unwanted).isZero();
    }

    @Test
    void shouldCountWhatTheBridgeWouldNotHaveStored() {
        // When
        Chunk chunk = read(
                all,
                A.replace("customer.end", "attributes"),
                A.replace("\"MESSAGE\"", "\"VOICE\""),
                "{\"detail-type\":\"v2.audits\",\"detail\":{}}");
        // Then
        assertThat(chunk.deliveries).isEmpty();
        assertThat(chunk.unwanted).isEqualTo(3);
        assertThat(chunk.broken).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = ';',
            value = {
                "{\"x\":1}; but found neither",
                "7; it is no JSON object",
                "{\"detail\":; it is broken JSON at line 1",
                "{\"detail\":{}}; Expected a conversation id, but found none",
                "{\"detail\":{\"topicName\":\"v2.detail.events.conversation.a.acw\"}}; Expected 'time' to say when",
                "{\"time\":\"noon\",\"detail\":{\"topicName\":\"v2.detail.events.conversation.a.acw\"}}; Expected 'time'",
            })
    void shouldSayWhatIsBroken(String json, String reason) {
        // When
        Chunk chunk = read(all, A, json, B);
        // Then
        assertThat(json(chunk.deliveries)).containsExactly(A, B);
        assertThat(chunk.broken).singleElement().satisfies(broken -> {
            assertThat(broken.source()).isEqualTo("file");
            assertThat(broken.number()).isEqualTo(2);
            assertThat(text(broken.content())).isEqualTo(json);
            assertThat(broken.reason()).contains(reason);
        });
    }

    @Test
    void shouldTakeInvalidUtf8ForBroken() {
        // Given
        byte[] invalid = utf8(A.replace("MESSAGE", "MESSAGE#"));
        invalid[A.indexOf("MESSAGE") + 7] = (byte) 0xC3;
        // When
        Chunk chunk = all.read("file", List.of(new RawEntry(1, invalid, null)));
        // Then
        assertThat(chunk.deliveries).isEmpty();
        assertThat(chunk.broken)
                .singleElement()
                .satisfies(broken -> assertThat(broken.content()).isEqualTo(invalid));
    }

    @Test
    void shouldPassOnWhatWasBrokenBefore() {
        // When
        Chunk chunk = all.read("file", List.of(new RawEntry(7, utf8("{\"x"), "too long")));
        // Then
        assertThat(chunk.broken).extracting(BrokenEntry::reason).containsExactly("too long");
    }

    @Test
    void shouldReadEachOfSeveralOnALine() {
        // When
        Chunk chunk = read(all, A + B + ", " + A, A + "{\"x\":1}" + B, A + " and more");
        // Then
        assertThat(json(chunk.deliveries)).containsExactly(A, B, A, A, B, A);
        assertThat(chunk.deliveries).extracting(PastDelivery::number).containsExactly(1L, 1L, 1L, 2L, 2L, 3L);
        assertThat(chunk.broken).extracting(broken -> text(broken.content())).containsExactly("{\"x\":1}", "and more");
    }

    @Test
    void shouldLeaveOutWhatIsNotSelected() {
        // Given
        DeliveryReader from1To3 = new DeliveryReader(new Selection(millis(1), millis(3), null, null));
        DeliveryReader onlyB = new DeliveryReader(new Selection(Long.MIN_VALUE, Long.MAX_VALUE, "b", null));
        DeliveryReader organization =
                new DeliveryReader(new Selection(Long.MIN_VALUE, Long.MAX_VALUE, null, "organization-1"));
        String other = B.replace("organization-1", "organization-2");
        String[] lines = {customerEnd("a", 0), A, B, customerEnd("c", 3), other, dataAction("a", 2)};
        // When / Then
        assertThat(json(read(from1To3, lines).deliveries)).containsExactly(A, B, other, dataAction("a", 2));
        assertThat(json(read(onlyB, lines).deliveries)).containsExactly(B, other);
        assertThat(json(read(organization, lines).deliveries))
                .containsExactly(lines[0], A, B, customerEnd("c", 3), dataAction("a", 2));
    }

    @Test
    void shouldReadOfATopicWhatTheApplicationReads() {
        // Given
        byte[] tick = HandoverSerdes.clockTickSerializer().serialize(Topics.EVENTS, new ClockTick(0, Instant.EPOCH));
        // When
        Chunk chunk = all.read(
                "events-0",
                List.of(
                        record(10, 1_000, "key", utf8(A)),
                        record(11, 1_001, null, utf8(B)),
                        record(12, 1_002, null, tick, RecordKind.CLOCK_TICK.header()),
                        record(13, 1_003, " ", utf8(A)),
                        record(14, 1_004, "key", utf8(A.replace("customer.end", "attributes"))),
                        record(15, 1_005, "key", utf8("broken")),
                        record(16, 1_006, "key", null)));
        // Then
        assertThat(chunk.deliveries).extracting(PastDelivery::number).containsExactly(10L, 11L, 12L, 13L, 14L);
        assertThat(chunk.deliveries)
                .extracting(PastDelivery::time)
                .containsExactly(1_000L, 1_001L, 1_002L, 1_003L, 1_004L);
        assertThat(chunk.deliveries).extracting(PastDelivery::key).containsExactly("key", "b", null, null, null);
        assertThat(chunk.deliveries.subList(2, 5))
                .extracting(PastDelivery::delivery)
                .containsOnlyNulls();
        assertThat(chunk.unwanted).isEqualTo(2);
        assertThat(chunk.broken).extracting(BrokenEntry::number).containsExactly(15L, 16L);
        assertThat(chunk.broken.get(1).content()).isEmpty();
    }

    @Test
    void shouldSelectRecordsByTheirOwnTime() {
        // Given
        DeliveryReader reader = new DeliveryReader(new Selection(1_001, 1_003, null, null));
        // When
        Chunk chunk = reader.read(
                "events-0",
                List.of(
                        record(1, 1_000, "a", utf8(A)),
                        record(2, 1_001, "a", utf8(A)),
                        record(3, 1_002, "a", utf8(A)),
                        record(4, 1_003, "a", utf8(A))));
        // Then
        assertThat(chunk.deliveries).extracting(PastDelivery::number).containsExactly(2L, 3L);
    }

    private static ConsumerRecord<byte[], byte[]> record(
            long offset, long time, @Nullable String key, byte @Nullable [] value, Header... headers) {
        return new ConsumerRecord<>(
                Topics.EVENTS,
                0,
                offset,
                time,
                TimestampType.CREATE_TIME,
                0,
                0,
                key == null ? null : utf8(key),
                value,
                new RecordHeaders(headers),
                Optional.empty());
    }

    private static Chunk read(DeliveryReader reader, String... lines) {
        List<RawEntry> entries = Arrays.stream(lines)
                .map(line -> new RawEntry(Arrays.asList(lines).indexOf(line) + 1, utf8(line), null))
                .toList();
        return reader.read("file", entries);
    }
}
