package io.handover.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.handover.schema.Delivery.EventBody;
import io.handover.schema.DeliveryField.Kind;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class DeliveryTest {

    private static final String CONVERSATION = "0b9d1c52-4e0a-4a8e-9d0f-7a1c5e2f3b01";
    private static final String CUSTOMER = "customer-0001";

    @ParameterizedTest
    @CsvSource(textBlock = """
            customer-start,                         CUSTOMER_START, 09:15:00Z
            flow-start,                             FLOW_START,     09:15:01Z
            flow-outcome,                           FLOW_OUTCOME,   09:15:03Z
            flow-end,                               FLOW_END,       09:15:04Z
            acd-start,                              ACD_START,      09:15:05Z
            user-start,                             USER_START,     09:15:08Z
            user-end-declined,                      USER_END,       09:15:10Z
            acd-end-answered,                       ACD_END,        09:15:12Z
            acd-end-abandon,                        ACD_END,        09:15:40Z
            user-end-transfer,                      USER_END,       09:16:00Z
            user-end-client,                        USER_END,       09:20:00Z
            acw,                                    ACW,            09:20:10Z
            wrapup,                                 WRAPUP,         09:20:11Z
            customer-end,                           CUSTOMER_END,   09:20:20Z
            odd-detail-type-with-id,                CUSTOMER_END,   09:20:20Z
            odd-event-time-as-text,                 CUSTOMER_END,   09:20:20Z
            odd-no-message-type,                    CUSTOMER_END,   09:20:20Z
            odd-replay,                             CUSTOMER_END,   09:20:20Z
            odd-topic-name-unusable,                CUSTOMER_END,   09:20:20Z
            odd-unknown-values,                     CUSTOMER_END,   09:20:20Z
            odd-unknown-flow-values,                FLOW_END,       09:15:04Z
            """)
    void shouldReadEnvelopes(String fixture, EventType type, String eventTime) {
        // Given
        long eventTimeMs = Instant.parse("2026-03-02T" + eventTime).toEpochMilli();

        // When
        Delivery delivery = Delivery.read(Fixtures.read(fixture));

        // Then
        assertThat(delivery.type()).isEqualTo(type);
        assertThat(delivery.key()).isEqualTo(CONVERSATION);
        assertThat(delivery.conversationId()).isEqualTo(CONVERSATION);
        assertThat(delivery.organizationId()).isEqualTo("example-organisation");
        assertThat(delivery.body().eventTimeMs()).isEqualTo(eventTimeMs);
        assertThat(delivery.sentAtMs()).isEqualTo(eventTimeMs + 300);
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            data-action-acw,                        ACW,      ,                      customer-0001
            data-action-acw-with-conversation,      ACW,      2026-03-02T09:20:10Z,  0b9d1c52-4e0a-4a8e-9d0f-7a1c5e2f3b01
            data-action-user-end,                   USER_END, ,                      customer-0001
            data-action-user-end-with-conversation, USER_END, 2026-03-02T09:16:00Z,  0b9d1c52-4e0a-4a8e-9d0f-7a1c5e2f3b01
            """)
    void shouldReadDataActions(String fixture, EventType type, @Nullable Instant eventTime, String key) {
        // When
        Delivery delivery = Delivery.read(Fixtures.read(fixture));

        // Then
        assertThat(delivery.type()).isEqualTo(type);
        assertThat(delivery.key()).isEqualTo(key);
        assertThat(delivery.conversationId()).isEqualTo(key.equals(CUSTOMER) ? null : key);
        assertThat(delivery.customerId()).isEqualTo(CUSTOMER);
        assertThat(delivery.organizationId()).isNull();
        assertThat(delivery.body().eventTimeMs()).isEqualTo(eventTime == null ? null : eventTime.toEpochMilli());
        assertThat(delivery.sentAtMs()).isNull();
        assertThat(delivery.timeMs()).isNull();
    }

    @Test
    void shouldHaveAFixtureOfEveryEventType() {
        // When
        Set<EventType> types = Fixtures.names()
                .map(fixture -> Delivery.read(Fixtures.read(fixture)).type())
                .collect(Collectors.toSet());

        // Then
        assertThat(types).containsExactlyInAnyOrder(EventType.values());
    }

    @Test
    void shouldReadEveryFieldOfTheBody() {
        // When
        Delivery delivery = Delivery.read(Fixtures.read("user-end-client"));

        // Then
        assertThat(delivery.eventId()).isEqualTo("e0000000-0000-4000-8000-000000000011");
        assertThat(delivery.topic()).isEqualTo("v2.detail.events.conversation." + CONVERSATION + ".user.end");
        EventBody body = delivery.body();
        assertThat(body.eventTimeMs())
                .isEqualTo(Instant.parse("2026-03-02T09:20:00Z").toEpochMilli());
        assertThat(body.conversationId()).isEqualTo(CONVERSATION);
        assertThat(body.participantId()).isEqualTo("a2b3c4d5-0e1f-4a2b-8c3d-4e5f6a7b8c03");
        assertThat(body.sessionId()).isEqualTo("a2b3c4d5-0e1f-4a2b-8c3d-4e5f6a7b8c04");
        assertThat(body.mediaType()).isEqualTo("MESSAGE");
        assertThat(body.messageType()).isEqualTo("OPEN");
        assertThat(body.addressTo()).isEqualTo(CUSTOMER);
        assertThat(body.addressFrom()).isEqualTo("6b5a4f3e-2d1c-4b0a-8f9e-8d7c6b5a4f31");
        assertThat(body.userId()).isEqualTo("5c7e9a1b-3d2f-4b6a-8c0d-1e2f3a4b5c62");
        assertThat(body.queueId()).isEqualTo("9e8d7c6b-5a4f-4e3d-8c2b-1a0f9e8d7c61");
        assertThat(body.disconnectType()).isEqualTo("CLIENT");
        assertThat(body.acdOutcome()).isNull();
        assertThat(body.answeredUserId()).isNull();
        assertThat(body.flowType()).isNull();
        assertThat(body.exitReason()).isNull();
        assertThat(body.transferType()).isNull();
        assertThat(body.interactingDurationMs()).isEqualTo(230_000L);
        assertThat(body.heldDurationMs()).isEqualTo(1_000L);
        assertThat(body.alertingDurationMs()).isEqualTo(3_000L);
        assertThat(body.contactingDurationMs()).isZero();
        assertThat(body.dialingDurationMs()).isZero();
        assertThat(body.callbackDurationMs()).isZero();
    }

    /** Gives every field another value, so that an accessor of the wrong field fails. */
    @Test
    void shouldGiveEveryFieldOfTheBodyByItsName() throws ReflectiveOperationException {
        // Given
        Map<String, Object> values = new LinkedHashMap<>();
        for (DeliveryField field : DeliveryField.OF_BODY) {
            boolean isText = Set.of(Kind.TEXT, Kind.BOUNDED_TEXT, Kind.ID).contains(field.kind());
            values.put(field.jsonName(), isText ? "a " + field.jsonName() : 1_000L + values.size());
        }
        String json = "{\"detail\":{\"eventBody\":" + new JsonMapper().valueToTree(values) + "}}";

        // When
        EventBody body = Delivery.read(utf8(json)).body();

        // Then
        for (Map.Entry<String, Object> value : values.entrySet()) {
            String accessor = value.getKey().equals("eventTime") ? "eventTimeMs" : value.getKey();
            assertThat(EventBody.class.getMethod(accessor).invoke(body))
                    .as(accessor)
                    .isEqualTo(value.getValue());
        }
    }

    @Test
    void shouldReadHowAQueueEnded() {
        // When
        EventBody body = Delivery.read(Fixtures.read("acd-end-answered")).body();

        // Then
        assertThat(body.acdOutcome()).isEqualTo("ANSWERED");
        assertThat(body.answeredUserId()).isEqualTo("5c7e9a1b-3d2f-4b6a-8c0d-1e2f3a4b5c61");
    }

    @Test
    void shouldReadHowAFlowEnded() {
        // When
        EventBody body = Delivery.read(Fixtures.read("flow-end")).body();

        // Then
        assertThat(body.flowType()).isEqualTo("INBOUNDSHORTMESSAGE");
        assertThat(body.exitReason()).isEqualTo("TRANSFER");
        assertThat(body.transferType()).isEqualTo("ACD");
    }

    @Test
    void shouldAcceptOddities() {
        // When
        Delivery replayed = Delivery.read(Fixtures.read("odd-replay"));
        Delivery unknown = Delivery.read(Fixtures.read("odd-unknown-values"));
        Delivery unknownFlow = Delivery.read(Fixtures.read("odd-unknown-flow-values"));
        Delivery withoutMessageType = Delivery.read(Fixtures.read("odd-no-message-type"));

        // Then
        assertThat(replayed.replayName()).isEqualTo("replay-of-march");
        assertThat(unknown.body().disconnectType()).isEqualTo("TELEPORTED");
        assertThat(unknownFlow.body().flowType()).isEqualTo("INBOUNDHOLOGRAM");
        assertThat(unknownFlow.body().exitReason()).isEqualTo("EVAPORATED");
        assertThat(unknownFlow.body().transferType()).isEqualTo("MOON");
        assertThat(withoutMessageType.body().messageType()).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"detail\":{}}",
                "{\"detail\":{\"eventBody\":null}}",
                "{\"detail\":{\"topicName\":\"v2.detail.events.conversation.{id}.attributes\"}}",
                "{\"detail\":{\"topicName\":\"v2.detail.events.conversation\"}}",
                "{\"detail\":{\"topicName\":\"v2.audits\"},\"detail-type\":\"v2.audits\"}",
                "{\"topic\":\"v2.detail.events.conversation.id.nonsense\"}"
            })
    void shouldReadUnknownTopics(String json) {
        // When
        Delivery delivery = Delivery.read(utf8(json));

        // Then
        assertThat(delivery.type()).isNull();
        assertThat(delivery.key()).isNull();
        assertThat(delivery.organizationId()).isNull();
        assertThat(delivery.body().eventTimeMs()).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "true",
                "1.5",
                "\"\"",
                "\"yesterday\"",
                "\"2026-03-02T09:15:00\"",
                "{\"a\":[1]}",
                "[1,{\"b\":2}]",
                "-1",
                "253402300800000",
                "9223372036854775807",
                "9223372036854775808",
                "\"+10000-01-01T00:00:00Z\""
            })
    void shouldReadAnUnusableTimeAsAbsent(String eventTime) {
        // When
        Delivery delivery = Delivery.read(utf8("{\"detail\":{\"eventBody\":{\"eventTime\":" + eventTime
                + ",\"conversationId\":\"conversation-1\"}}}"));

        // Then
        assertThat(delivery.body().eventTimeMs()).isNull();
        assertThat(delivery.key()).isEqualTo("conversation-1");
    }

    @Test
    void shouldFallBackToTheTimeOfTheEnvelope() {
        // When
        Delivery delivery = Delivery.read(utf8("{\"time\":\"2026-03-02T09:15:00Z\",\"detail\":{}}"));

        // Then
        assertThat(delivery.sentAtMs())
                .isEqualTo(Instant.parse("2026-03-02T09:15:00Z").toEpochMilli());
    }

    @Test
    void shouldNotReadTheTimeOfADataActionAsTheTimeOfSending() {
        // When
        Delivery delivery = Delivery.read(
                utf8(
                        "{\"time\":\"2026-03-02T09:15:00.123Z\",\"topic\":\"v2.detail.events.conversation.id.acw\",\"userId\":\"c\"}"));

        // Then
        assertThat(delivery.timeMs())
                .isEqualTo(Instant.parse("2026-03-02T09:15:00.123Z").toEpochMilli());
        assertThat(delivery.sentAtMs()).isNull();
    }

    @Test
    void shouldAcceptTheLargestTextThatEventBridgeSends() {
        // Given
        String padding = "x".repeat(1024 * 1024);

        // When
        Delivery delivery =
                Delivery.read(utf8("{\"detail\":{\"eventBody\":{\"conversationId\":\"conversation-1\",\"subject\":\""
                        + padding + "\"}}}"));

        // Then
        assertThat(delivery.key()).isEqualTo("conversation-1");
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("unreadable")
    void shouldSayWhatIsWrongButNeverQuoteIt(String json, String reason) {
        assertThatThrownBy(() -> Delivery.read(utf8(json)))
                .isInstanceOf(UnreadableRecordException.class)
                .hasMessageStartingWith("Expected an EventBridge envelope ")
                .hasMessageContaining(reason)
                .hasStackTraceContaining(reason)
                .hasNoCause()
                .extracting(Throwable::getMessage)
                .asString()
                .doesNotContain("secret");
    }

    static Stream<Arguments> unreadable() {
        String valid = new String(Fixtures.read("customer-end"), StandardCharsets.UTF_8);
        return Stream.of(
                Arguments.of("", "it is empty"),
                Arguments.of("  \n", "it is empty"),
                Arguments.of("null", "it is no JSON object"),
                Arguments.of("[\"secret\"]", "it is no JSON object"),
                Arguments.of("\"secret\"", "it is no JSON object"),
                Arguments.of("secret", "it is broken JSON at line 1"),
                Arguments.of(valid.substring(0, valid.length() / 2), "it is broken JSON at line"),
                Arguments.of("{\"detail\":{\"eventBody\":{\"userId\":secret}}}", "it is broken JSON at line 1"),
                Arguments.of(valid + "{\"secret\":1}", "something follows it at line"),
                Arguments.of(valid + "secret", "it is broken JSON at line"),
                Arguments.of("{\"detail\":\"secret\"}", "field 'detail' has a wrong value at line 1"),
                Arguments.of("{\"detail\":[\"secret\"]}", "field 'detail' has a wrong value at line 1"),
                Arguments.of(
                        "{\"detail\":{\"eventBody\":{\"userId\":{\"secret\":1}}}}",
                        "field 'detail.eventBody.userId' has a wrong value"),
                Arguments.of(
                        "{\"detail\":{\"eventBody\":{\"heldDurationMs\":\"secret\"}}}",
                        "field 'detail.eventBody.heldDurationMs' has a wrong value"),
                Arguments.of(
                        "{\"secret\":" + "[".repeat(1000) + "]".repeat(1000) + "}", "it is nested too deep or a part"),
                Arguments.of("{\"secret\":" + "7".repeat(2000) + ",\"detail\":{}}", "it is nested too deep or a part"),
                Arguments.of("{\"secret\":1}", "with 'detail' or a data-action body with 'topic', but found neither"),
                Arguments.of("{\"detail\":null}", "but found neither"));
    }

    @Test
    void shouldFindTheTypeOfEveryTopic() {
        // Given
        String[] prefixes = {
            "v2.detail.events.conversation.{id}.",
            "v2.detail.events.conversation.id.",
            "v2.detail.events.conversation." + CONVERSATION + "."
        };

        // Then
        for (EventType type : EventType.values()) {
            assertThat(Arrays.stream(prefixes).map(prefix -> EventType.ofTopic(prefix + type.suffix())))
                    .containsOnly(type);
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @ValueSource(strings = {"conversationId", "participantId", "sessionId", "userId", "addressTo", "answeredUserId"})
    void shouldRejectATextThatWouldInflateTheState(String field) {
        // Given
        String delivery = "{\"detail\":{\"eventBody\":{\"" + field + "\":\"" + "x".repeat(257) + "\"}}}";
        // When / Then
        assertThatThrownBy(() -> Delivery.read(delivery.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(UnreadableRecordException.class)
                .hasMessageContaining("field '" + field + "' of at most 256 characters");
    }

    @Test
    void shouldReadABlankIdAsAbsent() {
        // Given
        String delivery = "{\"detail\":{\"eventBody\":{\"conversationId\":\"c\",\"sessionId\":\"\",\"userId\":\" \"}}}";
        // When
        EventBody body =
                Delivery.read(delivery.getBytes(StandardCharsets.UTF_8)).body();
        // Then
        assertThat(body.sessionId()).isNull();
        assertThat(body.userId()).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = ';',
            value = {
                "{\"topicName\":\"v2.detail.events.conversation.c.acw\"}; WANTED",
                "{\"topicName\":\"v2.detail.events.conversation.c.acw\",\"eventBody\":{\"mediaType\":\"MESSAGE\",\"messageType\":\"OPEN\"}}; WANTED",
                "{\"topicName\":\"v2.detail.events.conversation.c.acw\",\"eventBody\":{\"mediaType\":\"VOICE\"}}; OTHER_MEDIA",
                "{\"topicName\":\"v2.detail.events.conversation.c.acw\",\"eventBody\":{\"messageType\":\"SMS\"}}; OTHER_MEDIA",
                "{\"topicName\":\"v2.detail.events.conversation.c.attributes\"}; OTHER_TOPIC",
                "{\"topicName\":\"v2.audits\"}; OTHER_TOPIC",
                "{\"topicName\":\"v2.audits\",\"eventBody\":{\"mediaType\":\"VOICE\"}}; OTHER_TOPIC",
                "{\"topicName\":\"v2.detail.events.conversation.{id}.acw\"}; NO_KEY",
                "{\"topicName\":\"v2.detail.events.conversation.{id}.acw\",\"eventBody\":{\"mediaType\":\"VOICE\"}}; NO_KEY",
                "{}; NO_KEY",
                "{\"eventBody\":{\"conversationId\":\"c\"}}; OTHER_TOPIC",
                "{\"eventBody\":{\"conversationId\":\"c\",\"mediaType\":\"VOICE\"}}; OTHER_MEDIA",
            })
    void shouldSayWhetherADeliveryIsUsed(String detail, Delivery.Relevance relevance) {
        assertThat(Delivery.read(utf8("{\"detail\":" + detail + "}")).relevance())
                .isEqualTo(relevance);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "\"2026-03-02T09:15:00Z\", 2026-03-02T09:15:00Z",
                "\"2026-03-02T10:15:00.25+01:00\", 2026-03-02T09:15:00.250Z",
                "\"soon\",",
                "\"\",",
                "7,",
                "{},",
                "null,",
            })
    void shouldReadTheTimeOfTheEnvelope(String time, @Nullable Instant expected) {
        // When
        Delivery delivery =
                Delivery.read(utf8("{\"time\":" + time + ",\"detail\":{\"timestamp\":\"2026-03-02T08:00:00Z\"}}"));
        // Then
        assertThat(delivery.timeMs()).isEqualTo(expected == null ? null : expected.toEpochMilli());
    }
}
