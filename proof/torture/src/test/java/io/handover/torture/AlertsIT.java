package io.handover.torture;

import static org.assertj.core.api.Assertions.assertThat;

import io.handover.fakegenesys.FakeGenesys;
import io.handover.reference.Arrival;
import io.handover.schema.Topics;
import io.handover.torture.EventBridge.Attempt;
import io.handover.torture.EventBridge.Event;
import io.handover.torture.EventBridge.RetryPolicy;
import io.handover.traffic.Envelope;
import io.handover.traffic.GenesysEvent;
import io.handover.traffic.GenesysEvent.Kind;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A Prometheus scrapes a bridge and an app while deliveries come. Each trouble raises exactly its alerts, and they clear when
 * it is over.
 */
class AlertsIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration LOOK_EVERY = Duration.ofMillis(250);

    /** Longer than any range of the shortened rules and the wait of an alert together. */
    private static final Duration AFTERMATH = Duration.ofSeconds(15);

    private static final long BETWEEN_EVENTS_MS = 500;

    /** Longer than a clock may differ, and much shorter than a session of Kafka's clients. */
    private static final Duration SKEW = Duration.ofSeconds(3);

    /** Smaller than a dead letter can be, so the checks of both processes refuse the topic. */
    private static final String FEW_BYTES = "1000";

    private static final String ENOUGH_BYTES = "2097152";
    private static final int SCRAPE_MAX_BYTES = 100_000;

    @TempDir
    private static Path folder;

    private static final FakeGenesys GENESYS = FakeGenesys.start(0);
    private static final ScheduledExecutorService LOAD = Executors.newSingleThreadScheduledExecutor();
    private static final AtomicInteger SENT = new AtomicInteger();
    private static BrokerCluster kafka;
    private static FakeClock clock;
    private static AppProcess app;
    private static BridgeProcess bridge;
    private static EventBridge sender;
    private static PrometheusProcess prometheus;

    @BeforeAll
    static void start() throws Exception {
        kafka = new BrokerCluster(folder, 1, Map.of());
        kafka.start();
        kafka.createTopics();
        clock = FakeClock.of(folder.resolve("clock"));
        Map<String, String> settings = new HashMap<>(clock.environment());
        settings.putAll(Map.of("HANDOVER_TOPICS_CREATE", "true", "HANDOVER_TRANSFER_TIMEOUT_MS", "2000"));
        app = AppProcess.start(folder, "app", kafka.linkedBootstrapServers(), settings);
        bridge = BridgeProcess.start(
                folder,
                kafka.linkedBootstrapServers(),
                Map.of(
                        "HANDOVER_TOPICS_CREATE", "true",
                        "HANDOVER_ORGANIZATION_ID", Envelope.ORGANIZATION,
                        "HANDOVER_GENESYS_REGION", GENESYS.baseUrl(),
                        "HANDOVER_GENESYS_CLIENT_ID", FakeGenesys.CLIENT_ID,
                        "HANDOVER_GENESYS_CLIENT_SECRET", FakeGenesys.CLIENT_SECRET));
        app.awaitReady();
        bridge.awaitReady();
        Awaitility.await()
                .atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(bridge.get("/health/directory").body()).isEqualTo("{\"status\":\"up\"}"));
        sender = new EventBridge(bridge.endpoint(), BridgeProcess.KEY, RetryPolicy.DEFAULT, attempt -> {});
        Future<?> unused = LOAD.scheduleAtFixedRate(AlertsIT::send, 0, BETWEEN_EVENTS_MS, TimeUnit.MILLISECONDS);
        prometheus = PrometheusProcess.start(
                folder, Map.of("handover-bridge", bridge.managementPort(), "handover-app", app.managementPort()));
    }

    @AfterAll
    static void stop() {
        LOAD.shutdownNow();
        prometheus.close();
        sender.close();
        bridge.close();
        app.close();
        kafka.close();
        GENESYS.close();
    }

    /** Each agent has completed the work of another conversation, so its end is held for the transfer timeout. */
    private static void send() {
        long now = System.currentTimeMillis();
        String conversation = "conversation-" + SENT.incrementAndGet();
        GenesysEvent event =
                new GenesysEvent(conversation, 1, Kind.ACW, now, "session-anna", "anna", null, null, 0, 0, null);
        Arrival arrival = new Arrival(now, event, "id-" + conversation);
        Future<Attempt> unused = sender.deliver(
                new Event(arrival.eventId(), conversation, new String(arrival.envelope(), StandardCharsets.UTF_8)));
    }

    @BeforeEach
    void awaitQuiet() {
        awaitFiring(Set.of());
        Awaitility.await().atMost(PATIENCE).until(() -> prometheus.targetsUp() == 2);
    }

    @Test
    void shouldReportAnOutageOfTheBroker() throws Exception {
        assertRaises(kafka.link()::cut, kafka.link()::heal, "HandoverKafkaDown");
    }

    @Test
    void shouldReportAWrongClock() throws Exception {
        assertRaises(() -> clock.set(SKEW), () -> clock.set(Duration.ZERO), "HandoverClockSkew");
    }

    @Test
    void shouldReportDeadLettersThatCannotBeWritten() throws Exception {
        assertRaises(
                () -> kafka.alterTopic(Topics.DEAD_LETTERS, TopicConfig.MAX_MESSAGE_BYTES_CONFIG, FEW_BYTES),
                () -> kafka.alterTopic(Topics.DEAD_LETTERS, TopicConfig.MAX_MESSAGE_BYTES_CONFIG, ENOUGH_BYTES),
                "HandoverDeadLettersNotWritable");
    }

    @Test
    void shouldReportAWrongKey() throws Exception {
        assertRaises(
                () -> sender.updateConnection("another-key"),
                () -> sender.updateConnection(BridgeProcess.KEY),
                "HandoverWrongKey");
    }

    /** Committed records are read only up to an open transaction. */
    @Test
    void shouldReportAPartitionThatIsStuck() throws Exception {
        try (Producer<String, byte[]> other = new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers(), "transactional.id", "another-producer"),
                new StringSerializer(),
                new ByteArraySerializer())) {
            other.initTransactions();
            assertRaises(
                    () -> {
                        other.beginTransaction();
                        other.send(new ProducerRecord<>(Topics.EVENTS, 0, "any", new byte[0]))
                                .get();
                    },
                    other::abortTransaction,
                    "HandoverPartitionStuck");
        }
    }

    @Test
    void shouldExportAllThatIsUsedInFewBytes() throws Exception {
        // Given
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> app.get("/metrics").body().contains("kafka_stream_thread"));
        // When
        List<String> scrapes = List.of(app.get("/metrics").body(), bridge.metrics());
        // Then
        Set<String> exported = MetricNames.exported(scrapes);
        assertThat(MetricNames.usedInRules()).isNotEmpty().isSubsetOf(exported);
        assertThat(MetricNames.usedInDashboard()).isNotEmpty().isSubsetOf(exported);
        assertThat(MetricNames.usedInDocs()).isNotEmpty().isSubsetOf(exported);
        assertThat(MetricNames.own(scrapes)).isNotEmpty().isSubsetOf(MetricNames.usedInDocs());
        assertThat(scrapes)
                .allSatisfy(scrape ->
                        assertThat(scrape.getBytes(StandardCharsets.UTF_8)).hasSizeLessThan(SCRAPE_MAX_BYTES));
    }

    @Test
    void shouldAnswerEveryQueryOfTheDashboard() throws Exception {
        // When / Then
        for (String expression : Dashboard.expressions()) {
            prometheus.results(expression.replace("$__rate_interval", "10s"));
        }
    }

    /** Something that can fail. */
    private interface Change {
        void make() throws Exception;
    }

    private static void assertRaises(Change trouble, Change remedy, String... alerts) throws Exception {
        // Given
        long beganNanos = System.nanoTime();
        // When
        trouble.make();
        try {
            // Then
            awaitFiring(Set.of(alerts));
        } finally {
            // When
            remedy.make();
        }
        // Then
        awaitFiring(Set.of());
        Awaitility.await()
                .atMost(PATIENCE)
                .pollInterval(LOOK_EVERY)
                .during(AFTERMATH)
                .until(() -> prometheus.firing().isEmpty());
        Duration took = Duration.ofNanos(System.nanoTime() - beganNanos);
        assertThat(prometheus.fired(took)).containsExactlyInAnyOrder(alerts);
    }

    private static void awaitFiring(Set<String> alerts) {
        Awaitility.await()
                .atMost(PATIENCE)
                .pollInterval(LOOK_EVERY)
                .untilAsserted(() -> assertThat(prometheus.firing()).isEqualTo(alerts));
    }
}
