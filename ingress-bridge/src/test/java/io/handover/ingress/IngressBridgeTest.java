package io.handover.ingress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.handover.service.StartException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.errors.NotEnoughReplicasException;
import org.junit.jupiter.api.Test;

/** Tests the bridge over time: late acknowledgements, senders that disconnect, start and stop. */
class IngressBridgeTest {

    private static final String PART_OF_A_REQUEST = """
            POST /handover/genesysCloudOM HTTP/1.1\r
            Host: localhost\r
            Authorization: current-key\r
            Content-Length: 100\r
            \r
            {""";

    @Test
    void shouldAnswerOnlyAfterTheAcknowledgement() throws Exception {
        try (BridgeFixture fixture = new BridgeFixture(false, Map.of())) {
            // Given
            CompletableFuture<HttpResponse<String>> answer = fixture.postAsync(Deliveries.customerEnd());
            await().until(() -> fixture.producer.history().size() == 1);
            boolean answeredBefore = answer.isDone();

            // When
            fixture.producer.completeNext();

            // Then
            assertThat(answeredBefore).isFalse();
            assertThat(answer.get(5, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
            fixture.assertAnswered(DeliveryOutcome.STORED);
        }
    }

    @Test
    void shouldAnswer503WhenTheBrokersReject() throws Exception {
        try (BridgeFixture fixture = new BridgeFixture(false, Map.of())) {
            // Given
            CompletableFuture<HttpResponse<String>> answer = fixture.postAsync(Deliveries.customerEnd());
            await().until(() -> fixture.producer.history().size() == 1);

            // When
            fixture.producer.errorNext(new NotEnoughReplicasException("one is missing"));

            // Then
            assertThat(answer.get(5, TimeUnit.SECONDS).statusCode()).isEqualTo(503);
            fixture.assertAnswered(DeliveryOutcome.KAFKA_REFUSED);
        }
    }

    @Test
    void shouldAnswer503InTimeWithoutAnAcknowledgement() throws Exception {
        try (BridgeFixture fixture = new BridgeFixture(false, Map.of("answer.timeout.ms", "200"))) {
            // Given
            // When
            HttpResponse<String> response = fixture.post(Deliveries.customerEnd());

            // Then
            assertThat(response.statusCode()).isEqualTo(503);
            assertThat(response.headers().firstValue("retry-after")).contains("1");
            fixture.assertAnswered(DeliveryOutcome.KAFKA_TIMEOUT);
        }
    }

    @Test
    void shouldNotCountAnAcknowledgementAfterTheAnswer() throws Exception {
        try (BridgeFixture fixture = new BridgeFixture(false, Map.of("answer.timeout.ms", "200"))) {
            // Given
            fixture.post(Deliveries.customerEnd());

            // When
            fixture.producer.completeNext();

            // Then
            fixture.bridge.close();
            fixture.assertAnswered(DeliveryOutcome.KAFKA_TIMEOUT);
        }
    }

    @Test
    void shouldAnswer503WhenTheBodyIsNotCompleteInTime() throws Exception {
        try (BridgeFixture fixture = new BridgeFixture(true, Map.of("answer.timeout.ms", "200"));
                Socket socket = connect(fixture)) {
            // Given
            // When
            write(socket, PART_OF_A_REQUEST);

            // Then
            byte[] status = socket.getInputStream().readNBytes("HTTP/1.1 503".length());
            assertThat(new String(status, StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 503");
            fixture.assertAnswered(DeliveryOutcome.SLOW_BODY);
        }
    }

    @Test
    void shouldCountASenderThatDisconnects() throws Exception {
        try (BridgeFixture fixture = new BridgeFixture(true, Map.of())) {
            // Given
            Socket socket = connect(fixture);
            write(socket, PART_OF_A_REQUEST);
            await().until(() -> fixture.bridge.metrics().receivedCount() == 1);

            // When
            socket.close();

            // Then
            await().untilAsserted(() -> fixture.assertAnswered(DeliveryOutcome.CLIENT_GONE));
        }
    }

    @Test
    void shouldAnswer100ToASenderThatExpectsIt() throws Exception {
        try (BridgeFixture fixture = new BridgeFixture(true, Map.of());
                Socket socket = connect(fixture)) {
            // Given
            // When
            write(socket, PART_OF_A_REQUEST.replace("\r\n\r\n{", "\r\nExpect: 100-continue\r\n\r\n"));

            // Then
            byte[] status = socket.getInputStream().readNBytes("HTTP/1.1 100".length());
            assertThat(new String(status, StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 100");
        }
    }

    @Test
    void shouldAnswer503WhenTooManyAreInFlight() throws Exception {
        try (BridgeFixture fixture = new BridgeFixture(false, Map.of("requests.in.flight.max", "1"))) {
            // Given
            CompletableFuture<HttpResponse<String>> first = fixture.postAsync(Deliveries.customerEnd());
            await().until(() -> fixture.producer.history().size() == 1);

            // When
            HttpResponse<String> second = fixture.post(Deliveries.customerEnd());

            // Then
            assertThat(second.statusCode()).isEqualTo(503);
            assertThat(second.headers().firstValue("retry-after")).contains("1");
            assertThat(fixture.management("/metrics").body()).contains("handover_deliveries_in_flight 1.0");
            fixture.producer.completeNext();
            assertThat(first.get(5, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
            fixture.assertAnswered(DeliveryOutcome.BUSY, DeliveryOutcome.STORED);
        }
    }

    @Test
    void shouldReleaseTheSlotAfterTheAnswer() throws Exception {
        try (BridgeFixture fixture = new BridgeFixture(true, Map.of("requests.in.flight.max", "1"))) {
            // Given
            fixture.post(Deliveries.customerEnd());

            // When
            HttpResponse<String> second = fixture.post(Deliveries.customerEnd());

            // Then
            assertThat(second.statusCode()).isEqualTo(200);
            fixture.assertAnswered(DeliveryOutcome.STORED, DeliveryOutcome.STORED);
        }
    }

    @Test
    void shouldPublishTheMetrics() throws Exception {
        try (BridgeFixture fixture = new BridgeFixture(true, Map.of())) {
            // Given
            fixture.post(Deliveries.customerEnd());

            // When
            String metrics = fixture.management("/metrics").body();

            // Then
            assertThat(metrics)
                    .contains(
                            "handover_deliveries_received_total 1.0",
                            "handover_deliveries_stored_total 1.0",
                            "handover_deliveries_unwanted_total{reason=\"unwanted-topic\"} 0.0",
                            "handover_deliveries_refused_total{reason=\"unauthorized\"} 0.0",
                            "handover_deliveries_failed_total{reason=\"kafka-timeout\"} 0.0",
                            "handover_deliveries_in_flight 0.0",
                            "handover_produce_seconds_count 1",
                            "handover_produce_seconds_bucket{le=\"4.0\"} 1",
                            "handover_delivery_age_seconds_sum 1.789",
                            "handover_delivery_age_seconds_bucket{le=\"1.0\"} 0",
                            "handover_delivery_age_seconds_bucket{le=\"2.0\"} 1",
                            "handover_connections_open");
        }
    }

    @Test
    void shouldBeReadyOnlyWhileKafkaIs() throws Exception {
        try (BridgeFixture fixture = new BridgeFixture(true, Map.of())) {
            // Given
            boolean before = fixture.bridge.ready();

            // When
            fixture.notReady = Optional.of("Topic handover-events does not exist.");

            // Then
            assertThat(before).isTrue();
            assertThat(fixture.bridge.ready()).isFalse();
            HttpResponse<String> health = fixture.management("/health/ready");
            assertThat(health.statusCode()).isEqualTo(503);
            assertThat(health.body()).contains("Topic handover-events does not exist.");
        }
    }

    @Test
    void shouldStoreDeliveriesAndCloseTheirConnectionsWhileItDrains() throws Exception {
        try (BridgeFixture fixture = new BridgeFixture(true, Map.of());
                Draining draining = new Draining(fixture.bridge)) {
            // Given
            draining.start();

            // When
            HttpResponse<String> answer = fixture.post(Deliveries.customerEnd());

            // Then
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().firstValue("Connection")).contains("close");
            assertThat(fixture.management("/health/ready").body()).contains("The bridge is stopping.");
            await().until(() -> fixture.management("/metrics").body().contains("handover_connections_open 0.0"));
            fixture.assertAnswered(DeliveryOutcome.STORED);
        }
    }

    @Test
    void shouldAnswerRequestsInFlightWhenItCloses() throws Exception {
        try (BridgeFixture fixture = new BridgeFixture(false, Map.of())) {
            // Given
            CompletableFuture<HttpResponse<String>> answer = fixture.postAsync(Deliveries.customerEnd());
            await().until(() -> fixture.producer.history().size() == 1);

            // When
            CompletableFuture<Void> closed = CompletableFuture.runAsync(fixture::close);
            await().until(() -> !fixture.bridge.ready());
            fixture.producer.completeNext();

            // Then
            assertThat(answer.get(5, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
            closed.get(20, TimeUnit.SECONDS);
            assertThat(fixture.producer.closed()).isTrue();
            fixture.assertAnswered(DeliveryOutcome.STORED);
        }
    }

    @Test
    void shouldAnswer503WithoutKafka() throws Exception {
        // Given
        Map<String, String> nobody = Map.of("kafka.bootstrap.servers", "127.0.0.1:" + freePort());
        try (IngressBridge bridge = IngressBridge.start(BridgeFixture.load(nobody))) {

            // When
            String answer = statusLine(bridge.port());

            // Then
            assertThat(answer).isEqualTo("HTTP/1.1 503");
            assertThat(bridge.ready()).isFalse();
            assertThat(bridge.metrics().answeredCount(DeliveryOutcome.TOPICS_NOT_READY))
                    .isEqualTo(1);
        }
    }

    @Test
    void shouldNameThePortThatIsInUseAndItsKey() throws IOException {
        // Given
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Map<String, String> settings = Map.of("http.port", Integer.toString(taken.getLocalPort()));

            // When / Then
            assertThatThrownBy(() -> new BridgeFixture(true, settings))
                    .isInstanceOf(StartException.class)
                    .hasMessage("Port " + taken.getLocalPort()
                            + " on 127.0.0.1 is in use or not permitted. Choose another with http.port.");
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    private static String statusLine(int port) throws IOException {
        byte[] body = Deliveries.customerEnd();
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout((int) Duration.ofMillis(4_500).toMillis());
            write(
                    socket,
                    PART_OF_A_REQUEST.replace("100\r\n\r\n{", body.length + "\r\nConnection: close\r\n\r\n")
                            + new String(body, StandardCharsets.UTF_8));
            return new String(socket.getInputStream().readNBytes("HTTP/1.1 503".length()), StandardCharsets.US_ASCII);
        }
    }

    private static Socket connect(BridgeFixture fixture) throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), fixture.bridge.port());
    }

    private static void write(Socket socket, String text) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }
}
