package io.handover.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class HandoverSerdesTest {

    private final Deserializer<HandoverRecord> records = HandoverSerdes.recordDeserializer();
    private final Serde<HandoverCommand> commands = HandoverSerdes.commands();
    private final Headers headers = new RecordHeaders();

    @Test
    void shouldReadBackAClockTick() {
        // When
        byte[] json = HandoverSerdes.clockTickSerializer().serialize(Topics.EVENTS, headers, SampleRecords.TICK);

        // Then
        assertThat(texts(headers)).containsExactly(Map.entry("handover-record", "clock-tick"));
        assertThat(json).asString().isEqualTo("{\"partition\":3,\"time\":\"2026-03-02T09:25:10.250Z\"}");
        assertThat(records.deserialize(Topics.EVENTS, headers, json)).isEqualTo(SampleRecords.TICK);
    }

    static Stream<AgentProfile> profiles() {
        return Stream.of(SampleRecords.PROFILE, SampleRecords.UNKNOWN_AGENT);
    }

    @ParameterizedTest
    @MethodSource("profiles")
    void shouldReadBackAnAgentProfile(AgentProfile profile) {
        // When
        byte[] json = HandoverSerdes.agentProfileSerializer().serialize(Topics.EVENTS, headers, profile);

        // Then
        assertThat(texts(headers)).containsExactly(Map.entry("handover-record", "agent-profile"));
        assertThat(records.deserialize(Topics.EVENTS, headers, json)).isEqualTo(profile);
    }

    @Test
    void shouldReadBackAnOperatorsOrder() {
        // When
        byte[] json = HandoverSerdes.operatorOrderSerializer().serialize(Topics.EVENTS, headers, SampleRecords.ORDER);

        // Then
        assertThat(texts(headers)).containsExactly(Map.entry("handover-record", "operator-order"));
        assertThat(json)
                .asString()
                .isEqualTo(
                        "{\"orderId\":\"3f1f0c5e-7a0d-4b52-9f55-6c1f2b8f9a10\",\"conversationId\":\"conversation-1\","
                                + "\"cycle\":2,\"action\":\"end\",\"operator\":\"ada\",\"reason\":\"The chat is over.\","
                                + "\"orderedAt\":\"2026-03-02T09:25:10.250Z\"}");
        assertThat(records.deserialize(Topics.EVENTS, headers, json)).isEqualTo(SampleRecords.ORDER);
    }

    static Stream<HandoverCommand> commands() {
        return Stream.of(
                SampleRecords.ENDED, SampleRecords.ENDED_PLAIN, SampleRecords.UPDATED, SampleRecords.UPDATED_PLAIN);
    }

    @ParameterizedTest
    @MethodSource("commands")
    void shouldReadBackACommand(HandoverCommand command) {
        // When
        byte[] json = commands.serializer().serialize(Topics.COMMANDS, headers, command);

        // Then
        assertThat(commands.deserializer().deserialize(Topics.COMMANDS, headers, json))
                .isEqualTo(command);
    }

    @ParameterizedTest
    @MethodSource("commands")
    void shouldWriteACommandAsDataBindingDoes(HandoverCommand command) {
        // When
        byte[] json = commands.serializer().serialize(Topics.COMMANDS, headers, command);

        // Then
        assertThat(json).asString().isEqualTo(new String(Json.write((Object) command), StandardCharsets.UTF_8));
    }

    @Test
    void shouldWriteACommandInAFixedOrder() {
        // When
        byte[] json = commands.serializer().serialize(Topics.COMMANDS, headers, SampleRecords.ENDED);

        // Then
        assertThat(json)
                .asString()
                .isEqualTo("{\"type\":\"handover-ended\",\"id\":\"6b0c7c1e-6f0b-5a57-9d55-3f6d6f1f2a10\","
                        + "\"conversationId\":\"conversation-1\",\"cycle\":1,\"userId\":\"customer-0001\","
                        + "\"organizationId\":\"example-organisation\",\"occurredAt\":\"2026-03-02T09:25:00.000Z\","
                        + "\"decidedAt\":\"2026-03-02T09:25:00.480Z\",\"reason\":\"customer-end\",\"evidence\":["
                        + "{\"topic\":\"acw\",\"eventTime\":\"2026-03-02T09:24:00.000Z\"},"
                        + "{\"topic\":\"customer.end\",\"eventId\":\"event-1\","
                        + "\"eventTime\":\"2026-03-02T09:25:00.000Z\",\"disconnectType\":\"PEER\"}]}");
    }

    @Test
    void shouldGiveACommandTheHeadersOfACloudEvent() {
        // When
        commands.serializer().serialize(Topics.COMMANDS, headers, SampleRecords.ENDED);

        // Then
        assertThat(texts(headers))
                .containsExactly(
                        Map.entry("ce_id", "6b0c7c1e-6f0b-5a57-9d55-3f6d6f1f2a10"),
                        Map.entry("ce_source", "urn:handover:streams-app"),
                        Map.entry("ce_specversion", "1.0"),
                        Map.entry("ce_time", "2026-03-02T09:25:00.000Z"),
                        Map.entry("ce_type", "io.handover.handover-ended"),
                        Map.entry("content-type", "application/json; charset=UTF-8"));
    }

    @Test
    void shouldReplaceHeadersThatCameWithTheCause() {
        // Given
        headers.add("ce_id", utf8("of-another-event")).add("content-type", utf8("text/plain"));

        // When
        commands.serializer().serialize(Topics.COMMANDS, headers, SampleRecords.UPDATED);

        // Then
        assertThat(headers.headers("ce_id"))
                .singleElement()
                .satisfies(header -> assertThat(header.value()).asString().isEqualTo(SampleRecords.UPDATED.id()));
        assertThat(headers.headers("content-type")).hasSize(1);
    }

    @Test
    void shouldReadARecordWithoutAHeaderAsADelivery() {
        // When
        HandoverRecord record = records.deserialize(Topics.EVENTS, headers, Fixtures.read("acw"));

        // Then
        assertThat(record).isEqualTo(Delivery.read(Fixtures.read("acw")));
    }

    @Test
    void shouldReadADeliveryByItsHeader() {
        // Given
        headers.add(RecordKind.DELIVERY.header());

        // When
        HandoverRecord record = records.deserialize(Topics.EVENTS, headers, Fixtures.read("data-action-acw"));

        // Then
        assertThat(record).isInstanceOf(Delivery.class);
    }

    @Test
    void shouldRejectAKindThatDoesNotExist() {
        // Given
        headers.add(RecordKind.HEADER, utf8("weather"));

        // Then
        assertThatThrownBy(() -> records.deserialize(Topics.EVENTS, headers, Fixtures.read("acw")))
                .isInstanceOf(UnreadableRecordException.class)
                .hasMessage(
                        "Expected header handover-record to be delivery, clock-tick, agent-profile or operator-order, "
                                + "but it is 'weather'");
    }

    @Test
    void shouldRejectARecordWithoutAValue() {
        assertThatThrownBy(() -> records.deserialize(Topics.EVENTS, headers, (byte[]) null))
                .isInstanceOf(UnreadableRecordException.class)
                .hasMessage("Expected a record with a value, but it is null");
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', textBlock = """
            clock-tick,    `{"partition":1}`,                      Expected a clock tick, field 'time' is missing
            clock-tick,    `{"partition":1,"time":null}`,          Expected a clock tick, field 'time' is missing
            clock-tick,    `{"partition":1,"time":"secret"}`,      Expected a clock tick, field 'time' has a wrong value
            clock-tick,    `{"partition":1,"time":["secret"]}`,    Expected a clock tick, field 'time' has a wrong value
            agent-profile, `{"conversationId":"secret"}`,          Expected an agent profile, field 'agentId' is missing
            operator-order, `{"conversationId":"secret","cycle":1,"action":"end","operator":"a","reason":"b","orderedAt":"2026-03-02T09:25:10.250Z"}`, Expected an operator's order, field 'orderId' is missing
            operator-order, `{"orderId":"secret"}`,                Expected an operator's order, field 'orderId' has a wrong value
            operator-order, `{"action":"secret"}`,                 Expected an operator's order, field 'action' has a wrong value
            """)
    void shouldSayWhichFieldOfOurOwnRecordsIsWrong(String kind, String json, String expected, String reason) {
        // Given
        headers.add(RecordKind.HEADER, utf8(kind));

        // Then
        assertThatThrownBy(() -> records.deserialize(Topics.EVENTS, headers, utf8(json)))
                .isInstanceOf(UnreadableRecordException.class)
                .hasMessageStartingWith(expected)
                .hasMessageContaining(reason)
                .hasNoCause()
                .extracting(Throwable::getMessage)
                .asString()
                .doesNotContain("secret");
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', delimiter = '|', textBlock = """
            "type":"handover-ended",    | "type":"secret", | it is not such an object
            "type":"handover-ended",    | ``               | it is not such an object
            "cycle":1                   | "cycle":0        | it is not such an object
            "evidence":[                | "proof":[        | field 'evidence' is missing
            "topic":"customer.end"      | "secret":"x"     | field 'evidence.1.topic' is missing
            """)
    void shouldRejectACommandThatIsNone(String from, String to, String reason) {
        // Given
        String valid = new String(
                commands.serializer().serialize(Topics.COMMANDS, SampleRecords.ENDED), StandardCharsets.UTF_8);

        // Then
        assertThatThrownBy(() -> commands.deserializer().deserialize(Topics.COMMANDS, utf8(valid.replace(from, to))))
                .isInstanceOf(UnreadableRecordException.class)
                .hasMessageStartingWith("Expected a command, but ")
                .hasMessageContaining(reason)
                .extracting(Throwable::getMessage)
                .asString()
                .doesNotContain("secret");
    }

    @Test
    void shouldRejectACommandWithoutACycle() {
        // Given
        Instant time = Instant.EPOCH;

        // Then
        assertThatThrownBy(() -> new HandoverEnded("id", "conversation", 0, null, null, time, time, "idle", List.of()))
                .hasMessage("Expected cycle to be 1 or more, but it is 0");
    }

    private static Map<String, String> texts(Headers headers) {
        Map<String, String> texts = new TreeMap<>();
        for (Header header : headers) {
            texts.put(header.key(), new String(header.value(), StandardCharsets.UTF_8));
        }
        return texts;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
