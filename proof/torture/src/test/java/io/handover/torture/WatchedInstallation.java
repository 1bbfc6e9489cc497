package io.handover.torture;

import static org.assertj.core.api.Assertions.assertThat;

import io.handover.fakegenesys.FakeGenesys;
import io.handover.reference.Arrival;
import io.handover.torture.EventBridge.Attempt;
import io.handover.torture.EventBridge.Event;
import io.handover.torture.EventBridge.RetryPolicy;
import io.handover.traffic.Envelope;
import io.handover.traffic.GenesysEvent;
import io.handover.traffic.GenesysEvent.Kind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;

/**
 * A broker, two apps, two bridges and a Prometheus that scrapes them, each a process of its own, while deliveries come to the
 * first bridge. The first app and the first bridge reach the broker over its link, the others directly.
 */
final class WatchedInstallation implements AutoCloseable {

    /** An open handover expires after this time, which is longer than any hold. */
    static final Duration RETENTION = Duration.ofSeconds(8);

    /** The number of connections that the second bridge accepts. */
    static final int CONNECTIONS = 10;

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration LOOK_EVERY = Duration.ofMillis(250);

    /** Longer than any range of the shortened rules, but for trouble with Kafka, and the longest wait of an alert together. */
    private static final Duration AFTERMATH = Duration.ofSeconds(22);

    /** Trouble with Kafka after which an alert that it has held back can still come: its range, and the longest wait. */
    private static final String RECENT_TROUBLE = "max_over_time(handover:kafka_trouble[52s])";

    /**
     * Quotas act within seconds. A transaction of an app that is gone is aborted before another app takes over its
     * partitions.
     */
    private static final Map<String, String> BROKER_SETTINGS =
            Map.of("quota.window.num", "2", "transaction.abort.timed.out.transaction.cleanup.interval.ms", "1000");

    private static final long BETWEEN_EVENTS_MS = 500;
    private static final int TARGETS = 4;

    private final FakeGenesys genesys = FakeGenesys.start(0);
    private final ScheduledExecutorService load = Executors.newSingleThreadScheduledExecutor();
    private final AtomicInteger sent = new AtomicInteger();
    private final FakeClock brokerClock;
    private final FakeClock appsClock;
    private final BrokerCluster kafka;
    private final AppProcess app;
    private final AppProcess otherApp;
    private final BridgeProcess bridge;
    private final BridgeProcess spare;
    private final EventBridge sender;
    private final PrometheusProcess prometheus;
    private volatile Kind kind = Kind.ACW;
    private volatile boolean isQuiet;
    private long troubleNanos;

