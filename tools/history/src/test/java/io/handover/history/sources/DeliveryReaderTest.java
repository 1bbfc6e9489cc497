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
import io.handover.schema.OperatorOrder;
import io.handover.schema.RecordKind;
import io.handover.schema.Topics;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
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

    private final DeliveryReader all = new DeliveryReader(DeliveryFilter.ALL);

    @Test
    void shouldReadWhatTheBridgeWouldHaveStored() {
        // When
        LogPiece piece = read(all, A, dataAction("c", 3));
        // Then
        assertThat(json(piece.deliveries)).containsExactly(A, dataAction("c", 3));
        assertThat(piece.deliveries).extracting(PastDelivery::key).containsExactly("a", "c");
        assertThat(piece.deliveries).extracting(PastDelivery::time).containsExactly(millis(1), millis(3));
        assertThat(piece.deliveries).extracting(PastDelivery::number).containsExactly(1L, 2L);
        assertThat(piece.deliveries).extracting(PastDelivery::source).containsOnly("file");
        assertThat(piece.broken).isEmpty();
        assertThat(piece.count.unwanted()).isZero();
    }

    @Test
    void shouldCountWhatTheBridgeWouldNotHaveStored() {
        // When
        LogPiece piece = read(
                all,
                A.replace("customer.end", "attributes"),
                A.replace("\"MESSAGE\"", "\"VOICE\""),
                "{\"detail-type\":\"v2.audits\",\"detail\":{}}");
        // Then
        assertThat(piece.deliveries).isEmpty();
        assertThat(piece.count.unwanted()).isEqualTo(3);
        assertThat(piece.count.leftOut()).isEqualTo("2 of another topic and 1 of another medium");
        assertThat(piece.count.hasWanted()).isFalse();
        assertThat(piece.broken).isEmpty();
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
                "{\"detail\":{\"topicName\":\"v2.detail.events.conversation.a.acw\"}}; Expected 'time' (when it arrived)",
                "{\"time\":\"noon\",\"detail\":{\"topicName\":\"v2.detail.events.conversation.a.acw\"}}; Expected 'time'",
            })
    void shouldSayWhatIsBroken(String json, String reason) {
        // When
        LogPiece piece = read(all, A, json, B);
        // Then
        assertThat(json(piece.deliveries)).containsExactly(A, B);
        assertThat(piece.broken).singleElement().satisfies(broken -> {
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
        LogPiece piece = all.read("file", List.of(new RawEntry(1, invalid, null)));
        // Then
        assertThat(piece.deliveries).isEmpty();
        assertThat(piece.broken)
                .singleElement()
                .satisfies(broken -> assertThat(broken.content()).isEqualTo(invalid));
    }

    @Test
    void shouldPassOnWhatWasBrokenBefore() {
        // When
        LogPiece piece = all.read("file", List.of(new RawEntry(7, utf8("{\"x"), "too long")));
        // Then
        assertThat(piece.broken).extracting(BrokenEntry::reason).containsExactly("too long");
    }

    @Test
    void shouldReadEachOfSeveralOnALine() {
        // When
        LogPiece piece = read(all, A + B + ", " + A, A + "{\"x\":1}" + B, A + " and more");
        // Then
        assertThat(json(piece.deliveries)).containsExactly(A, B, A, A, B, A);
        assertThat(piece.deliveries).extracting(PastDelivery::number).containsExactly(1L, 1L, 1L, 2L, 2L, 3L);
        assertThat(piece.broken).extracting(broken -> text(broken.content())).containsExactly("{\"x\":1}", "and more");
    }

    @Test
    void shouldLeaveOutWhatIsNotSelected() {
        // Given
        DeliveryReader from1To3 = new DeliveryReader(new DeliveryFilter(millis(1), millis(3), null, null));
        DeliveryReader onlyB = new DeliveryReader(new DeliveryFilter(Long.MIN_VALUE, Long.MAX_VALUE, "b", null));
        DeliveryReader organization =
                new DeliveryReader(new DeliveryFilter(Long.MIN_VALUE, Long.MAX_VALUE, null, "organization-1"));
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
        byte[] order = HandoverSerdes.operatorOrderSerializer()
                .serialize(
                        Topics.EVENTS,
                        new OperatorOrder(
                                new UUID(1, 2), "a", 1, OperatorOrder.Action.END, "ada", "test", Instant.EPOCH));
        byte[] tick = HandoverSerdes.clockTickSerializer().serialize(Topics.EVENTS, new ClockTick(0, Instant.EPOCH));
        // When
        LogPiece piece = all.read(
                "events-0",
                List.of(
                        record(10, 1_000, "key", utf8(A)),
                        record(11, 1_001, null, utf8(B)),
                        record(12, 1_002, null, tick, RecordKind.CLOCK_TICK.header()),
                        record(13, 1_003, " ", utf8(A)),
                        record(14, 1_004, "key", utf8(A.replace("customer.end", "attributes"))),
                        record(15, 1_005, "key", utf8("broken")),
                        record(16, 1_006, "key", null),
                        record(17, 1_007, "b", order, RecordKind.OPERATOR_ORDER.header())));
        // Then
        assertThat(piece.deliveries).extracting(PastDelivery::number).containsExactly(10L, 11L, 12L, 13L, 14L, 17L);
        assertThat(piece.deliveries)
                .extracting(PastDelivery::time)
                .containsExactly(1_000L, 1_001L, 1_002L, 1_003L, 1_004L, 1_007L);
        assertThat(piece.deliveries).extracting(PastDelivery::key).containsExactly("key", "b", null, null, null, "a");
        assertThat(piece.deliveries.subList(2, 5))
                .extracting(PastDelivery::delivery)
                .containsOnlyNulls();
        assertThat(piece.count.used())
                .isEqualTo("2 deliveries, 1 order of an operator and 1 record that only moves time");
        assertThat(piece.count.leftOut()).isEqualTo("1 of another topic and 1 without a conversation id");
        assertThat(piece.broken).extracting(BrokenEntry::number).containsExactly(15L, 16L);
        assertThat(piece.broken.get(1).content()).isEmpty();
    }

    @Test
    void shouldSelectRecordsByTheirOwnTime() {
        // Given
        DeliveryReader reader = new DeliveryReader(new DeliveryFilter(1_001, 1_003, null, null));
        // When
        LogPiece piece = reader.read(
                "events-0",
                List.of(
                        record(1, 1_000, "a", utf8(A)),
                        record(2, 1_001, "a", utf8(A)),
                        record(3, 1_002, "a", utf8(A)),
                        record(4, 1_003, "a", utf8(A))));
        // Then
        assertThat(piece.deliveries).extracting(PastDelivery::number).containsExactly(2L, 3L);
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

    private static LogPiece read(DeliveryReader reader, String... lines) {
        List<RawEntry> entries = Arrays.stream(lines)
                .map(line -> new RawEntry(Arrays.asList(lines).indexOf(line) + 1, utf8(line), null))
                .toList();
        return reader.read("file", entries);
    }
}
