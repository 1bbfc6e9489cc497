package io.handover.torture;

import static org.assertj.core.api.Assertions.assertThat;

import io.handover.conversation.fold.CustomerAddress;
import io.handover.embeddedkafka.EmbeddedKafka;
import io.handover.history.backtest.BacktestCommand;
import io.handover.history.replay.ReplayCommand;
import io.handover.reference.Arrival;
import io.handover.reference.Command;
import io.handover.reference.Comparison;
import io.handover.reference.ConversationLogs;
import io.handover.reference.Invariants;
import io.handover.reference.LogEntry;
import io.handover.reference.ReferenceModel;
import io.handover.reference.Rules;
import io.handover.reference.RunSeed;
import io.handover.reference.UnreliableDelivery;
import io.handover.schema.AgentProfile;
import io.handover.schema.HandoverSerdes;
import io.handover.schema.RecordKind;
import io.handover.schema.Topics;
import io.handover.service.StreamsAppSettings;
import io.handover.service.TopicNames;
import io.handover.streams.ConversationMetrics;
import io.handover.streams.ConversationTopology;
import io.handover.streams.StreamsApp;
import io.handover.terminal.StopSignal;
import io.handover.torture.Script.Conversation;
import io.handover.traffic.Choices;
import io.handover.traffic.GenesysEvent;
import io.handover.traffic.Tempo;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.errors.LogAndContinueExceptionHandler;
import org.apache.kafka.streams.test.TestRecord;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/**
 * A log that was processed while it grew, with its ticks, is processed again by other applications on a real broker, in
 * virtual time by a back-test, through a TopologyTestDriver, and published to another topic. All write the same commands
 * with the same names of agents, byte for byte.
 */
class ReplayIT {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int PARTITIONS = 4;
    private static final int CONVERSATIONS = 400;
    private static final int NOISE_ONE_IN = 10;
    private static final int PROFILE_ONE_IN = 3;
    private static final int RESTARTS = 5;
    /** The retention is short, so that handovers of conversations that fall silent expire within the test. */
    private static final Rules RULES = new Rules(300, 1_500, 2_000, true, true, 15_000, 4_000);

    private static final String REPLAYED = "replayed-events";

    private static final Tempo TEMPO = new Tempo(600, 400, 1_200, 1_200, 3_000);
    private static final UnreliableDelivery DELIVERY = UnreliableDelivery.within(RULES.graceMs() - 10, 3_000);

    @TempDir
    private Path folder;

    private final AtomicReference<@Nullable Throwable> fatal = new AtomicReference<>();

    @SuppressWarnings("NullAway.Init") // made when the application runs
    private Script script;

    private EmbeddedKafka kafka;
    private Admin admin;