    /** Starts everything, and waits until it is ready. */
    WatchedInstallation(Path folder) throws Exception {
        brokerClock = FakeClock.of(folder.resolve("broker-clock"));
        appsClock = FakeClock.of(folder.resolve("apps-clock"));
        kafka = new BrokerCluster(folder, 1, BROKER_SETTINGS, brokerClock.environment());
        kafka.start();
        kafka.createTopics();
        Map<String, String> ofApps = new HashMap<>(appsClock.environment());
        ofApps.putAll(Map.of(
                "HANDOVER_TOPICS_CREATE", "true",
                "HANDOVER_THREADS", "1",
                "HANDOVER_AGENT_PROFILES", "on",
                "HANDOVER_TRANSFER_TIMEOUT_MS", "4000",
                "HANDOVER_AFTER_CALL_WORK_TIMEOUT_MS", "4000",
                "HANDOVER_CONVERSATION_RETENTION_MS", String.valueOf(RETENTION.toMillis()),
                "HANDOVER_KAFKA_SESSION_TIMEOUT_MS", "6000",
                "HANDOVER_KAFKA_PRODUCER_TRANSACTION_TIMEOUT_MS", "5000",
                "HANDOVER_KAFKA_HEARTBEAT_INTERVAL_MS", "2000"));
        app = AppProcess.start(folder, "app", kafka.linkedBootstrapServers(), ofApps);
        otherApp = AppProcess.start(folder, "other-app", kafka.bootstrapServers(), ofApps);
        Map<String, String> ofBridges = Map.of(
                "HANDOVER_TOPICS_CREATE", "true",
                "HANDOVER_ORGANIZATION_ID", Envelope.ORGANIZATION,
                "HANDOVER_GENESYS_REGION", genesys.baseUrl(),
                "HANDOVER_GENESYS_CLIENT_ID", FakeGenesys.CLIENT_ID,
                "HANDOVER_GENESYS_CLIENT_SECRET", FakeGenesys.CLIENT_SECRET);
        Map<String, String> ofSpare = new HashMap<>(ofBridges);
        ofSpare.put("HANDOVER_CONNECTIONS_MAX", String.valueOf(CONNECTIONS));
        bridge = BridgeProcess.start(
                Files.createDirectory(folder.resolve("bridge")), kafka.linkedBootstrapServers(), ofBridges);
        spare = BridgeProcess.start(Files.createDirectory(folder.resolve("spare")), kafka.bootstrapServers(), ofSpare);
        app.awaitReady();
        otherApp.awaitReady();
        bridge.awaitReady();
        spare.awaitReady();
        Awaitility.await()
                .atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(bridge.get("/health/directory").body()).isEqualTo("{\"status\":\"up\"}"));
        sender = new EventBridge(bridge.endpoint(), BridgeProcess.KEY, RetryPolicy.DEFAULT, attempt -> {});
        Future<?> unused = load.scheduleAtFixedRate(this::send, 0, BETWEEN_EVENTS_MS, TimeUnit.MILLISECONDS);
        prometheus = PrometheusProcess.start(
                folder,
                Map.of(
                        "handover-bridge", List.of(bridge.managementPort(), spare.managementPort()),
                        "handover-app", List.of(app.managementPort(), otherApp.managementPort())));
    }

    private void send() {
        if (!isQuiet) {
            long now = System.currentTimeMillis();
            int number = sent.incrementAndGet();
            deliver(event("conversation-" + number, kind, now, "agent-" + number));
        }
    }

    private static Event event(String conversation, Kind kind, long now, String agent) {
        GenesysEvent event =
                new GenesysEvent(conversation, 1, kind, now, "session-of-" + agent, agent, null, null, 0, 0, null);
        Arrival arrival = new Arrival(now, event, "id-" + conversation);
        return new Event(arrival.eventId(), conversation, new String(arrival.envelope(), StandardCharsets.UTF_8));
    }

    /** Delivers an event to the first bridge. */
    void deliver(Event event) {
        Future<Attempt> unused = sender.deliver(event);
    }

    /** The event of an agent who has completed the work of this conversation, so its end is held. */
    static Event completed(String conversation) {
        return event(conversation, Kind.ACW, System.currentTimeMillis(), "anna");
    }

    /** From now on, each delivery is the start of an agent who is never seen again. */
    void sendStartsOnly() {
        kind = Kind.USER_START;
    }

    /** From now on, each delivery is the completed work of an agent. */
    void sendCompletedWork() {
        kind = Kind.ACW;
    }

    void stopDeliveries() {
        isQuiet = true;
    }

    void resumeDeliveries() {
        isQuiet = false;
    }

    FakeGenesys genesys() {
        return genesys;
    }

    BrokerCluster kafka() {
        return kafka;
    }

    FakeClock brokerClock() {
        return brokerClock;
    }

    /** The clock of both apps. */
    FakeClock appsClock() {
        return appsClock;
    }

    AppProcess app() {
        return app;
    }

    AppProcess otherApp() {
        return otherApp;
    }

    /** The bridge that gets the deliveries. */
    BridgeProcess bridge() {
        return bridge;
    }

    /** The bridge that gets no delivery. */
    BridgeProcess spare() {
        return spare;
    }

    EventBridge sender() {
        return sender;
    }

    PrometheusProcess prometheus() {
        return prometheus;
    }

    /** Waits until everything is up and no alert fires. */
    void awaitQuiet() {
        Awaitility.await()
                .atMost(PATIENCE)
                .pollInterval(LOOK_EVERY)
                .untilAsserted(() -> assertThat(prometheus.firing()).isEmpty());
        awaitReady();
    }

    /** Waits until Prometheus has seen every process ready. */
    void awaitReady() {
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> prometheus.results("handover_ready == 1").size() == TARGETS);
    }

    /** Waits until exactly so many ends are held. */
    void awaitHeld(int ends) {
        Awaitility.await()
                .atMost(PATIENCE)
                .pollInterval(LOOK_EVERY)
                .ignoreExceptionsInstanceOf(IOException.class)
                .until(() -> held() == ends);
    }

    /** How many ends both apps hold, by themselves: Prometheus knows it up to a second later. */
    double held() throws IOException, InterruptedException {
        return held(app) + held(otherApp);
    }

    private static double held(AppProcess process) throws IOException, InterruptedException {
        return process.get("/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith("handover_held{"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .filter(Double::isFinite)
                .sum();
    }

    /** Waits until each of these alerts has fired since the trouble began. */
    void awaitRaised(String... alerts) {
        Awaitility.await()
                .atMost(PATIENCE)
                .pollInterval(LOOK_EVERY)
                .untilAsserted(
                        () -> assertThat(prometheus.fired(sinceTrouble())).contains(alerts));
    }

    private Duration sinceTrouble() {
        return Duration.ofNanos(System.nanoTime() - troubleNanos);
    }

    /** Something that can fail. */
    interface Change {
        void make() throws Exception;
    }

    /**
     * Asserts that the trouble raises these alerts, that they clear after the remedy, and that no other alert fires
     * meanwhile.
     */
    void assertRaises(Change trouble, Change remedy, String... alerts) throws Exception {
        assertRaises(
                () -> {
                    trouble.make();
                    awaitRaised(alerts);
                },
                remedy,
                List.of(alerts));
    }

    /**
     * Asserts the same of a trouble in several steps, of which each waits for its alert.
     *
     * @param possible the alerts that may fire, too
     */
    void assertRaises(Change steps, Change remedy, List<String> alerts, String... possible) throws Exception {
        // Given
        troubleNanos = System.nanoTime();
        // When
        try {
            steps.make();
        } finally {
            remedy.make();
        }
        long remediedNanos = System.nanoTime();
        // Then
        awaitQuiet();
        Awaitility.await()
                .atMost(PATIENCE.multipliedBy(2))
                .pollInterval(LOOK_EVERY)
                .until(() -> System.nanoTime() - remediedNanos > AFTERMATH.toNanos()
                        && prometheus.results(RECENT_TROUBLE).isEmpty()
                        && prometheus.firing().isEmpty());
        Set<String> expected = new HashSet<>(alerts);
        expected.addAll(List.of(possible));
        assertThat(prometheus.fired(sinceTrouble())).containsAll(alerts).isSubsetOf(expected);
    }

    @Override
    public void close() {
        load.shutdownNow();
        prometheus.close();
        sender.close();
        bridge.close();
        spare.close();
        app.close();
        otherApp.close();
        kafka.close();
        genesys.close();
    }
}
