package io.handover.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.handover.embeddedkafka.EmbeddedKafka;
import io.handover.service.SettingsException;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Without tokens, the management port has health and metrics alone. */
class LiveQueriesOffIT {

    @TempDir
    private Path folder;

    private EmbeddedKafka kafka;

    @BeforeEach
    void start() {
        kafka = EmbeddedKafka.start(folder.resolve("kafka"), 0);
    }

    @AfterEach
    void stop() {
        kafka.close();
    }

    private AppInstance start(String read, String steer) {
        return new AppInstance(
                kafka.bootstrapServers(),
                folder.resolve("app"),
                Map.of("management.read.tokens", read, "management.steer.tokens", steer));
    }

    @Test
    void shouldNameTheSettingWithoutTokens() throws Exception {
        try (AppInstance app = start("", "")) {
            for (String path : new String[] {"/instances", "/handovers/open", "/conversations/c", "/topology"}) {
                // When
                HttpResponse<String> response = app.send(app.request(path, "any"));
                // Then
                assertThat(response.statusCode()).isEqualTo(404);
                assertThat(new JsonObject(response.body()).getString("error")).contains("management.read.tokens");
            }
            assertThat(app.send(app.request("/health/live", null)).statusCode()).isEqualTo(200);
            assertThat(app.send(app.request("/metrics", null)).body()).contains("handover_build_info");
            assertThat(app.send(app.request("/openapi.yaml", null)).statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void shouldRefuseOrdersWithoutASteerToken() throws Exception {
        try (AppInstance app = start("read-token", "")) {
            // When
            HttpResponse<String> response = OpenApiDocument.checked(
                    "/conversations/{id}/end",
                    app.send(app.request("/conversations/c/end", "read-token")
                            .POST(HttpRequest.BodyPublishers.ofString("{}"))));
            // Then
            assertThat(response.statusCode()).isEqualTo(403);
            assertThat(response.body()).contains("management.steer.tokens");
        }
    }

    @Test
    void shouldNotStartWithThreeTokens() {
        assertThatThrownBy(() -> start("one,two,three", ""))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("management.read.tokens")
                .hasMessageNotContaining("three");
    }
}
