package io.handover.torture;

import static org.assertj.core.api.Assertions.assertThat;

import io.handover.fakegenesys.Behaviour;
import io.handover.fakegenesys.FakeAgent;
import io.handover.fakegenesys.FakeGenesys;
import io.handover.schema.AgentLookup;
import io.handover.schema.AgentProfile;
import io.handover.schema.HandoverRecord;
import io.handover.schema.HandoverSerdes;
import io.handover.schema.KeyPartition;
import io.handover.schema.RecordKind;
import io.handover.schema.Topics;
import io.handover.torture.EventBridge.Attempt;
import io.handover.torture.EventBridge.Event;
import io.handover.torture.EventBridge.RetryPolicy;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/**
 * The agent directory of a bridge, with a real broker. Lookups become profiles, whatever Genesys does in between, and no
 * delivery notices it.
 */
class AgentDirectoryIT {

    private static final String READ = "handover_directory_lookups_read_total";
    private static final String PENDING = "handover_directory_lookups_pending";
    private static final String ANSWERED = "handover_directory_lookups_total{outcome=\"answered\"}";
    private static final String UNKNOWN = "handover_directory_lookups_total{outcome=\"unknown\"}";

    private static final int PARTITIONS = 4;
    private static final int OK = 200;
    private static final int UNAVAILABLE = 503;
    private static final int DELIVERIES = 400;
    private static final long BETWEEN_DELIVERIES_MS = 25;

    private static final int NEW_AGENTS = 500;
    private static final long BETWEEN_NEW_AGENTS_MS = 20;
    private static final int MOST_PENDING = 200;
    private static final int REQUESTS_PER_SECOND = 10;
    private static final int RETRY_AFTER_SECONDS = 2;

    /** A stall of the machine can move requests into the next second, but not many into the next ten. */
    private static final int WINDOW_SECONDS = 10;

    private static final int MOST_IN_A_WINDOW = REQUESTS_PER_SECOND * WINDOW_SECONDS * 5 / 4;

    @TempDir
    private static Path folder;

    private static BrokerCluster kafka;

    private final FakeGenesys genesys = FakeGenesys.start(0);
    private final List<Event> sent = new ArrayList<>();
    private final Queue<Attempt> attempts = new ConcurrentLinkedQueue<>();
    private Producer<String, AgentLookup> lookups;
    private BridgeProcess bridge;
    private EventBridge sender;

    @BeforeAll
    static void startBroker() {
        // A topic that a producer asks for is created, as on many clusters.
        kafka = new BrokerCluster(folder, 1, Map.of("auto.create.topics.enable", "true"));
        kafka.start();
    }

    @AfterAll
    static void stopBroker() {
        kafka.close();
    }

