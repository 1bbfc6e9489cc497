package io.handover.history.repartition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.handover.embeddedkafka.EmbeddedKafka;
import io.handover.history.HistoryMain;
import io.handover.history.cluster.Cluster;
import io.handover.history.cluster.TransactionWriter;
import io.handover.history.sources.TopicReader;
import io.handover.ingress.IngressBridge;
import io.handover.reference.Arrival;
import io.handover.schema.HandoverCommand;
import io.handover.schema.HandoverEnded;
import io.handover.schema.KeyPartition;
import io.handover.service.DeletedRange;
import io.handover.streams.StreamsApp;
import io.handover.terminal.ClientProperties;
import io.handover.terminal.CommandRunner;
import io.handover.terminal.Progress;
import io.handover.terminal.StopSignal;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Moves installations to more partitions on a real broker. */
class RepartitionIT {

    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final int NEW_PARTITIONS = 6;
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @TempDir
    private static Path brokerFolder;

    @TempDir
    private Path folder;

    private static EmbeddedKafka kafka;
    private static Admin admin;

    private final AtomicReference<@Nullable Throwable> fatal = new AtomicReference<>();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final List<LiveLoad> loads = new ArrayList<>();

    @BeforeAll
    static void startBroker() {
        kafka = EmbeddedKafka.start(brokerFolder, 0);
        admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()));
    }

    @AfterAll
    static void stopBroker() {
        admin.close();
        kafka.close();
    }

    @AfterEach
    void stopLoads() {
        loads.forEach(LiveLoad::stop);
        assertThat(fatal.get()).isNull();
    }

    @Test
    void shouldMoveUnderLoadAndEndEachHandoverOnce() throws Exception {
        // Given
        Installation installation = installation("handover");
        String to = "handover-events-6";
        AtomicInteger port = new AtomicInteger();
        publishNumbered(installation.events(), 100);
        IngressBridge oldBridge = installation.startBridge("handover", installation.events());
        port.set(oldBridge.port());
        CompletableFuture<Void> loading;
        try (StreamsApp app = installation.startApp("handover", installation.events(), fatal::set)) {
            // When
            Awaitility.await()
                    .atMost(PATIENCE)
                    .pollInterval(Duration.ofSeconds(2))
                    .untilAsserted(() -> {
                        assertThat(repartition(installation, to, "--execute")).isZero();
                        assertThat(text(err)).containsPattern("Copied [1-9][0-9,]* decided records");
                    });
            // Then
            assertThat(text(err)).contains("each in the partition of its key", "give the same");
            // When
            LiveLoad load = load(60);
            loading = load.start(arrival -> isAccepted(arrival, port.get()));
            Awaitility.await().atMost(PATIENCE).until(() -> load.delivered() > load.size() / 2);
            assertThat(repartition(installation, to, "--execute"))
                    .as(() -> text(err))
                    .isZero();
            // Then
            assertThat(text(err)).contains("each in the partition of its key", "give the same");
            // When
            assertThat(repartition(installation, to, "--cut-over", "--execute")).isEqualTo(CommandRunner.EXIT_FAILURE);
            // Then
            assertThat(text(err)).contains("The application handover is running");
            oldBridge.close();
            Awaitility.await()
                    .atMost(PATIENCE)
                    .until(() -> installation.undecided("handover", installation.events()) == 0);
            assertThat(app.held()).isPositive();
        }
        assertThat(loading).isNotDone();
        // When
        assertThat(repartition(installation, to, "--cut-over", "--execute"))
                .as(() -> text(err))
                .isZero();
        // Then
        assertThat(text(err)).contains("each in the partition of its key", "give the same");
        assertThat(text(out)).contains("HANDOVER_TOPIC_EVENTS=" + to, "HANDOVER_APPLICATION_ID=handover-6");
        assertThat(timestampType(to)).isEqualTo("LogAppendTime");
        // When
        IngressBridge newBridge = installation.startBridge("handover-6", to);
        try (StreamsApp app = installation.startApp("handover-6", to, fatal::set)) {
            port.set(newBridge.port());
            loading.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            Awaitility.await()
                    .atMost(PATIENCE)
                    .until(() -> installation.undecided("handover-6", to) == 0 && app.held() == 0);
        } finally {
            newBridge.close();
        }
        // Then
        assertThat(installation.records(installation.deadLetters())).isEmpty();
        assertEachEndedOnce(installation);
        assertThat(jsonOf(installation)).isEqualTo(backtest(to));
    }

    @Test
    void shouldMendATopicThatHasGrown() throws Exception {
        // Given
        Installation installation = installation("grown");
        String events = installation.events();
        String to = "grown-events-6";
        LiveLoad load = load(60);
        AtomicInteger partitions = new AtomicInteger(Installation.PARTITIONS);
        Set<String> histories = new TreeSet<>();
        AtomicReference<@Nullable Throwable> stopped = new AtomicReference<>();
        try (KafkaProducer<String, byte[]> producer = producer();
                StreamsApp app = installation.startApp("grown", events, stopped::set)) {
            CompletableFuture<Void> loading = load.start(arrival -> {
                histories.add(arrival.event().conversationId());
                return isPublished(producer, events, partitions.get(), arrival);
            });
            Awaitility.await().atMost(PATIENCE).until(() -> load.delivered() > load.size() / 3);
            // When
            admin.createPartitions(Map.of(events, NewPartitions.increaseTo(NEW_PARTITIONS)))
                    .all()
                    .get();
            partitions.set(NEW_PARTITIONS);
            loading.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            // Then
            Awaitility.await()
                    .atMost(PATIENCE)
                    .until(() -> stopped.get() != null
                            && !app.ready()
                            && !installation.records(installation.deadLetters()).isEmpty());
        }
        assertThat(stopped.get()).hasMessageContaining("./handover repartition");
        assertThat(installation.records(installation.deadLetters()))
                .allSatisfy(record -> assertThat(Installation.header(record, "handover-reason"))
                        .startsWith("misplaced: "));
        // When
        int reset = run("reset", "--application-id", "grown", "--topic-events", events);
        // Then
        assertThat(reset).isEqualTo(CommandRunner.EXIT_FAILURE);
        assertThat(text(err))
                .contains("has 6 partitions, but the state of the application grown has 4", "./handover repartition");
        // When
        assertThat(repartition(installation, to, "--cut-over", "--execute"))
                .as(() -> text(err))
                .isZero();
        try (StreamsApp app = installation.startApp("grown-6", to, fatal::set)) {
            Awaitility.await()
                    .atMost(PATIENCE)
                    .until(() -> installation.undecided("grown-6", to) == 0 && app.held() == 0);
        }
        // Then
        assertThat(text(err)).contains("give the same");
        assertEachEndedOnce(installation);
        Set<String> ended = installation.sent().stream()
                .filter(HandoverEnded.class::isInstance)
                .map(HandoverCommand::conversationId)
                .collect(Collectors.toSet());
        assertThat(ended).isEqualTo(histories);
    }

    @Test
    void shouldResumeACopyWithoutAGapOrADuplicate() throws Exception {
        // Given
        Installation installation = installation("killed");
        String to = "killed-events-6";
        List<String> values = publishNumbered(installation.events(), 15_000);
        try (StreamsApp app = installation.startApp("killed", installation.events(), fatal::set)) {
            Awaitility.await()
                    .atMost(PATIENCE)
                    .until(() -> installation.undecided("killed", installation.events()) == 0 && app.ready());
        }
        // When
        assertThat(repartition(installation, to)).isZero();
        // Then
        assertThat(text(out)).contains("partition 3: offsets 0 to ");
        assertThat(admin.listTopics().names().get()).doesNotContain(to);
        // When
        copyUntilAborted(installation, to, 12_000);
        // Then
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> !installation.records(to).isEmpty());
        assertThat(installation.records(to)).hasSizeLessThan(12_000);
        // When
        assertThat(repartition(installation, to, "--cut-over", "--execute"))
                .as(() -> text(err))
                .isZero();
        // Then
        List<ConsumerRecord<byte[], byte[]>> records = installation.records(to);
        assertThat(records.stream().map(record -> new String(record.value(), StandardCharsets.UTF_8)))
                .containsExactlyInAnyOrderElementsOf(values);
        assertThat(records).allSatisfy(record -> {
            assertThat(record.partition()).isEqualTo(KeyPartition.of(record.key(), NEW_PARTITIONS));
            assertThat(Installation.header(record, "traceparent")).isEqualTo("00-1");
        });
        Map<String, Long> times = new HashMap<>();
        installation
                .records(installation.events())
                .forEach(record -> times.put(new String(record.value(), StandardCharsets.UTF_8), record.timestamp()));
        assertThat(records)
                .allSatisfy(record -> assertThat(record.timestamp())
                        .isEqualTo(times.get(new String(record.value(), StandardCharsets.UTF_8))));
        for (int partition = 0; partition < NEW_PARTITIONS; partition++) {
            int number = partition;
            assertThat(records.stream().filter(record -> record.partition() == number))
                    .isSortedAccordingTo(Comparator.comparingLong(ConsumerRecord::timestamp));
        }
        // When
        publishNumbered(installation.events(), 10);
        assertThat(repartition(installation, to, "--cut-over", "--execute"))
                .as(() -> text(err))
                .isZero();
        // Then
        assertThat(text(err)).contains("is already complete", "Copied 10 undecided records");
        Awaitility.await().atMost(PATIENCE).until(() -> installation.records(to).size() == values.size() + 10);
    }

    @Test
    void shouldResumeACopyThatFailedInItsFirstTransaction() throws Exception {
        // Given
        Installation installation = decided("first", 100);
        String to = "first-events-6";
        copyUntilAborted(installation, to, 2);
        // When
        int resumed = repartition(installation, to, "--cut-over", "--execute");
        // Then
        assertThat(resumed).as(() -> text(err)).isZero();
        assertThat(installation.records(to)).hasSize(100);
    }

    @Test
    void shouldRefuseToCopyWhatTheOldApplicationHasDecidedAfterTheCutOver() throws Exception {
        // Given
        Installation installation = decided("back", 100);
        String to = "back-events-6";
        assertThat(repartition(installation, to, "--cut-over", "--execute"))
                .as(() -> text(err))
                .isZero();
        publishNumbered(installation.events(), 10);
        decideAll(installation);
        // When
        int again = repartition(installation, to, "--cut-over", "--execute");
        // Then
        assertThat(again).isEqualTo(CommandRunner.EXIT_FAILURE);
        assertThat(text(err)).contains("The application back has run since the cut-over began", "replay read");
        assertThat(installation.records(to)).hasSize(100);
    }

    @Test
    void shouldRefuseANewApplicationThatHasAStateOrAnOffset() throws Exception {
        // Given
        Installation installation = decided("used", 100);
        String to = "used-events-6";
        String changelog = "used-6-conversations-changelog";
        admin.createTopics(List.of(new NewTopic(changelog, NEW_PARTITIONS, (short) 1)))
                .all()
                .get();
        try (KafkaProducer<String, byte[]> producer = producer()) {
            producer.send(new ProducerRecord<>(changelog, "conversation-1", new byte[1]))
                    .get();
        }
        // When
        int withState = repartition(installation, to, "--cut-over", "--execute");
        // Then
        assertThat(withState).isEqualTo(CommandRunner.EXIT_FAILURE);
        assertThat(text(err))
                .contains(
                        "has a state already (topic " + changelog + ")",
                        "the folder used-6 in state.dir on each instance");
        assertThat(installation.records(to)).isEmpty();
        // Given
        admin.alterConsumerGroupOffsets("used-6", Map.of(new TopicPartition(to, 0), new OffsetAndMetadata(1)))
                .all()
                .get();
        // When
        int withOffset = repartition(installation, to, "--cut-over", "--execute");
        // Then
        assertThat(withOffset).isEqualTo(CommandRunner.EXIT_FAILURE);
        assertThat(text(err)).contains("The application used-6 has run on " + to);
    }

    @Test
    void shouldRefuseACutOverWhenUndecidedDeliveriesWereDeleted() throws Exception {
        // Given
        Installation installation = decided("deleted", 100);
        String to = "deleted-events-6";
        publishNumbered(installation.events(), 100);
        TopicPartition first = new TopicPartition(installation.events(), 0);
        long end = admin.listOffsets(Map.of(first, OffsetSpec.latest()))
                .partitionResult(first)
                .get()
                .offset();
        admin.deleteRecords(Map.of(first, RecordsToDelete.beforeOffset(end)))
                .all()
                .get();
        // When
        int unread = repartition(installation, to, "--cut-over", "--execute");
        // Then
        assertThat(unread).isEqualTo(CommandRunner.EXIT_FAILURE);
        assertThat(text(err)).contains("Kafka has deleted deliveries of deleted-events", "acknowledge-deleted");
        // Given
        admin.alterConsumerGroupOffsets(
                        DeletedRange.groupOf("deleted"),
                        Map.of(first, new DeletedRange(1, end, Instant.EPOCH).toOffset()))
                .all()
                .get();
        // When
        int waiting = repartition(installation, to, "--cut-over", "--execute");
        // Then
        assertThat(waiting).isEqualTo(CommandRunner.EXIT_FAILURE);
        assertThat(text(err)).contains("wait for an acknowledgement", "acknowledge-deleted");
    }

    @Test
    void shouldEndEachHandoverOnceAfterAFailureBehindEveryStep() throws Exception {
        // Given
        Installation installation = installation("steps");
        String to = "steps-events-6";
        LiveLoad load = load(40);
        CompletableFuture<Void> loading;
        try (KafkaProducer<String, byte[]> producer = producer()) {
            try (StreamsApp app = installation.startApp("steps", installation.events(), fatal::set)) {
                loading = load.start(
                        arrival -> isPublished(producer, installation.events(), Installation.PARTITIONS, arrival));
                Awaitility.await().atMost(PATIENCE).until(() -> load.delivered() > load.size() / 2 && app.held() > 0);
            }
            loading.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
        // When
        for (Repartition.Step step : Repartition.Step.values()) {
            assertThatThrownBy(() -> cutOverUntil(installation, to, step)).hasMessage("failed after " + step);
        }
        assertThat(repartition(installation, to, "--cut-over", "--execute"))
                .as(() -> text(err))
                .isZero();
        // Then
        assertThat(text(err)).contains("Copied 0 undecided records");
        assertThat(timestampType(to)).isEqualTo("LogAppendTime");
        // When
        try (StreamsApp app = installation.startApp("steps-6", to, fatal::set)) {
            Awaitility.await()
                    .atMost(PATIENCE)
                    .until(() -> installation.undecided("steps-6", to) == 0 && app.held() == 0);
        }
        // Then
        assertThat(installation.records(installation.deadLetters())).isEmpty();
        assertEachEndedOnce(installation);
        assertThat(jsonOf(installation)).isEqualTo(backtest(to));
    }

    /** Runs a cut-over that fails after a step. */
    private static void cutOverUntil(Installation installation, String to, Repartition.Step step) {
        Properties client = ClientProperties.of(kafka.bootstrapServers(), null);
        Repartition.Names names =
                new Repartition.Names(installation.events(), to, installation.prefix(), installation.prefix() + "-6");
        try (Cluster cluster = new Cluster(client)) {
            Repartition repartition =
                    new Repartition(cluster, client, names, NEW_PARTITIONS, silent(), new StopSignal());
            repartition.afterStep = done -> {
                if (done == step) {
                    throw new IllegalStateException("failed after " + step);
                }
            };
            repartition.cutOver();
        }
    }

    /** Returns an installation whose application has decided numbered deliveries, and is stopped. */
    private Installation decided(String prefix, int count) throws Exception {
        Installation installation = installation(prefix);
        publishNumbered(installation.events(), count);
        decideAll(installation);
        return installation;
    }

    private void decideAll(Installation installation) {
        try (StreamsApp app = installation.startApp(installation.prefix(), installation.events(), fatal::set)) {
            Awaitility.await()
                    .atMost(PATIENCE)
                    .until(() ->
                            installation.undecided(installation.prefix(), installation.events()) == 0 && app.ready());
        }
    }

    private Installation installation(String prefix) throws Exception {
        Installation installation = new Installation(kafka, admin, prefix, folder);
        installation.createTopics();
        return installation;
    }

    private LiveLoad load(int conversations) {
        LiveLoad load = new LiveLoad(conversations);
        loads.add(load);
        return load;
    }

    private static boolean isAccepted(Arrival arrival, int port) throws Exception {
        return HTTP.send(
                                HttpRequest.newBuilder(
                                                URI.create("http://127.0.0.1:" + port + "/handover/genesysCloudOM"))
                                        .header("Authorization", Installation.API_KEY)
                                        .timeout(Duration.ofSeconds(5))
                                        .POST(HttpRequest.BodyPublishers.ofByteArray(arrival.envelope()))
                                        .build(),
                                HttpResponse.BodyHandlers.discarding())
                        .statusCode()
                == 200;
    }

    private static boolean isPublished(
            KafkaProducer<String, byte[]> producer, String events, int partitions, Arrival arrival) throws Exception {
        String key = arrival.event().conversationId();
        int partition = KeyPartition.of(key.getBytes(StandardCharsets.UTF_8), partitions);
        producer.send(new ProducerRecord<>(events, partition, key, arrival.envelope()))
                .get();
        return true;
    }

    private static KafkaProducer<String, byte[]> producer() {
        return new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers",
                        kafka.bootstrapServers(),
                        "metadata.max.age.ms",
                        "500",
                        // The leader of a new partition can reject the first of several batches and accept the second.
                        // Then it rejects every retry of the first.
                        "max.in.flight.requests.per.connection",
                        "1"),
                new StringSerializer(),
                new ByteArraySerializer());
    }

    /** Publishes deliveries of a topic that no decision uses, and returns their values. */
    @SuppressWarnings("FutureReturnValueIgnored") // flush waits for them
    private static List<String> publishNumbered(String events, int count) {
        List<String> values = new ArrayList<>();
        try (KafkaProducer<String, byte[]> producer = producer()) {
            for (int i = 0; i < count; i++) {
                String value = "{\"topic\":\"v2.detail.events.conversation.id.attributes\",\"id\":" + i + "}";
                ProducerRecord<String, byte[]> record =
                        new ProducerRecord<>(events, "conversation-" + i % 500, value.getBytes(StandardCharsets.UTF_8));
                record.headers().add("traceparent", "00-1".getBytes(StandardCharsets.UTF_8));
                producer.send(record);
                values.add(value);
            }
            producer.flush();
        }
        return values;
    }

    /** Copies decided records, and fails before one of them, with an open transaction. */
    private void copyUntilAborted(Installation installation, String to, int record) throws Exception {
        Properties client = ClientProperties.of(kafka.bootstrapServers(), null);
        Repartition.Names names =
                new Repartition.Names(installation.events(), to, installation.prefix(), installation.prefix() + "-6");
        try (Cluster cluster = new Cluster(client)) {
            OldLog old = new Repartition(cluster, client, names, NEW_PARTITIONS, silent(), new StopSignal()).oldLog();
            new Repartition(cluster, client, names, NEW_PARTITIONS, silent(), new StopSignal()).createTopic();
            Uuid topicId = cluster.topic(to).topicId();
            Map<TopicPartition, CopyPosition> positions = new HashMap<>();
            cluster.partitions(installation.events())
                    .forEach(partition -> positions.put(
                            partition, CopyPosition.start(topicId, 0, 0, Long.MIN_VALUE, CopyPosition.NONE)));
            AtomicInteger seen = new AtomicInteger();
            try (TransactionWriter writer =
                            new TransactionWriter(client, "repartition", names.decidedGroup(), positions.keySet());
                    TimeOrder records = new TimeOrder(
                            new TopicReader(client, TopicReader.Range.all(installation.events(), Map.of()), 0),
                            Map.of())) {
                new EventCopy(writer, to, NEW_PARTITIONS, old, positions, new StopSignal())
                        .run(
                                records,
                                EventCopy.Part.DECIDED,
                                entry -> {
                                    if (seen.incrementAndGet() == record) {
                                        throw new IllegalStateException("killed");
                                    }
                                    return false;
                                },
                                Progress.started(silent(), "records", Progress.UNKNOWN));
            } catch (IllegalStateException e) {
                assertThat(e).hasMessage("killed");
            }
        }
    }

    private static PrintStream silent() {
        return new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
    }

    /** Each handover has one end, and a handover follows only after the end of the one before it. */
    private static void assertEachEndedOnce(Installation installation) {
        Map<String, List<Integer>> ended = installation.sent().stream()
                .filter(HandoverEnded.class::isInstance)
                .collect(Collectors.groupingBy(
                        HandoverCommand::conversationId,
                        Collectors.mapping(HandoverCommand::cycle, Collectors.toList())));
        assertThat(ended).isNotEmpty();
        assertThat(ended.values())
                .allSatisfy(cycles -> assertThat(cycles)
                        .containsExactlyElementsOf(Stream.iterate(1, cycle -> cycle + 1)
                                .limit(cycles.size())
                                .toList()));
        assertThat(installation.sent()).extracting(HandoverCommand::id).doesNotHaveDuplicates();
    }

    private static Set<String> jsonOf(Installation installation) {
        return installation.records(installation.commands()).stream()
                .map(record -> new String(record.value(), StandardCharsets.UTF_8))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Returns the commands that a back-test decides from a topic. */
    private Set<String> backtest(String topic) {
        List<String> arguments =
                new ArrayList<>(List.of("backtest", "--bootstrap-server", kafka.bootstrapServers(), "topic:" + topic));
        Installation.DECIDING.forEach((key, value) -> arguments.addAll(List.of("--set", key + "=" + value)));
        assertThat(invoke(arguments.toArray(String[]::new))).as(() -> text(err)).isZero();
        return text(out).lines().collect(Collectors.toCollection(TreeSet::new));
    }

    private static String timestampType(String topic) {
        try (Cluster cluster = new Cluster(ClientProperties.of(kafka.bootstrapServers(), null))) {
            return cluster.settings(topic, AclOperation.DESCRIBE_CONFIGS).getOrDefault("message.timestamp.type", "");
        }
    }

    private int repartition(Installation installation, String to, String... more) {
        return run(
                "repartition",
                Stream.concat(
                                Stream.of(
                                        "--topic-events",
                                        installation.events(),
                                        "--application-id",
                                        installation.prefix(),
                                        "--to",
                                        to,
                                        "--partitions",
                                        String.valueOf(NEW_PARTITIONS),
                                        "--new-application-id",
                                        installation.prefix() + "-6"),
                                Stream.of(more))
                        .toArray(String[]::new));
    }

    private int run(String command, String... more) {
        return invoke(Stream.concat(Stream.of(command, "--bootstrap-server", kafka.bootstrapServers()), Stream.of(more))
                .toArray(String[]::new));
    }

    private int invoke(String... arguments) {
        out.reset();
        err.reset();
        return HistoryMain.run(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                new StopSignal(),
                arguments);
    }

    private static String text(ByteArrayOutputStream stream) {
        return stream.toString(StandardCharsets.UTF_8);
    }
}
