package io.handover.ingress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.handover.service.SettingsException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AgentDirectoryTest {

    private static final Map<String, String> GENESYS = Map.of(
            "genesys.region", "http://127.0.0.1:1",
            "genesys.client.id", "id",
            "genesys.client.secret", "secret");

    private final HttpClient client = HttpClient.newHttpClient();

    @Test
    void shouldNotExistWithoutGenesys() throws Exception {
        // Given
        try (BridgeFixture fixture = new BridgeFixture(true, Map.of())) {
            // When
            HttpResponse<String> health = fixture.management("/health/directory");

            // Then
            assertThat(health.statusCode()).isEqualTo(404);
            assertThat(threads()).isZero();
            assertThat(fixture.management("/metrics").body()).doesNotContain("handover_directory");
        }
    }

    @Test
    void shouldReportThatKafkaDoesNotAnswer() throws Exception {
        // Given
        Map<String, String> settings = new HashMap<>(GENESYS);
        settings.put("kafka.bootstrap.servers", "127.0.0.1:" + freePort());

        // When
        try (IngressBridge bridge = IngressBridge.start(BridgeFixture.load(settings))) {

            // Then
            await().untilAsserted(
                            () -> assertThat(health(bridge).body()).contains("\"reason\":\"Kafka does not answer.\""));
            assertThat(health(bridge).statusCode()).isEqualTo(503);
            assertThat(threads()).isPositive();
        }
        await().atMost(Duration.ofSeconds(10)).until(() -> threads() == 0);
    }

    @Test
    void shouldNotStartWithoutTheFileOfTheSecret() {
        // Given
        Map<String, String> settings = new HashMap<>(GENESYS);
        settings.putAll(Map.of("genesys.client.secret", "", "genesys.client.secret.file", "missing"));

        // When / Then
        assertThatThrownBy(() -> IngressBridge.start(BridgeFixture.load(settings)))
                .isInstanceOf(SettingsException.class)
                .hasMessage("Cannot use missing, because missing does not exist.");
    }

    private HttpResponse<String> health(IngressBridge bridge) throws Exception {
        return client.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + bridge.managementPort() + "/health/directory"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static long threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("handover-agent-directory"))
                .count();
    }

    private static int freePort() throws Exception {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }
}