    @BeforeEach
    void startBridge(TestInfo test) throws Exception {
        kafka.createTopics();
        lookups = new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers()),
                new StringSerializer(),
                HandoverSerdes.agentLookups().serializer());
        String name = test.getTestMethod().orElseThrow().getName();
        bridge = BridgeProcess.start(
                Files.createDirectory(folder.resolve(name)),
                kafka.bootstrapServers(),
                Map.of(
                        "HANDOVER_APPLICATION_ID",
                        name,
                        "HANDOVER_GENESYS_REGION",
                        genesys.baseUrl(),
                        "HANDOVER_GENESYS_CLIENT_ID",
                        FakeGenesys.CLIENT_ID,
                        "HANDOVER_GENESYS_CLIENT_SECRET",
                        FakeGenesys.CLIENT_SECRET,
                        "HANDOVER_GENESYS_REQUESTS_PER_MINUTE",
                        String.valueOf(REQUESTS_PER_SECOND * 60),
                        // After a kill, Kafka gives the partitions back only when the session is over.
                        "HANDOVER_KAFKA_SESSION_TIMEOUT_MS",
                        "6000"));
        sender = new EventBridge(bridge.endpoint(), BridgeProcess.KEY, RetryPolicy.DEFAULT, attempts::add);
        bridge.awaitReady();
    }

    @AfterEach
    void stopAll() throws Exception {
        lookups.close();
        sender.close();
        bridge.close();
        genesys.close();
        kafka.deleteTopics();
    }

    @Test
    void shouldWriteTheProfileIntoThePartitionOfTheConversation() throws Exception {
        // Given
        createLookups();
        genesys.put(new FakeAgent("anna", "Anna Schmidt")
                .withImages(resolution -> "https://pictures.example/" + resolution + ".jpg"));

        // When
        abortLookUp("conversation-aborted", "anna");
        for (int i = 0; i < 2 * PARTITIONS; i++) {
            lookUp("conversation-" + i, "anna");
        }
        lookUp("conversation-x", "nobody");

        // Then
        awaitMetric(ANSWERED, 2 * PARTITIONS);
        awaitMetric(UNKNOWN, 1);
        assertThat(metric(PENDING)).isZero();
        assertThat(metric(READ)).isEqualTo(2 * PARTITIONS + 1);
        assertThat(bridge.get("/health/directory").statusCode()).isEqualTo(OK);
        List<ConsumerRecord<String, byte[]>> profiles = profiles();
        assertThat(profiles).hasSize(2 * PARTITIONS + 1);
        for (ConsumerRecord<String, byte[]> written : profiles) {
            assertThat(written.partition())
                    .isEqualTo(KeyPartition.of(written.key().getBytes(StandardCharsets.UTF_8), PARTITIONS));
            assertThat(read(written))
                    .isEqualTo(
                            written.key().equals("conversation-x")
                                    ? new AgentProfile("conversation-x", "nobody", null, null)
                                    : new AgentProfile(
                                            written.key(), "anna", "Anna Schmidt", "https://pictures.example/x96.jpg"));
        }
    }

    @Test
    void shouldReadNoLookupAgainAfterAStop() throws Exception {
        // Given
        createLookups();
        lookUp("conversation-1", "nobody");
        awaitMetric(UNKNOWN, 1);

        // When
        bridge.stop();
        bridge.start();

        // Then
        lookUp("conversation-2", "nobody");
        awaitMetric(UNKNOWN, 1);
        assertThat(metric(READ)).isEqualTo(1);
        bridge.assertUnharmed();
    }

    @Test
    void shouldServeDeliveriesWhileGenesysHangs() throws Exception {
        // Given
        createLookups();
        awaitDirectory();
        deliver();
        lookUpNewAgents("warm", DELIVERIES / 20);
        List<Attempt> before = deliver();

        // When
        genesys.become(Behaviour.HANGING);
        lookUpNewAgents("hanging", MOST_PENDING);
        List<Attempt> during = deliver();

        // Then
        assertThat(before).extracting(Attempt::status).containsOnly(OK);
        assertThat(during).extracting(Attempt::status).containsOnly(OK);
        assertThat(bridge.get("/health/ready").statusCode()).isEqualTo(OK);
        Awaitility.await()
                .atMost(BrokerCluster.PATIENCE)
                .until(() -> bridge.get("/health/directory").statusCode() == UNAVAILABLE);
        System.out.println("answers while Genesys answers: " + percentiles(before));
        System.out.println("answers while Genesys hangs:   " + percentiles(during));
        System.out.println("health: " + bridge.get("/health/directory").body());
        assertNoDeliveryLost();
    }

    @Test
    void shouldAnswerAfterAKill() throws Exception {
        // Given
        createLookups();
        awaitDirectory();
        genesys.put(new FakeAgent("anna", "Anna"));
        genesys.become(Behaviour.HANGING);
        lookUp("conversation-1", "anna");
        Awaitility.await().atMost(BrokerCluster.PATIENCE).until(() -> requestsForUsers() > 0);

        // When
        bridge.kill();
        genesys.become(Behaviour.NORMAL);
        bridge.start();

        // Then
        awaitMetric(ANSWERED, 1);
        assertThat(profiles())
                .extracting(AgentDirectoryIT::read)
                .containsOnly(new AgentProfile("conversation-1", "anna", "Anna", null));
    }

    @Test
    void shouldKeepToTheRateWhileGenesysLimitsItAndAfterwards() throws Exception {
        // Given
        createLookups();
        awaitDirectory();
        genesys.become(Behaviour.rateLimited(RETRY_AFTER_SECONDS));
        AtomicInteger mostPending = new AtomicInteger();
        List<Future<Attempt>> deliveries = new ArrayList<>();

        // When
        for (int i = 0; i < NEW_AGENTS; i++) {
            genesys.put(new FakeAgent("agent-" + i, "Agent " + i));
        }
        Instant start = Instant.now();
        atSteadyRate(NEW_AGENTS, BETWEEN_NEW_AGENTS_MS, i -> {
            lookUp("conversation-" + i, "agent-" + i);
            if (i % 5 == 0) {
                deliveries.add(deliverNext());
                mostPending.accumulateAndGet((int) metric(PENDING), Math::max);
            }
        });
        Instant end = Instant.now();
        genesys.become(Behaviour.NORMAL);

        // Then
        Awaitility.await().atMost(BrokerCluster.PATIENCE).until(() -> {
            mostPending.accumulateAndGet((int) metric(PENDING), Math::max);
            return metric(ANSWERED) == NEW_AGENTS;
        });
        System.out.println("most pending lookups: " + mostPending);
        assertThat(mostPending).hasPositiveValue().hasValueLessThanOrEqualTo(MOST_PENDING);
        TreeMap<Long, Integer> perSecond = new TreeMap<>();
        for (FakeGenesys.Request request : genesys.requests()) {
            perSecond.merge(request.time().getEpochSecond() - start.getEpochSecond(), 1, Integer::sum);
        }
        System.out.println("requests per second (429 until second " + (end.getEpochSecond() - start.getEpochSecond())
                + "): " + perSecond);
        for (long second = perSecond.firstKey(); second <= perSecond.lastKey(); second++) {
            assertThat(perSecond.subMap(second, second + WINDOW_SECONDS).values().stream()
                            .mapToInt(Integer::intValue)
                            .sum())
                    .isLessThanOrEqualTo(MOST_IN_A_WINDOW);
        }
        for (Future<Attempt> delivery : deliveries) {
            assertThat(delivery.get(BrokerCluster.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .extracting(Attempt::status)
                    .isEqualTo(OK);
        }
        assertNoDeliveryLost();
    }

    @Test
    void shouldServeDeliveriesWithoutTheTopicOfTheLookups() throws Exception {
        // Given
        // When
        List<Attempt> answers = deliver();

        // Then
        assertThat(answers).extracting(Attempt::status).containsOnly(OK);
        HttpResponse<String> health = bridge.get("/health/directory");
        assertThat(health.statusCode()).isEqualTo(UNAVAILABLE);
        assertThat(health.body()).contains("Topic handover-agent-lookups does not exist");
        assertThat(bridge.get("/health/ready").statusCode()).isEqualTo(OK);
        assertThat(kafka.admin().listTopics().names().get()).doesNotContain(Topics.AGENT_LOOKUPS);
        createLookups();
        awaitDirectory();
        lookUp("conversation-1", "nobody");
        awaitMetric(UNKNOWN, 1);
        assertThat(profiles()).hasSize(1);
        assertNoDeliveryLost();
    }

    private static void createLookups() throws Exception {
        kafka.admin()
                .createTopics(List.of(new NewTopic(Topics.AGENT_LOOKUPS, PARTITIONS, (short) 1)))
                .all()
                .get();
    }

    private void awaitDirectory() {
        Awaitility.await()
                .atMost(BrokerCluster.PATIENCE)
                .until(() -> bridge.get("/health/directory").statusCode() == OK);
    }

    private void lookUp(String conversationId, String agentId) {
        Future<RecordMetadata> unused = lookups.send(new ProducerRecord<>(
                Topics.AGENT_LOOKUPS, agentId, new AgentLookup(conversationId, agentId, Instant.now())));
    }

    /** Writes a lookup in a transaction that is aborted. */
    private static void abortLookUp(String conversationId, String agentId) throws Exception {
        try (Producer<String, AgentLookup> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers(), "transactional.id", "aborted"),
                new StringSerializer(),
                HandoverSerdes.agentLookups().serializer())) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>(
                            Topics.AGENT_LOOKUPS, agentId, new AgentLookup(conversationId, agentId, Instant.now())))
                    .get();
            producer.abortTransaction();
        }
    }

    private void lookUpNewAgents(String prefix, int count) {
        for (int i = 0; i < count; i++) {
            lookUp(prefix + "-conversation-" + i, prefix + "-agent-" + i);
        }
    }

    /** Delivers events at a steady rate, and returns the last attempt of each. */
    private List<Attempt> deliver() throws Exception {
        List<Future<Attempt>> deliveries = new ArrayList<>();
        atSteadyRate(DELIVERIES, BETWEEN_DELIVERIES_MS, i -> deliveries.add(deliverNext()));
        List<Attempt> last = new ArrayList<>();
        for (Future<Attempt> delivery : deliveries) {
            last.add(delivery.get(BrokerCluster.PATIENCE.toSeconds(), TimeUnit.SECONDS));
        }
        return last;
    }

    private Future<Attempt> deliverNext() {
        Event event = NumberedEvents.event(sent.size(), 0);
        sent.add(event);
        return sender.deliver(event);
    }

    /** Does something so many times in another thread, and waits until it is done. */
    private static void atSteadyRate(int count, long betweenMs, IntConsumer task) throws InterruptedException {
        ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
        try {
            AtomicInteger next = new AtomicInteger();
            CountDownLatch left = new CountDownLatch(count);
            Future<?> unused = clock.scheduleAtFixedRate(
                    () -> {
                        if (next.get() < count) {
                            task.accept(next.getAndIncrement());
                            left.countDown();
                        }
                    },
                    0,
                    betweenMs,
                    TimeUnit.MILLISECONDS);
            assertThat(left.await(BrokerCluster.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .isTrue();
        } finally {
            clock.shutdownNow();
        }
    }

    private void assertNoDeliveryLost() throws IOException {
        Awaitility.await().atMost(BrokerCluster.PATIENCE).until(() -> sender.open() == 0);
        List<ConsumerRecord<String, byte[]>> deliveries =
                kafka.events().stream().filter(stored -> !isProfile(stored)).toList();
        Reconciliation reconciliation =
                new Reconciliation(sent, List.copyOf(attempts), sender.deadLetterQueue(), deliveries);
        System.out.println(reconciliation.line("agent directory"));
        reconciliation.assertNothingLost();
        bridge.assertLedgerCloses(List.copyOf(attempts));
        bridge.assertUnharmed();
    }

    private static List<ConsumerRecord<String, byte[]>> profiles() {
        return kafka.events().stream().filter(AgentDirectoryIT::isProfile).toList();
    }

    private static boolean isProfile(ConsumerRecord<String, byte[]> stored) {
        return Arrays.equals(
                stored.headers().lastHeader(RecordKind.HEADER).value(),
                RecordKind.AGENT_PROFILE.label().getBytes(StandardCharsets.UTF_8));
    }

    private static HandoverRecord read(ConsumerRecord<String, byte[]> stored) {
        return HandoverSerdes.recordDeserializer().deserialize(stored.topic(), stored.headers(), stored.value());
    }

    private long requestsForUsers() {
        return genesys.requests().stream()
                .filter(request -> request.path().startsWith("/api/v2/users/"))
                .count();
    }

    private void awaitMetric(String name, double value) {
        Awaitility.await().atMost(BrokerCluster.PATIENCE).until(() -> metric(name) == value);
    }

    /** Returns the value of a metric, with its labels as in the text of Prometheus; 0 if there is none. */
    private double metric(String name) {
        try {
            Matcher sample = Pattern.compile("(?m)^" + Pattern.quote(name) + " ([0-9.E+]+)$")
                    .matcher(bridge.metrics());
            return sample.find() ? Double.parseDouble(sample.group(1)) : 0;
        } catch (IOException e) {
            throw new IllegalStateException("Expected metrics, but got none", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Expected metrics, but was interrupted", e);
        }
    }

    private static String percentiles(List<Attempt> attempts) {
        List<Long> sorted = attempts.stream()
                .map(attempt -> attempt.duration().toMillis())
                .sorted()
                .toList();
        return "%d deliveries, p50 %d ms, p99 %d ms, longest %d ms"
                .formatted(
                        sorted.size(),
                        sorted.get(sorted.size() / 2),
                        sorted.get(sorted.size() * 99 / 100),
                        sorted.get(sorted.size() - 1));
    }
}
