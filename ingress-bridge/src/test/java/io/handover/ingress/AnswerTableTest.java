package io.handover.ingress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.handover.schema.RecordKind;
import io.handover.schema.Topics;
import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.BufferExhaustedException;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the contract with EventBridge row by row, and the metrics after each row. */
class AnswerTableTest {

    private static final int MIB = 1024 * 1024;
    private static final String EVENTBRIDGE = "Amazon/EventBridge/ApiDestinations";

    private BridgeFixture fixture = new BridgeFixture(true, Map.of("api.key.previous", "previous-key"));

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void shouldAnswer200WhenTheDeliveryIsStored() throws Exception {
        // Given
        byte[] body = Deliveries.customerEnd();

        // When
        HttpResponse<String> response = fixture.post(body);

        // Then
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEqualTo("{\"outcome\":\"stored\"}");
        fixture.assertAnswered(DeliveryOutcome.STORED);
        ProducerRecord<String, byte[]> stored = onlyRecord(Topics.EVENTS);
        assertThat(stored.key()).isEqualTo(Deliveries.CONVERSATION);
        assertThat(stored.value()).isEqualTo(body);
        assertThat(stored.timestamp()).isEqualTo(BridgeFixture.NOW.toEpochMilli());
        assertThat(header(stored, RecordKind.HEADER)).isEqualTo("delivery");
    }

    static Stream<Arguments> dataActions() {
        return Stream.of("acw", "user.end")
                .flatMap(topic -> Stream.of(
                        Arguments.argumentSet(topic, Deliveries.dataAction(topic, ""), Deliveries.CUSTOMER),
                        Arguments.argumentSet(
                                topic + " with a conversation",
                                Deliveries.dataAction(topic, ",\"conversationId\":\"" + Deliveries.CONVERSATION + "\""),
                                Deliveries.CONVERSATION),
                        Arguments.argumentSet(
                                topic + " with fields of its own",
                                Deliveries.dataAction(topic, ",\"queue\":{\"name\":\"Sales\"},\"zip\":[1, 2.50]"),
                                Deliveries.CUSTOMER)));
    }

    @ParameterizedTest
    @MethodSource("dataActions")
    void shouldStoreTheBodyOfTheOldDataActionUnchanged(byte[] body, String key) throws Exception {
        // Given
        // When
        HttpResponse<String> response = fixture.post(body);

        // Then
        assertThat(response.statusCode()).isEqualTo(200);
        fixture.assertAnswered(DeliveryOutcome.STORED);
        assertThat(onlyRecord(Topics.EVENTS).key()).isEqualTo(key);
        assertThat(onlyRecord(Topics.EVENTS).value()).isEqualTo(body);
    }

    @Test
    void shouldIgnoreTheContentType() throws Exception {
        // Given
        byte[] body = Deliveries.customerEnd();
        HttpRequest form = fixture.request(body)
                .setHeader("Content-Type", "application/x-www-form-urlencoded")
                .build();

        // When
        HttpResponse<String> response = fixture.send(form);

        // Then
        assertThat(response.statusCode()).isEqualTo(200);
        fixture.assertAnswered(DeliveryOutcome.STORED);
        assertThat(onlyRecord(Topics.EVENTS).value()).isEqualTo(body);
    }

    static Stream<Arguments> unwanted() {
        return Stream.of(
                Arguments.argumentSet(
                        "media", Deliveries.withBody(Deliveries.mediaType("VOICE")), DeliveryOutcome.UNWANTED_MEDIA),
                Arguments.argumentSet("topic", Deliveries.ofTopic("attributes"), DeliveryOutcome.UNWANTED_TOPIC));
    }

