package io.handover.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ManagementServerTest {

    private static final String HOST = "127.0.0.1";
    private static final String DOCUMENT = "{\n  \"bread\": \"½\"\n}\n";

    private final Vertx vertx = Vertx.vertx();
    private final PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT) {
        @Override
        public String scrape(String contentType) {
            return "handover_tests_total 1.0 as " + contentType;
        }
    };
    private final HttpClient client = HttpClient.newHttpClient();
    private volatile boolean live = true;
    private volatile Optional<String> notReady = Optional.empty();
    private volatile Optional<String> ovenProblem = Optional.empty();
    private ManagementServer server;

    @TempDir
    private Path folder;

    @BeforeEach
    void start() throws IOException {
        Path document = Files.writeString(folder.resolve("shopping.json"), DOCUMENT);
        server = ManagementServer.start(
                vertx,
                HOST,
                0,
                () -> live,
                () -> notReady,
                metrics,
                Map.of("/shopping.json", document.toUri().toURL()),
                Map.of("/health/oven", () -> ovenProblem));
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @Test
    void shouldHaveTheMetricsOfTheProcess() {
        // Given
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

        // When
        new ProcessMetrics(registry, Optional::empty).close();

        // Then
        assertThat(registry.scrape())
                .contains(
                        "handover_build_info{",
                        "jvm_memory_used_bytes{",
                        "process_cpu_usage",
                        "process_uptime_seconds");
    }

    @Test
    void shouldBeLive() throws Exception {
        // Given
        // When
        HttpResponse<String> response = get("/health/live");

        // Then
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEqualTo("{\"status\":\"up\"}");
    }

    @Test
    void shouldNotBeLiveIfItMustBeRestarted() throws Exception {
        // Given
        live = false;

        // When
        HttpResponse<String> response = get("/health/live");

        // Then
        assertThat(response.statusCode()).isEqualTo(503);
    }

    @Test
    void shouldReportWhyItIsNotReady() throws Exception {
        // Given
        notReady = Optional.of("There is no topic \"x\".");

        // When
        HttpResponse<String> response = get("/health/ready");

        // Then
        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.headers().firstValue("content-type")).contains("application/json");
        assertThat(response.body()).isEqualTo("{\"status\":\"down\",\"reason\":\"There is no topic \\\"x\\\".\"}");
    }

    @Test
    void shouldBeReady() throws Exception {
        // Given
        // When
        HttpResponse<String> response = get("/health/ready");

        // Then
        assertThat(response.statusCode()).isEqualTo(200);
    }

    @Test
    void shouldReportTheHealthOfAPartAlone() throws Exception {
        // Given
        HttpResponse<String> before = get("/health/oven");

        // When
        ovenProblem = Optional.of("The oven is cold.");

        // Then
        assertThat(before.statusCode()).isEqualTo(200);
        assertThat(get("/health/oven").statusCode()).isEqualTo(503);
        assertThat(get("/health/oven").body()).isEqualTo("{\"status\":\"down\",\"reason\":\"The oven is cold.\"}");
        assertThat(get("/health/ready").statusCode()).isEqualTo(200);
    }

    @Test
    void shouldServeTheMetrics() throws Exception {
        // Given
        // When
        HttpResponse<String> response = get("/metrics");

        // Then
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("content-type")).contains("text/plain; version=0.0.4; charset=utf-8");
        assertThat(response.body()).isEqualTo("handover_tests_total 1.0 as text/plain; version=0.0.4; charset=utf-8");
    }

    @Test
    void shouldServeADocumentUnchanged() throws Exception {
        // Given
        // When
        HttpResponse<String> response = get("/shopping.json");

        // Then
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("content-type")).contains("application/json");
        assertThat(response.body()).isEqualTo(DOCUMENT);
    }

    @Test
    void shouldAnswer404ToOtherPaths() throws Exception {
        // Given
        // When
        HttpResponse<String> response = get("/health");

        // Then
        assertThat(response.statusCode()).isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/metrics", "/shopping.json"})
    void shouldAllowGetOnly(String path) throws Exception {
        // Given
        HttpRequest post = HttpRequest.newBuilder(uri(path))
                .POST(HttpRequest.BodyPublishers.noBody())
                .build();

        // When
        HttpResponse<String> response = client.send(post, HttpResponse.BodyHandlers.ofString());

        // Then
        assertThat(response.statusCode()).isEqualTo(405);
        assertThat(response.headers().firstValue("allow")).contains("GET");
    }

    @Test
    void shouldNameThePortThatIsInUseAndItsKey() throws IOException {
        // Given
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = taken.getLocalPort();

            // When / Then
            assertThatThrownBy(() -> ManagementServer.start(
                            vertx, HOST, port, () -> true, Optional::empty, metrics, Map.of(), Map.of()))
                    .isInstanceOf(StartException.class)
                    .hasMessage("Port " + port + " on " + HOST
                            + " is in use or not permitted. Choose another with management.port.");
        }
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(uri(path)).build(), HttpResponse.BodyHandlers.ofString());
    }

    private URI uri(String path) {
        return URI.create("http://" + HOST + ":" + server.port() + path);
    }
}
