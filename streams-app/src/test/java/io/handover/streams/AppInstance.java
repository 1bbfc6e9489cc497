package io.handover.streams;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A running instance of the application, with the requests of operators. Each answer is checked against OpenAPI. */
final class AppInstance implements AutoCloseable {

    static final String READ = "read-token";
    static final String STEER = "steer-token";
    static final String PREVIOUS_STEER = "steer-token-before";
    static final int PARTITIONS = 4;

    private static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();

    private final AtomicReference<@Nullable Throwable> fatal = new AtomicReference<>();
    private final StreamsApp app;

    AppInstance(String bootstrapServers, Path stateDir, Map<String, String> more) {
        Map<String, String> settings = new HashMap<>(Map.of(
                "kafka.bootstrap.servers",
                bootstrapServers,
                "state.dir",
                stateDir.toString(),
                "management.host",
                "127.0.0.1",
                "management.port",
                "0",
                "management.read.tokens",
                READ,
                "management.steer.tokens",
                STEER + "," + PREVIOUS_STEER,
                "topics.create",
                "true",
                "topics.partitions",
                String.valueOf(PARTITIONS),
                "topics.replication.factor",
                "1",
                "topics.few.replicas.allowed",
                "true"));
        settings.put("transfer.timeout.ms", "600000");
        settings.putAll(more);
        settings.values().removeIf(String::isEmpty);
        app = StreamsApp.start(StreamsApp.settings().load(null, Map.of(), settings), fatal::set);
    }

    StreamsApp app() {
        return app;
    }

    @Nullable
    Throwable fatal() {
        return fatal.get();
    }

    String name() {
        return "127.0.0.1:" + app.managementPort();
    }

    URI uri(String path) {
        return URI.create("http://" + name() + path);
    }

    /** Asks with the read token. */
    HttpResponse<String> get(String template, String path) throws IOException, InterruptedException {
        return OpenApiDocument.checked(template, send(request(path, READ)));
    }

    /** Asks with the read token, and accepts an answer that was read for somebody else. */
    HttpResponse<String> shared(String template, String path) throws IOException, InterruptedException {
        return OpenApiDocument.checked(
                template, send(request(path, READ).header("Cache-Control", ManagementApi.SHARED)));
    }

    /** Asks with the read token, and expects an answer. */
    JsonObject json(String template, String path) throws IOException, InterruptedException {
        HttpResponse<String> response = get(template, path);
        if (response.statusCode() != 200) {
            throw new AssertionError("Expected 200, but got " + response.statusCode() + ": " + response.body());
        }
        return new JsonObject(response.body());
    }

    JsonObject conversation(String id) throws IOException, InterruptedException {
        return json("/conversations/{id}", "/conversations/" + id);
    }

    /** Posts with the steer token. */
    HttpResponse<String> post(String template, String path, JsonObject body) throws IOException, InterruptedException {
        return OpenApiDocument.checked(
                template, send(request(path, STEER).POST(HttpRequest.BodyPublishers.ofString(body.encode()))));
    }

    HttpRequest.Builder request(String path, @Nullable String token) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(path)).timeout(Duration.ofSeconds(20));
        return token == null ? request : request.header("Authorization", "Bearer " + token);
    }

    HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    @Override
    public void close() {
        app.close();
    }
}