    @ParameterizedTest
    @MethodSource("unwanted")
    void shouldAnswer200ToAnUnwantedDelivery(byte[] body, DeliveryOutcome outcome) throws Exception {
        // Given
        // When
        HttpResponse<String> response = fixture.post(body);

        // Then
        assertThat(response.statusCode()).isEqualTo(200);
        fixture.assertAnswered(outcome);
        assertThat(fixture.producer.history()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"wrong-key", "Bearer current-key", "current-key2"})
    void shouldAnswer401ToAWrongKey(String key) throws Exception {
        // Given
        HttpRequest request = fixture.request(Deliveries.customerEnd())
                .setHeader("Authorization", key)
                .build();

        // When
        HttpResponse<String> response = fixture.send(request);

        // Then
        assertThat(response.statusCode()).isEqualTo(401);
        fixture.assertAnswered(DeliveryOutcome.UNAUTHORIZED);
        assertThat(fixture.producer.history()).isEmpty();
    }

    /** A 401 would make EventBridge de-authorize its connection. */
    @ParameterizedTest
    @ValueSource(strings = {EVENTBRIDGE, EVENTBRIDGE + "/2.0"})
    void shouldAnswer503ToAWrongKeyOfEventBridge(String userAgent) throws Exception {
        // Given
        HttpRequest request = fixture.request(Deliveries.customerEnd())
                .setHeader("Authorization", "wrong-key")
                .setHeader("User-Agent", userAgent)
                .build();

        // When
        HttpResponse<String> response = fixture.send(request);

        // Then
        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.headers().firstValue("retry-after")).contains("1");
        assertThat(response.body()).isEqualTo("{\"outcome\":\"unauthorized-eventbridge\"}");
        fixture.assertAnswered(DeliveryOutcome.UNAUTHORIZED_EVENTBRIDGE);
        assertThat(fixture.producer.history()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"curl/8.5.0", "Amazon/EventBridge", "curl/8.5.0 " + EVENTBRIDGE})
    void shouldAnswer401ToAWrongKeyOfAnotherUserAgent(String userAgent) throws Exception {
        // Given
        HttpRequest request = fixture.request(Deliveries.customerEnd())
                .setHeader("Authorization", "wrong-key")
                .setHeader("User-Agent", userAgent)
                .build();

        // When
        HttpResponse<String> response = fixture.send(request);

        // Then
        assertThat(response.statusCode()).isEqualTo(401);
        assertThat(response.headers().firstValue("retry-after")).isEmpty();
        assertThat(response.body()).isEqualTo("{\"outcome\":\"unauthorized\"}");
        fixture.assertAnswered(DeliveryOutcome.UNAUTHORIZED);
    }

    @Test
    void shouldNotRequestTheBodyOfASenderThatOnlyClaimsToBeEventBridge() throws Exception {
        // Given
        String request = """
                POST /handover/genesysCloudOM HTTP/1.1\r
                User-Agent: Amazon/EventBridge/ApiDestinations\r
                Expect: 100-continue\r
                Content-Length: 3\r
                \r
                """;

        // When
        String answer = fixture.exchange(request);

        // Then
        assertThat(answer).containsOnlyOnce("HTTP/1.1").contains(" 503 ", "retry-after: 1", "connection: close");
        fixture.assertAnswered(DeliveryOutcome.UNAUTHORIZED_EVENTBRIDGE);
    }

    @Test
    void shouldAnswer401WithoutAKeyEvenToATooLargeBody() throws Exception {
        // Given
        HttpRequest request = HttpRequest.newBuilder(fixture.uri(DeliveryEndpoint.PATH))
                .POST(HttpRequest.BodyPublishers.ofByteArray(new byte[2 * MIB]))
                .build();

        // When
        HttpResponse<String> response = fixture.send(request);

        // Then
        assertThat(response.statusCode()).isEqualTo(401);
        fixture.assertAnswered(DeliveryOutcome.UNAUTHORIZED);
        assertThat(fixture.producer.history()).isEmpty();
    }

    @Test
    void shouldAcceptThePreviousKeyDuringARotation() throws Exception {
        // Given
        HttpRequest request = fixture.request(Deliveries.customerEnd())
                .setHeader("Authorization", "previous-key")
                .build();

        // When
        HttpResponse<String> response = fixture.send(request);

        // Then
        assertThat(response.statusCode()).isEqualTo(200);
        fixture.assertAnswered(DeliveryOutcome.STORED);
    }

    @Test
    void shouldReadTheKeyFromTheConfiguredHeader() throws Exception {
        // Given
        restart(Map.of("api.key.header", "X-Api-Key"));
        HttpRequest request = fixture.request(Deliveries.customerEnd())
                .setHeader("Authorization", "Bearer something-else")
                .header("x-api-key", BridgeFixture.KEY)
                .build();

        // When
        HttpResponse<String> response = fixture.send(request);

        // Then
        assertThat(response.statusCode()).isEqualTo(200);
        fixture.assertAnswered(DeliveryOutcome.STORED);
    }

    @Test
    void shouldAnswer401ToTwoKeysThoughOneIsRight() throws Exception {
        // Given
        HttpRequest twice = fixture.request(Deliveries.customerEnd())
                .header("Authorization", "another-key")
                .build();

        // When
        HttpResponse<String> response = fixture.send(twice);

        // Then
        assertThat(response.statusCode()).isEqualTo(401);
        fixture.assertAnswered(DeliveryOutcome.UNAUTHORIZED);
        assertThat(fixture.producer.history()).isEmpty();
    }

    @Test
    void shouldAnswer415WhenTheSecondEncodingIsCompressed() throws Exception {
        // Given
        HttpRequest twice = fixture.request(Deliveries.customerEnd())
                .header("Content-Encoding", "identity")
                .header("Content-Encoding", "gzip")
                .build();

        // When
        HttpResponse<String> response = fixture.send(twice);

        // Then
        assertThat(response.statusCode()).isEqualTo(415);
        fixture.assertAnswered(DeliveryOutcome.COMPRESSED);
    }

    @Test
    void shouldAcceptASignedBody() throws Exception {
        // Given
        restart(Map.of("authentication", "hmac-sha256", "hmac.secret", "s", "hmac.encoding", "hex"));
        byte[] body = Deliveries.customerEnd();
        HttpRequest signed = fixture.request(body)
                .header("X-Hub-Signature-256", "sha256=" + Deliveries.signature("s", body))
                .build();

        // When
        HttpResponse<String> response = fixture.send(signed);

        // Then
        assertThat(response.statusCode()).isEqualTo(200);
        fixture.assertAnswered(DeliveryOutcome.STORED);
        assertThat(onlyRecord(Topics.EVENTS).value()).isEqualTo(body);
    }

    @Test
    void shouldAnswer401ToAWrongSignatureAndNotParseTheBody() throws Exception {
        // Given
        restart(Map.of("authentication", "hmac-sha256", "hmac.secret", "s", "hmac.encoding", "hex"));
        byte[] unreadable = Deliveries.unreadable();
        HttpRequest signed = fixture.request(unreadable)
                .header("X-Hub-Signature-256", "sha256=" + Deliveries.signature("another", unreadable))
                .build();

        // When
        HttpResponse<String> response = fixture.send(signed);

        // Then
        assertThat(response.statusCode()).isEqualTo(401);
        fixture.assertAnswered(DeliveryOutcome.UNAUTHORIZED);
        assertThat(fixture.producer.history()).isEmpty();
    }

    static Stream<Arguments> wrongSignatures() {
        byte[] unreadable = Deliveries.unreadable();
        return Stream.of(
                Arguments.argumentSet("of another secret", Deliveries.signature("another", unreadable)),
                Arguments.argumentSet("no signature", "current-key"));
    }

    @ParameterizedTest
    @MethodSource("wrongSignatures")
    void shouldAnswer503ToAWrongSignatureOfEventBridgeAndNotParseTheBody(String signature) throws Exception {
        // Given
        restart(Map.of("authentication", "hmac-sha256", "hmac.secret", "s", "hmac.encoding", "hex"));
        HttpRequest signed = fixture.request(Deliveries.unreadable())
                .header("X-Hub-Signature-256", signature)
                .setHeader("User-Agent", EVENTBRIDGE)
                .build();

        // When
        HttpResponse<String> response = fixture.send(signed);

        // Then
        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.headers().firstValue("retry-after")).contains("1");
        fixture.assertAnswered(DeliveryOutcome.UNAUTHORIZED_EVENTBRIDGE);
        assertThat(fixture.producer.history()).isEmpty();
    }

    @Test
    void shouldAnswer403ToAnotherOrganization() throws Exception {
        // Given
        byte[] theirs = Deliveries.ofSource("aws.partner/genesys.com/cloud/x/theirs");

        // When
        HttpResponse<String> response = fixture.post(theirs);

        // Then
        assertThat(response.statusCode()).isEqualTo(403);
        fixture.assertAnswered(DeliveryOutcome.OTHER_ORGANIZATION);
        assertThat(fixture.producer.history()).isEmpty();
    }

    static Stream<Arguments> undeliverable() {
        return Stream.of(
                Arguments.argumentSet("unreadable", Deliveries.unreadable(), DeliveryOutcome.UNREADABLE),
                Arguments.argumentSet("empty", new byte[0], DeliveryOutcome.UNREADABLE),
                Arguments.argumentSet("no conversation id", Deliveries.withoutConversation(), DeliveryOutcome.NO_KEY));
    }

    @ParameterizedTest
    @MethodSource("undeliverable")
    void shouldAnswer400AndKeepACopy(byte[] body, DeliveryOutcome outcome) throws Exception {
        // Given
        // When
        HttpResponse<String> response = fixture.post(body);

        // Then
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body()).isEqualTo("{\"outcome\":\"" + outcome.label() + "\"}");
        fixture.assertAnswered(outcome);
        assertThat(fixture.metric("handover.dead.letters", "reason", outcome.label()))
                .isEqualTo(1);
        ProducerRecord<String, byte[]> copy = onlyRecord(Topics.DEAD_LETTERS);
        assertThat(copy.key()).isNull();
        assertThat(copy.value()).isEqualTo(body);
        assertThat(header(copy, DeliveryProducer.REASON_HEADER))
                .startsWith("Expected")
                .doesNotContain("secret");
        assertThat(header(copy, DeliveryProducer.RECEIVED_AT_HEADER)).isEqualTo("2026-01-02T03:04:06.789Z");
    }

    @Test
    void shouldAnswer503WhenTheCopyCannotBeStored() throws Exception {
        // Given
        fixture.producer.sendException = new KafkaException("down");

        // When
        HttpResponse<String> response = fixture.post(Deliveries.unreadable());

        // Then
        assertThat(response.statusCode()).isEqualTo(503);
        fixture.assertAnswered(DeliveryOutcome.KAFKA_REFUSED);
        assertThat(fixture.metric("handover.dead.letters.failed")).isEqualTo(1);
    }

    @Test
    void shouldAcceptABodyOfTheMaximumSize() throws Exception {
        // Given
        byte[] body = Arrays.copyOf(Deliveries.customerEnd(), MIB);
        Arrays.fill(body, Deliveries.customerEnd().length, MIB, (byte) ' ');

        // When
        HttpResponse<String> response = fixture.post(body);

        // Then
        assertThat(response.statusCode()).isEqualTo(200);
        fixture.assertAnswered(DeliveryOutcome.STORED);
        assertThat(onlyRecord(Topics.EVENTS).value()).isEqualTo(body);
    }

    @Test
    void shouldAnswer413ToALargerBody() throws Exception {
        // Given
        byte[] body = new byte[MIB + 1];

        // When
        HttpResponse<String> response = fixture.post(body);

        // Then
        assertThat(response.statusCode()).isEqualTo(413);
        fixture.assertAnswered(DeliveryOutcome.TOO_LARGE);
        assertThat(fixture.producer.history()).isEmpty();
    }

    @Test
    void shouldAnswer413ToALargerBodyWithoutALength() throws Exception {
        // Given
        HttpRequest chunked = fixture.request(new byte[0])
                .POST(HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(new byte[MIB + 1])))
                .build();

        // When
        HttpResponse<String> response = fixture.send(chunked);

        // Then
        assertThat(response.statusCode()).isEqualTo(413);
        fixture.assertAnswered(DeliveryOutcome.TOO_LARGE);
        assertThat(fixture.producer.history()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "deflate", "identity, gzip"})
    void shouldAnswer415ToACompressedBody(String encoding) throws Exception {
        // Given
        HttpRequest compressed = fixture.request(Deliveries.customerEnd())
                .header("Content-Encoding", encoding)
                .build();

        // When
        HttpResponse<String> response = fixture.send(compressed);

        // Then
        assertThat(response.statusCode()).isEqualTo(415);
        fixture.assertAnswered(DeliveryOutcome.COMPRESSED);
        assertThat(fixture.producer.history()).isEmpty();
    }

    @Test
    void shouldAnswer503WhenTheBytesInMemoryAreExhausted() throws Exception {
        // Given
        restart(false, Map.of("body.max.bytes", "2000", "requests.in.flight.max.bytes", "2000"));
        byte[] body = Arrays.copyOf(Deliveries.customerEnd(), 1_500);
        Arrays.fill(body, Deliveries.customerEnd().length, body.length, (byte) ' ');
        CompletableFuture<HttpResponse<String>> waiting = fixture.postAsync(body);
        await().until(() -> fixture.producer.history().size() == 1);

        // When
        HttpResponse<String> response = fixture.post(body);

        // Then
        assertThat(response.statusCode()).isEqualTo(503);
        fixture.producer.completeNext();
        assertThat(waiting.get(5, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
        fixture.assertAnswered(DeliveryOutcome.BUSY, DeliveryOutcome.STORED);
    }

    static Stream<Arguments> malformed() {
        return Stream.of(
                Arguments.argumentSet("not HTTP", "hello\r\n\r\n", "400", DeliveryOutcome.MALFORMED),
                Arguments.argumentSet(
                        "a long line",
                        "POST /" + "x".repeat(5_000) + " HTTP/1.1\r\n\r\n",
                        "414",
                        DeliveryOutcome.LINE_TOO_LONG),
                Arguments.argumentSet(
                        "long headers",
                        "POST /handover/genesysCloudOM HTTP/1.1\r\nX: " + "x".repeat(10_000) + "\r\n\r\n",
                        "431",
                        DeliveryOutcome.HEADERS_TOO_LARGE));
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void shouldRejectInvalidHttp(String request, String status, DeliveryOutcome outcome) throws Exception {
        // Given
        // When
        String answer = fixture.exchange(request);

        // Then
        assertThat(answer)
                .startsWith("HTTP/1.")
                .contains(" " + status + " ")
                .endsWith("{\"outcome\":\"" + outcome.label() + "\"}");
        fixture.assertAnswered(outcome);
        assertThat(fixture.producer.history()).isEmpty();
    }

    @Test
    void shouldRejectAnInvalidHttpBody() throws Exception {
        // Given
        String request = """
                POST /handover/genesysCloudOM HTTP/1.1\r
                Authorization: current-key\r
                Transfer-Encoding: chunked\r
                \r
                as-much-as-you-like\r
                """;

        // When
        String answer = fixture.exchange(request);

        // Then
        assertThat(answer).startsWith("HTTP/1.1 400 ").contains("connection: close");
        fixture.assertAnswered(DeliveryOutcome.MALFORMED);
        assertThat(fixture.producer.history()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"xchunked", "gzip, chunked", "chunked\r\nTransfer-Encoding: chunked"})
    void shouldNotReadABodyAsTheNextRequest(String transferEncoding) throws Exception {
        // Given
        String request = "POST /handover/genesysCloudOM HTTP/1.1\r\nAuthorization: current-key\r\nTransfer-Encoding: "
                + transferEncoding + "\r\n\r\nGET /smuggled HTTP/1.1\r\n\r\n";

        // When
        String answer = fixture.exchange(request);

        // Then
        assertThat(answer).containsOnlyOnce("HTTP/1.1").contains(" 400 ", "connection: close");
        fixture.assertAnswered(DeliveryOutcome.MALFORMED);
    }

    @Test
    void shouldNotReadTheNextRequestAsABodyThatWasNotRequested() throws Exception {
        // Given
        String refused = """
                POST /handover/genesysCloudOM HTTP/1.1\r
                Authorization: another-key\r
                Expect: 100-continue\r
                Content-Length: 3\r
                \r
                """;

        // When
        String answer = fixture.exchange(refused + "GET / HTTP/1.1\r\n\r\n");

        // Then
        assertThat(answer).containsOnlyOnce("HTTP/1.1").contains(" 401 ", "connection: close");
        fixture.assertAnswered(DeliveryOutcome.UNAUTHORIZED);
    }

    @Test
    void shouldSendNothingAndAnswer503WhileATopicIsNotReady() throws Exception {
        // Given
        fixture.deliveryProducer.suspend();

        // When
        HttpResponse<String> response = fixture.post(Deliveries.customerEnd());

        // Then
        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.headers().firstValue("Retry-After")).isPresent();
        assertThat(fixture.producer.history()).isEmpty();
        fixture.assertAnswered(DeliveryOutcome.TOPICS_NOT_READY);
    }

    static Stream<Arguments> rejections() {
        return Stream.of(
                Arguments.argumentSet("not in time", new TimeoutException("late"), 503, DeliveryOutcome.KAFKA_TIMEOUT),
                Arguments.argumentSet("buffer full", new BufferExhaustedException("full"), 503, DeliveryOutcome.BUSY),
                Arguments.argumentSet(
                        "closed", new IllegalStateException("closed"), 503, DeliveryOutcome.KAFKA_REFUSED),
                Arguments.argumentSet(
                        "too large", new RecordTooLargeException("large"), 413, DeliveryOutcome.TOO_LARGE));
    }

    @ParameterizedTest
    @MethodSource("rejections")
    void shouldNeverAnswer200WhenKafkaRejects(RuntimeException rejection, int status, DeliveryOutcome outcome)
            throws Exception {
        // Given
        fixture.producer.sendException = rejection;

        // When
        HttpResponse<String> response = fixture.post(Deliveries.customerEnd());

        // Then
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.headers().firstValue("retry-after").isPresent()).isEqualTo(status == 503);
        fixture.assertAnswered(outcome);
    }

    @Test
    void shouldAnswer503WhileSwitchedOff() throws Exception {
        // Given
        restart(Map.of("endpoint.enabled", "false"));

        // When
        HttpResponse<String> response = fixture.post(Deliveries.customerEnd());

        // Then
        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.headers().firstValue("retry-after")).contains("1");
        fixture.assertAnswered(DeliveryOutcome.DISABLED);
        assertThat(fixture.producer.history()).isEmpty();
    }

    @Test
    void shouldAnswer405ToOtherMethods() throws Exception {
        // Given
        HttpRequest get =
                HttpRequest.newBuilder(fixture.uri(DeliveryEndpoint.PATH)).build();

        // When
        HttpResponse<String> response = fixture.send(get);

        // Then
        assertThat(response.statusCode()).isEqualTo(405);
        assertThat(response.headers().firstValue("allow")).contains("POST");
        fixture.assertAnswered(DeliveryOutcome.WRONG_METHOD);
    }

    @Test
    void shouldAnswer404ToOtherPaths() throws Exception {
        // Given
        HttpRequest other = HttpRequest.newBuilder(fixture.uri("/handover"))
                .POST(HttpRequest.BodyPublishers.noBody())
                .build();

        // When
        HttpResponse<String> response = fixture.send(other);

        // Then
        assertThat(response.statusCode()).isEqualTo(404);
        fixture.assertAnswered(DeliveryOutcome.UNKNOWN_PATH);
    }

    private void restart(Map<String, String> settings) {
        restart(true, settings);
    }

    private void restart(boolean acknowledgeAtOnce, Map<String, String> settings) {
        fixture.close();
        fixture = new BridgeFixture(acknowledgeAtOnce, settings);
    }

    private ProducerRecord<String, byte[]> onlyRecord(String topic) {
        assertThat(fixture.producer.history()).hasSize(1);
        ProducerRecord<String, byte[]> only = fixture.producer.history().get(0);
        assertThat(only.topic()).isEqualTo(topic);
        return only;
    }

    private static String header(ProducerRecord<String, byte[]> kept, String name) {
        return new String(kept.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }
}
