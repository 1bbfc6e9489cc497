package io.handover.torture;

import static org.assertj.core.api.Assertions.assertThat;

import io.handover.embeddedkafka.FreePorts;
import io.handover.torture.EventBridge.Attempt;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;

/** A bridge in a process of its own, seen from outside. */
final class BridgeProcess implements AutoCloseable {

    static final String KEY = "the-key";

    private static final int OK = 200;
    private static final int UNAUTHORIZED = 401;
    private static final int UNAVAILABLE = 503;
    private static final Pattern SAMPLE =
            Pattern.compile("(?m)^handover_deliveries_([a-z_]+)(?:\\{[^}]*\\})? ([0-9.E+]+)$");

    private final ChildProcess process;
    private final URI endpoint;
    private final int managementPort;
    private final AtomicInteger unauthenticated = new AtomicInteger();
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private BridgeProcess(ChildProcess process, URI endpoint, int managementPort) {
        this.process = process;
        this.endpoint = endpoint;
        this.managementPort = managementPort;
    }

    /**
     * Starts a bridge and waits until it is live.
     *
     * @param folder the folder of its log
     * @param settings by environment variable
     */
    static BridgeProcess start(Path folder, String bootstrapServers, Map<String, String> settings) {
        StablePorts ports = new StablePorts();
        int port = ports.next();
        int managementPort = ports.next();
        Map<String, String> environment = new HashMap<>(Map.of(
                "HANDOVER_KAFKA_BOOTSTRAP_SERVERS",
                bootstrapServers,
                "HANDOVER_API_KEY",
                KEY,
                "HANDOVER_ORGANIZATION_ID",
                NumberedEvents.ORGANIZATION,
                "HANDOVER_HTTP_HOST",
                FreePorts.HOST,
                "HANDOVER_HTTP_PORT",
                String.valueOf(port),
                "HANDOVER_MANAGEMENT_HOST",
                FreePorts.HOST,
                "HANDOVER_MANAGEMENT_PORT",
                String.valueOf(managementPort),
                "HANDOVER_SHUTDOWN_DRAIN_MS",
                "0"));
        environment.putAll(settings);
        BridgeProcess bridge = new BridgeProcess(
                ChildProcess.of(
                        "bridge",
                        List.of("-Xmx128m", Deployment.LOGBACK),
                        List.of(ChildMain.INGRESS_BRIDGE),
                        environment,
                        folder),
                URI.create("http://" + FreePorts.HOST + ":" + port + "/handover/genesysCloudOM"),
                managementPort);
        bridge.start();
        return bridge;
    }

    /** Kills the process (SIGKILL) and waits until it is gone. */
    void kill() {
        process.kill();
    }

    /** Stops the process (SIGTERM) and waits until it is gone. */
    void stop() {
        process.terminate();
    }

    /** Starts the process, and waits until it is live. */
    void start() {
        process.start();
        Awaitility.await()
                .atMost(BrokerCluster.PATIENCE)
                .ignoreExceptions()
                .until(() -> get("/health/live").statusCode() == OK);
    }

    /** The address for deliveries. */
    URI endpoint() {
        return endpoint;
    }

    boolean isReady() throws IOException, InterruptedException {
        return get("/health/ready").statusCode() == OK;
    }

    void awaitReady() {
        Awaitility.await().atMost(BrokerCluster.PATIENCE).until(this::isReady);
    }

    /**
     * Asserts that the event loops answer requests that need no Kafka. The sender with a wrong key is not EventBridge, whose
     * 503 could also come from Kafka.
     */
    void assertResponsive() throws IOException, InterruptedException {
        assertThat(get("/health/live").statusCode()).isEqualTo(OK);
        unauthenticated.incrementAndGet();
        HttpRequest wrongKey = HttpRequest.newBuilder(endpoint)
                .header("Authorization", "another-key")
                .timeout(EventBridge.TIME_OUT)
                .POST(HttpRequest.BodyPublishers.noBody())
                .build();
        assertThat(client.send(wrongKey, HttpResponse.BodyHandlers.discarding()).statusCode())
                .isEqualTo(UNAUTHORIZED);
    }

    /** Waits until it has reloaded its files so many times. */
    void awaitReloads(int times) {
        Awaitility.await()
                .atMost(BrokerCluster.PATIENCE)
                .until(() -> Files.readString(process.log()).split("Files reloaded", -1).length > times);
    }

    /** Asserts that it never ended, and that no event loop was blocked for 2 s, after which Vert.x logs it. */
    void assertUnharmed() throws IOException {
        assertThat(process.ends()).isEmpty();
        assertThat(Files.readString(process.log())).doesNotContain("BlockedThreadChecker");
    }

    /**
     * Asserts that received = stored + unwanted + refused + failed + in flight, and that each count is that of the sender.
     *
     * @param attempts all attempts except those of {@link #assertResponsive}
     */
    void assertLedgerCloses(List<Attempt> attempts) {
        long stored = attempts.stream().filter(Attempt::isAccepted).count();
        long failed = attempts.stream()
                .filter(attempt -> attempt.status() == UNAVAILABLE)
                .count();
        long received = (long) attempts.size() + unauthenticated.get();
        Map<String, Long> expected = Map.of(
                "received_total",
                received,
                "stored_total",
                stored,
                "unwanted_total",
                0L,
                "refused_total",
                received - stored - failed,
                "failed_total",
                failed,
                "in_flight",
                0L);
        Awaitility.await().untilAsserted(() -> assertThat(ledger()).containsAllEntriesOf(expected));
    }

    /** Returns the metrics of the deliveries by name without prefix, summed over their reasons. */
    private Map<String, Long> ledger() throws IOException, InterruptedException {
        Map<String, Long> ledger = new HashMap<>();
        for (MatchResult sample : SAMPLE.matcher(metrics()).results().toList()) {
            ledger.merge(sample.group(1), (long) Double.parseDouble(sample.group(2)), Long::sum);
        }
        return ledger;
    }

    /** Returns the metrics as Prometheus reads them. */
    String metrics() throws IOException, InterruptedException {
        return get("/metrics").body();
    }

    /** Gets a path of the management port. */
    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(URI.create("http://" + FreePorts.HOST + ":" + managementPort + path))
                        .timeout(EventBridge.TIME_OUT)
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