    @BeforeEach
    void startBroker() {
        kafka = EmbeddedKafka.start(folder.resolve("broker"), 0);
        admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()));
    }

    @AfterEach
    void stopBroker() {
        admin.close();
        kafka.close();
        assertThat(fatal.get()).isNull();
    }

    @Test
    void shouldGiveTheSameBytesAgain() throws Exception {
        // Given
        Map<TopicPartition, Long> before;
        try (StreamsApp live = start("live", Map.of())) {
            before = ends(Topics.COMMANDS);
            // Not earlier: an event that waits for a slow start would be too old.
            script = new Script(RunSeed.of(1), System.currentTimeMillis() + 1_000, 25, TEMPO, DELIVERY);
            publish();
            Awaitility.await().atMost(PATIENCE).until(() -> remaining("live") == 0 && live.held() == 0);
            int expected = expectedByTheModel();
            Awaitility.await().atMost(PATIENCE).until(() -> count(commands(before, ends(Topics.COMMANDS))) >= expected);
        }
        Map<TopicPartition, Long> after = ends(Topics.COMMANDS);
        Map<String, List<String>> commands = commands(before, after);
        assertThat(commands).hasSizeGreaterThan(CONVERSATIONS / 2);
        assertAsInTheModel(commands);
        // When / Then
        assertThat(replayed("one-by-one", Map.of("threads", "1", "kafka.consumer.max.poll.records", "1")))
                .isEqualTo(commands);
        assertThat(replayed(
                        "all-at-once",
                        Map.of(
                                "threads",
                                "4",
                                "kafka.consumer.max.poll.records",
                                "5000",
                                "kafka.commit.interval.ms",
                                "5000")))
                .isEqualTo(commands);
        assertThat(replayedWithRestarts()).isEqualTo(commands);
        assertThat(backtested()).isEqualTo(values(commands));
        assertThat(throughTheTestDriver()).isEqualTo(values(commands));
        assertThat(published()).isEqualTo(commands);
    }

    /** Publishes the deliveries and profiles of the topic to another topic, and processes them there. */
    private Map<String, List<String>> published() throws Exception {
        PrintStream out = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        int code = ReplayCommand.commandLine(out, out, new StopSignal())
                .execute(
                        "publish",
                        "topic:" + Topics.EVENTS,
                        "--bootstrap-server",
                        kafka.bootstrapServers(),
                        "--topic",
                        REPLAYED,
                        "--create-partitions",
                        String.valueOf(PARTITIONS),
                        "--broken",
                        folder.resolve("broken-while-publishing").toString());
        assertThat(code).isZero();
        Map<TopicPartition, Long> before = ends(Topics.COMMANDS);
        try (StreamsApp app = start("published", Map.of("topic.events", REPLAYED))) {
            Awaitility.await().atMost(PATIENCE).until(() -> remaining("published", REPLAYED) == 0 && app.held() == 0);
        }
        return commands(before, ends(Topics.COMMANDS));
    }

    /** Back-tests the log of the topic. */
    private Map<String, List<String>> backtested() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int code = new CommandLine(new BacktestCommand(
                        new PrintStream(out, false, StandardCharsets.UTF_8),
                        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8),
                        new StopSignal()))
                .execute(
                        "--bootstrap-server",
                        kafka.bootstrapServers(),
                        "--broken",
                        folder.resolve("broken").toString(),
                        "--config",
                        settingsFile().toString(),
                        "topic:" + Topics.EVENTS);
        assertThat(code).isZero();
        return out.toString(StandardCharsets.UTF_8)
                .lines()
                .collect(Collectors.groupingBy(ReplayIT::conversationOf, TreeMap::new, Collectors.toList()));
    }

    private Path settingsFile() {
        Properties properties = new Properties();
        properties.putAll(decisions());
        Path file = folder.resolve("streams-app.properties");
        try (Writer writer = Files.newBufferedWriter(file)) {
            properties.store(writer, null);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return file;
    }

    /** Runs each partition of the log through the topology, record by record. */
    private Map<String, List<String>> throughTheTestDriver() {
        Map<String, List<String>> commands = new TreeMap<>();
        try (LogReader reader = LogReader.of(kafka.bootstrapServers(), IsolationLevel.READ_COMMITTED)) {
            for (TopicPartition partition : reader.partitionsOf(Topics.EVENTS)) {
                try (TopologyTestDriver driver = new TopologyTestDriver(
                        ConversationTopology.build(
                                TopicNames.DEFAULT,
                                1,
                                StreamsAppSettings.policy(StreamsApp.settings().load(null, Map.of(), decisions())),
                                CustomerAddress.DEFAULT,
                                new ConversationMetrics(new SimpleMeterRegistry())),
                        driverProperties(partition),
                        Instant.EPOCH)) {
                    var events =
                            driver.createInputTopic(Topics.EVENTS, new StringSerializer(), new ByteArraySerializer());
                    reader.read(
                            partition,
                            record -> events.pipeInput(new TestRecord<>(
                                    record.key(), record.value(), record.headers(), record.timestamp())));
                    driver.createOutputTopic(Topics.COMMANDS, new StringDeserializer(), new ByteArrayDeserializer())
                            .readKeyValuesToList()
                            .forEach(command -> commands.computeIfAbsent(command.key, key -> new ArrayList<>())
                                    .add(new String(command.value, StandardCharsets.UTF_8)));
                }
            }
        }
        return commands;
    }

    private Properties driverProperties(TopicPartition partition) {
        Properties properties = new Properties();
        properties.putAll(Map.of(
                "application.id",
                "driver",
                "bootstrap.servers",
                "unused:9092",
                "state.dir",
                folder.resolve("driver-" + partition.partition()).toString(),
                // As the application has it: what is broken is a dead letter, and the log goes on.
                "deserialization.exception.handler",
                LogAndContinueExceptionHandler.class.getName()));
        return properties;
    }

    private static Map<String, List<String>> values(Map<String, List<String>> records) {
        Map<String, List<String>> values = new TreeMap<>();
        records.forEach((conversation, commands) ->
                values.put(conversation, commands.stream().map(ReplayIT::value).toList()));
        return values;
    }

    private static String conversationOf(String command) {
        String name = "\"conversationId\":\"";
        int begin = command.indexOf(name) + name.length();
        return command.substring(begin, command.indexOf('"', begin));
    }

    private static String value(String record) {
        return record.substring(0, record.lastIndexOf('}') + 1);
    }

    private Map<String, List<String>> replayed(String application, Map<String, String> settings) throws Exception {
        Map<TopicPartition, Long> before = ends(Topics.COMMANDS);
        try (StreamsApp app = start(application, settings)) {
            Awaitility.await().atMost(PATIENCE).until(() -> remaining(application) == 0 && app.held() == 0);
        }
        return commands(before, ends(Topics.COMMANDS));
    }

    /** Replays with five restarts at arbitrary offsets, and loses the local state every other time. */
    private Map<String, List<String>> replayedWithRestarts() throws Exception {
        Map<TopicPartition, Long> before = ends(Topics.COMMANDS);
        Map<String, String> slow =
                Map.of("threads", "1", "kafka.consumer.max.poll.records", "1", "kafka.commit.interval.ms", "10");
        Choices choices = Choices.seeded(RunSeed.of(20_260_115));
        for (int i = 0; i < RESTARTS; i++) {
            long until = remaining("restarted") - choices.between(1, 500);
            StreamsApp app = start("restarted", "restarted-" + i / 2, slow);
            try {
                Awaitility.await()
                        .atMost(PATIENCE)
                        .pollInterval(Duration.ofMillis(5))
                        .until(() -> fatal.get() != null || remaining("restarted") <= until);
            } finally {
                app.close();
            }
            assertThat(remaining("restarted"))
                    .as("what is left when it stops for the %d. time", i + 1)
                    .isPositive();
        }
        try (StreamsApp app = start("restarted", Map.of())) {
            Awaitility.await().atMost(PATIENCE).until(() -> remaining("restarted") == 0 && app.held() == 0);
        }
        return commands(before, ends(Topics.COMMANDS));
    }

    private StreamsApp start(String application, Map<String, String> settings) {
        return start(application, application, settings);
    }

    private StreamsApp start(String application, String state, Map<String, String> settings) {
        Map<String, String> all = new LinkedHashMap<>(Map.of(
                "management.port",
                "0",
                "topics.create",
                "true",
                "topics.partitions",
                String.valueOf(PARTITIONS),
                "application.id",
                application,
                "state.dir",
                folder.resolve(state).toString()));
        all.putAll(decisions());
        all.putAll(settings);
        StreamsApp app = StreamsApp.start(StreamsApp.settings().load(null, Map.of(), all), fatal::set);
        Awaitility.await().atMost(PATIENCE).until(app::ready);
        return app;
    }

    private Map<String, String> decisions() {
        return Map.of(
                "kafka.bootstrap.servers", kafka.bootstrapServers(),
                "transfer.timeout.ms", String.valueOf(RULES.transferTimeoutMs()),
                "after.call.work.timeout.ms", String.valueOf(RULES.afterCallWorkTimeoutMs()),
                "out.of.order.grace.ms", String.valueOf(RULES.graceMs()),
                "conversation.retention.ms", String.valueOf(RULES.retentionMs()),
                "agent.profiles", "on",
                "agent.profile.refresh.ms", "1000",
                "agent.profile.retention.ms", String.valueOf(RULES.profileRetentionMs()));
    }

    /** Publishes each delivery at the time of its arrival, as the bridge would. */
    private void publish() throws Exception {
        ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
        try (KafkaProducer<String, byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers(), "linger.ms", "0"),
                new StringSerializer(),
                new ByteArraySerializer())) {
            Queue<Future<RecordMetadata>> written = new ConcurrentLinkedQueue<>();
            List<Future<?>> sent = new ArrayList<>();
            for (int i = 0; i < CONVERSATIONS; i++) {
                Conversation conversation = script.conversation(i);
                for (Arrival arrival : conversation.planned()) {
                    Runnable send = () -> {
                        if (arrival.at() % NOISE_ONE_IN == 0) {
                            written.add(producer.send(noise(arrival)));
                        }
                        if (arrival.event().agentId() != null && arrival.at() % PROFILE_ONE_IN == 0) {
                            written.add(producer.send(profile(arrival)));
                        }
                        written.add(producer.send(record(arrival, arrival.envelope())));
                    };
                    sent.add(clock.schedule(send, arrival.at() - System.currentTimeMillis(), TimeUnit.MILLISECONDS));
                }
            }
            for (Future<?> future : sent) {
                future.get();
            }
            for (Future<RecordMetadata> future : written) {
                future.get();
            }
        } finally {
            clock.shutdownNow();
        }
    }

    private static ProducerRecord<String, byte[]> record(Arrival arrival, byte[] value) {
        return new ProducerRecord<>(
                Topics.EVENTS, null, arrival.at(), arrival.event().conversationId(), value);
    }

    /** Returns a profile of the agent of an event. It has one of several names, a picture or none, or is unknown. */
    private ProducerRecord<String, byte[]> profile(Arrival beside) {
        GenesysEvent event = beside.event();
        long number = event.time() % 8;
        String name = number == 0 ? null : event.agentId() + " " + number % 2;
        String picture = number < 4 ? null : "https://pictures.example/" + event.agentId();
        AgentProfile profile = new AgentProfile(
                number == 1 ? script.conversation(0).id() : event.conversationId(),
                Objects.requireNonNull(event.agentId()),
                name,
                picture);
        return new ProducerRecord<>(
                Topics.EVENTS,
                null,
                beside.at(),
                profile.conversationId(),
                HandoverSerdes.agentProfileSerializer().serialize(Topics.EVENTS, profile),
                List.of(RecordKind.AGENT_PROFILE.header()));
    }

    /** Returns an unknown or broken delivery, which must not change any command. */
    private static ProducerRecord<String, byte[]> noise(Arrival beside) {
        String envelope = new String(beside.envelope(), StandardCharsets.UTF_8);
        String noise = beside.event().time() % 2 == 0
                ? envelope.replace('.' + beside.event().kind().topic(), ".attributes")
                : envelope.substring(envelope.length() / 2);
        return record(beside, noise.getBytes(StandardCharsets.UTF_8));
    }

    /** The number of commands, with those of the handovers that expire. */
    private int expectedByTheModel() {
        return entries().values().stream()
                .mapToInt(logged ->
                        ReferenceModel.commands(RULES, logged, Long.MAX_VALUE).size())
                .sum();
    }

    private static int count(Map<String, List<String>> commands) {
        return commands.values().stream().mapToInt(List::size).sum();
    }

    /** Asserts that the commands of the live run are those of the reference model for the same log. */
    private void assertAsInTheModel(Map<String, List<String>> commands) {
        Map<String, List<LogEntry>> entries = entries();
        assertThat(entries).hasSize(CONVERSATIONS);
        List<Command> all = new ArrayList<>();
        entries.forEach((conversation, logged) -> {
            List<Command> seen = commands.getOrDefault(conversation, List.of()).stream()
                    .map(record -> Command.read(value(record).getBytes(StandardCharsets.UTF_8)))
                    .toList();
            List<Command> expected = ReferenceModel.commands(RULES, logged, Long.MAX_VALUE);
            List<Arrival> arrivals = logged.stream()
                    .filter(Arrival.class::isInstance)
                    .map(Arrival.class::cast)
                    .toList();
            long start = logged.get(0).at();
            assertThat(Comparison.of(expected, seen).isClean())
                    .as(() -> Arrival.describe(arrivals, start)
                            + Command.describe("expected", expected, start)
                            + Command.describe("seen", seen, start))
                    .isTrue();
            assertThat(Invariants.breaches(RULES, arrivals, seen)).isEmpty();
            all.addAll(seen);
        });
        assertThat(all).filteredOn(command -> command.shown().byProfile()).hasSizeGreaterThan(50);
        assertThat(all)
                .filteredOn(command ->
                        !command.shown().byProfile() && command.shown().name() != null)
                .hasSizeGreaterThan(50);
    }

    /** Returns the arrivals and profiles that matter to each conversation, in the order of the log, without the noise. */
    private Map<String, List<LogEntry>> entries() {
        Map<String, Arrival> planned = new HashMap<>();
        for (int i = 0; i < CONVERSATIONS; i++) {
            for (Arrival arrival : script.conversation(i).planned()) {
                planned.put(new String(arrival.envelope(), StandardCharsets.UTF_8), arrival);
            }
        }
        Map<String, List<LogEntry>> entries = new HashMap<>();
        try (LogReader reader = LogReader.of(kafka.bootstrapServers(), IsolationLevel.READ_COMMITTED)) {
            for (TopicPartition partition : reader.partitionsOf(Topics.EVENTS)) {
                ConversationLogs logs = new ConversationLogs(RULES);
                Set<String> conversations = new HashSet<>();
                long[] time = {Long.MIN_VALUE};
                reader.read(partition, record -> {
                    time[0] = Math.max(time[0], record.timestamp());
                    Arrival arrival = planned.get(new String(record.value(), StandardCharsets.UTF_8));
                    if (arrival != null) {
                        conversations.add(record.key());
                        logs.add(new Arrival(time[0], arrival.event(), arrival.eventId()));
                    } else if (Audit.isProfile(record)) {
                        logs.add(Audit.profileOf(record, time[0]));
                    }
                });
                conversations.forEach(conversation -> entries.put(conversation, logs.of(conversation)));
            }
        }
        return entries;
    }

    private Map<TopicPartition, Long> ends(String topic) throws ExecutionException, InterruptedException {
        Map<TopicPartition, OffsetSpec> partitions = new HashMap<>();
        for (int partition = 0; partition < PARTITIONS; partition++) {
            partitions.put(new TopicPartition(topic, partition), OffsetSpec.latest());
        }
        Map<TopicPartition, Long> ends = new HashMap<>();
        admin.listOffsets(partitions, new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
                .all()
                .get()
                .forEach((partition, end) -> ends.put(partition, end.offset()));
        return ends;
    }

    /** Returns the number of records that the application has not processed. */
    private long remaining(String application) throws ExecutionException, InterruptedException {
        return remaining(application, Topics.EVENTS);
    }

    private long remaining(String application, String topic) throws ExecutionException, InterruptedException {
        Map<TopicPartition, Long> ends = ends(topic);
        var done = admin.listConsumerGroupOffsets(application)
                .partitionsToOffsetAndMetadata()
                .get();
        long remaining = 0;
        for (Map.Entry<TopicPartition, Long> end : ends.entrySet()) {
            var offset = done.get(end.getKey());
            remaining += end.getValue() - (offset == null ? 0 : offset.offset());
        }
        return remaining;
    }

    /** Returns the commands of each conversation between two ends of the topic, with record time and headers. */
    private Map<String, List<String>> commands(Map<TopicPartition, Long> from, Map<TopicPartition, Long> to) {
        Map<String, List<String>> commands = new TreeMap<>();
        try (LogReader reader = LogReader.of(kafka.bootstrapServers(), IsolationLevel.READ_COMMITTED)) {
            for (TopicPartition partition : from.keySet()) {
                reader.read(partition, record -> {
                    if (record.offset() >= from.getOrDefault(partition, 0L)
                            && record.offset() < to.getOrDefault(partition, 0L)) {
                        commands.computeIfAbsent(record.key(), key -> new ArrayList<>())
                                .add(text(record));
                    }
                });
            }
        }
        return commands;
    }

    private static String text(ConsumerRecord<String, byte[]> record) {
        StringBuilder text = new StringBuilder(new String(record.value(), StandardCharsets.UTF_8));
        text.append(' ').append(record.timestamp());
        for (Header header : record.headers()) {
            text.append(' ')
                    .append(header.key())
                    .append('=')
                    .append(new String(header.value(), StandardCharsets.UTF_8));
        }
        return text.toString();
    }
}
