package io.handover.torture;

import io.handover.embeddedkafka.FreePorts;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;

/** A streams-app in a process of its own, seen from outside. */
final class AppProcess implements AutoCloseable {

    private static final int OK = 200;

    private final ChildProcess process;
    private final int managementPort;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private AppProcess(ChildProcess process, int managementPort) {
        this.process = process;
        this.managementPort = managementPort;
    }

    /**
     * Starts an app, and does not wait until it is ready.
     *
     * @param folder the folder of its log and its state
     * @param settings by environment variable
     */
    static AppProcess start(Path folder, String name, String bootstrapServers, Map<String, String> settings) {
        int managementPort = new StablePorts().next();
        Map<String, String> environment = new HashMap<>(Map.of(
                "HANDOVER_KAFKA_BOOTSTRAP_SERVERS",
                bootstrapServers,
                "HANDOVER_KAFKA_CLIENT_ID",
                name,
                "HANDOVER_STATE_DIR",
                folder.resolve(name).toString(),
                "HANDOVER_MANAGEMENT_HOST",
                FreePorts.HOST,
                "HANDOVER_MANAGEMENT_PORT",
                String.valueOf(managementPort)));
        environment.putAll(settings);
        // with the logback.xml of the product, because tests read the log
        ChildProcess process =
                ChildProcess.of(name, List.of("-Xmx192m"), List.of(ChildMain.STREAMS_APP), environment, folder);
        AppProcess app = new AppProcess(process, managementPort);
        process.start();
        return app;
    }

    void awaitReady() {
        Awaitility.await()
                .atMost(BrokerCluster.PATIENCE)
                .ignoreExceptions()
                .until(() -> get("/health/ready").statusCode() == OK);
    }

    /** Waits until the process has ended by itself, and keeps it from starting again. Returns how it ended. */
    String awaitEnd(Duration atMost) {
        Awaitility.await()
                .pollInterval(Duration.ofMillis(20))
                .atMost(atMost)
                .until(() -> !process.ends().isEmpty());
        process.kill();
        return process.ends().get(0);
    }

    /** Stops the process with SIGTERM, and waits until it has ended. */
    void stop() {
        process.terminate();
    }

    /** Kills the process (SIGKILL) and waits until it is gone. */
    void kill() {
        process.kill();
    }

    /** Starts the process again. */
    void restart() {
        process.start();
    }

    /** Suspends the process until {@link #thaw}, at most for {@code longest}. */
    void freeze(Duration longest) {
        process.freeze(longest);
    }

    void thaw() {
        process.thaw();
    }

    String log() throws IOException {
        return Files.readString(process.log());
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(URI.create("http://" + FreePorts.HOST + ":" + managementPort + path))
                        .timeout(Duration.ofSeconds(5))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    /** The port of health and metrics. */
    int managementPort() {
        return managementPort;
    }

    @Override
    public void close() {
        process.close();
    }
}
