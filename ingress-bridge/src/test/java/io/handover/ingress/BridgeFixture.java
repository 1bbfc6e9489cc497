package io.handover.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import io.handover.service.Settings;
import io.handover.service.TopicNames;
import io.micrometer.core.instrument.config.MeterFilter;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** A running bridge with a fixed clock and a producer that acknowledges when the test says so. */
final class BridgeFixture implements AutoCloseable {

    static final String KEY = "current-key";
    static final Instant NOW = Instant.parse("2026-01-02T03:04:06.789Z");

    final MockProducer<String, byte[]> producer;
    final DeliveryProducer deliveryProducer;
    final IngressBridge bridge;
    volatile Optional<String> notReady = Optional.empty();

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    BridgeFixture(boolean acknowledgeAtOnce, Map<String, String> settings) {
        producer = new MockProducer<>(acknowledgeAtOnce, null, new StringSerializer(), new ByteArraySerializer());
        DeliveryMetrics metrics = new DeliveryMetrics(MeterFilter.accept());
        deliveryProducer = new DeliveryProducer(() -> producer, TopicNames.DEFAULT, metrics);
        deliveryProducer.open();
        bridge = IngressBridge.start(
                BridgeSettings.of(load(settings)),
                metrics,
                new IngressBridge.KafkaConnection(deliveryProducer, () -> notReady, () -> {}),
                InstantSource.fixed(NOW));
    }

    static Settings load(Map<String, String> more) {
        Map<String, String> values = new HashMap<>(Map.of(
                "kafka.bootstrap.servers", "127.0.0.1:1",
                "api.key", KEY,
                "organization.id", Deliveries.ORGANIZATION,
                "http.host", "127.0.0.1",
                "http.port", "0",
                "management.host", "127.0.0.1",
                "management.port", "0"));
        values.putAll(more);
        return IngressBridge.settings().load(null, Map.of(), values);
    }

    HttpResponse<String> post(byte[] body) throws IOException, InterruptedException {
        return send(request(body).build());
    }

    CompletableFuture<HttpResponse<String>> postAsync(byte[] body) {
        return client.sendAsync(request(body).build(), HttpResponse.BodyHandlers.ofString())
                .thenApply(OpenApiContract::checked);
    }

    HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
        return OpenApiContract.checked(client.send(request, HttpResponse.BodyHandlers.ofString()));
    }

    HttpRequest.Builder request(byte[] body) {
        return HttpRequest.newBuilder(uri(DeliveryEndpoint.PATH))
                .header("Authorization", KEY)
                .header("Content-Type", "application/json; charset=utf-8")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body));
    }

    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + bridge.port() + path);
    }

    /** Writes the request to a new connection, and returns everything that is received until it is closed. */
    String exchange(String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), bridge.port())) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    HttpResponse<String> management(String path) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + bridge.managementPort() + path))
                .build());
    }

    /** Checks the metrics: every received request was answered, with these outcomes. */
    void assertAnswered(DeliveryOutcome... outcomes) {
        Map<DeliveryOutcome, Long> expected = new EnumMap<>(DeliveryOutcome.class);
        Map<DeliveryOutcome, Long> actual = new EnumMap<>(DeliveryOutcome.class);
        for (DeliveryOutcome outcome : DeliveryOutcome.values()) {
            expected.put(
                    outcome,
                    Arrays.stream(outcomes).filter(each -> each == outcome).count());
            actual.put(outcome, bridge.metrics().answeredCount(outcome));
        }
        assertThat(actual).isEqualTo(expected);
        assertThat(bridge.metrics().receivedCount()).isEqualTo(outcomes.length);
    }

    /** The value of a counter. */
    double metric(String name, String... tags) {
        return bridge.metrics().registry().get(name).tags(tags).counter().count();
    }

    @Override
    public void close() {
        bridge.close();
    }
}
