package io.handover.torture;

import static org.assertj.core.api.Assertions.assertThat;

import io.handover.embeddedkafka.EmbeddedKafka;
import io.handover.embeddedkafka.FreePorts;
import io.handover.fakegenesys.FakeGenesys;
import io.handover.reference.Arrival;
import io.handover.reference.Command;
import io.handover.schema.AgentLookup;
import io.handover.schema.HandoverSerdes;
import io.handover.torture.EventBridge.Event;
import io.handover.torture.EventBridge.RetryPolicy;
import io.handover.traffic.Envelope;
import io.handover.traffic.GenesysEvent;
import io.handover.traffic.GenesysEvent.Kind;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The clock of a process is wrong. Its deliveries are stored, the ends that are held on quiet partitions are neither early
 * nor late, and the agent directory drops old lookups only. The cases run side by side, each in an installation of its own
 * on one broker.
 */
class ClockSkewIT {

    private static final long HOLD_MS = 4_000;

    /** The most time from a deadline to the arrival of its command. It is much shorter than the least wrong clock. */
    private static final long MOST_LATE_MS = 5_000;

    private static final int CONVERSATIONS = 4;

    /** In the first round, the app has not measured its clock yet. */
    private static final int ROUNDS = 2;

    private static final int SIDE_BY_SIDE = 2;
    private static final Duration POLL = Duration.ofMillis(20);
    private static final long PATIENCE_SECONDS = 240;
    private static final double SECONDS_OF_DOUBT = 1;
    private static final int OK = 200;
    private static final Pattern LOOKUPS =
            Pattern.compile("(?m)^handover_directory_lookups_total\\{outcome=\"([a-z-]+)\"} ([0-9.E]+)$");
    private static final Pattern SKEW = Pattern.compile("(?m)^handover_clock_skew_seconds ([-0-9.E]+|NaN)$");

    @TempDir
    private static Path folder;

    private static final ExecutorService RUNNERS = Executors.newFixedThreadPool(SIDE_BY_SIDE);
    private static final Map<WrongClock, Future<Result>> RUNS = new EnumMap<>(WrongClock.class);
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final FakeGenesys GENESYS = FakeGenesys.start(0);
    private static EmbeddedKafka kafka;

    /** The process whose clock is wrong, and how far its clock is ahead. */
    enum WrongClock {
        BRIDGE_15_S_AHEAD("bridge", 15),
        BRIDGE_15_S_BEHIND("bridge", -15),
        BRIDGE_2_H_AHEAD("bridge", 7_200),
        BRIDGE_2_H_BEHIND("bridge", -7_200),
        APP_15_S_AHEAD("app", 15),
        APP_15_S_BEHIND("app", -15),
        APP_2_H_AHEAD("app", 7_200),
        APP_2_H_BEHIND("app", -7_200);

        private final String process;
        private final int seconds;

        WrongClock(String process, int seconds) {
            this.process = process;
            this.seconds = seconds;
        }

        private String id() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        private int secondsOf(String other) {
            return process.equals(other) ? seconds : 0;
        }
    }

    /**
     * A held end. All times are those of the broker's clock, epoch ms.
     *
     * @param sentAt when the delivery that holds the end was sent
     * @param answeredAt when the bridge answered
     * @param decidedAt the time of the decision in each command that ends the handover
     * @param arrivedAt when these commands arrived
     */
    private record HeldEnd(long sentAt, long answeredAt, List<Long> decidedAt, List<Long> arrivedAt) {}

    /**
     * What happened in an installation.
     *
     * @param statuses the answers of the bridge
     * @param skewSeconds the gauge of each process
     * @param lookups how many lookups had each outcome
     */
    private record Result(
            List<HeldEnd> ends,
            List<Integer> statuses,
            Map<String, Double> skewSeconds,
            long ticks,
            Map<String, Integer> lookups) {}

    @BeforeAll
    static void start() {
        kafka = EmbeddedKafka.start(folder.resolve("broker"), 0);
        for (WrongClock wrong : WrongClock.values()) {
            RUNS.put(wrong, RUNNERS.submit(() -> run(wrong)));
        }
    }

    @AfterAll
    static void stop() throws InterruptedException {
        RUNNERS.shutdownNow();
        assertThat(RUNNERS.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        kafka.close();
        GENESYS.close();
    }

    @ParameterizedTest
    @EnumSource
    void shouldEndInTimeWithAWrongClock(WrongClock wrong) throws Exception {
        // Given, When
        Result result = Objects.requireNonNull(RUNS.get(wrong)).get(PATIENCE_SECONDS, TimeUnit.SECONDS);

        // Then
        assertThat(result.statuses()).containsOnly(OK);
        assertThat(result.ends()).hasSize(ROUNDS * CONVERSATIONS).allSatisfy(end -> {
            assertThat(end.decidedAt())
                    .singleElement()
                    .satisfies(decidedAt ->
                            assertThat(decidedAt).isBetween(end.sentAt() + HOLD_MS, end.answeredAt() + HOLD_MS));
            assertThat(end.arrivedAt().get(0) - end.decidedAt().get(0)).isBetween(0L, MOST_LATE_MS);
        });
        for (String process : List.of("bridge", "app")) {
            int seconds = wrong.secondsOf(process);
            assertThat(result.skewSeconds().get(process))
                    .as("skew of the " + process)
                    .isBetween(seconds - SECONDS_OF_DOUBT, seconds + SECONDS_OF_DOUBT);
        }
        assertThat(result.lookups()).isEqualTo(Map.of("unknown", 2, "too-old", 1));
        // One measures the clock, and one or two fire the ends of a partition in each round.
        assertThat(result.ticks()).isLessThanOrEqualTo((1 + 2 * ROUNDS) * (long) CONVERSATIONS);
    }

    private static Result run(WrongClock wrong) throws Exception {
        Path own = Files.createDirectory(folder.resolve(wrong.id()));
        StablePorts ports = new StablePorts();
        int appPort = ports.next();
        Map<String, String> installation = Map.of(
                "HANDOVER_APPLICATION_ID",
                wrong.id(),
                "HANDOVER_TOPIC_EVENTS",
                wrong.id() + "-events",
                "HANDOVER_TOPIC_COMMANDS",
                wrong.id() + "-commands",
                "HANDOVER_TOPIC_DEAD_LETTERS",
                wrong.id() + "-dead-letters",
                "HANDOVER_TOPIC_AGENT_LOOKUPS",
                wrong.id() + "-agent-lookups",
                "HANDOVER_TOPICS_CREATE",
                "true",
                "HANDOVER_TOPICS_PARTITIONS",
                String.valueOf(CONVERSATIONS));
        try (ChildProcess app = app(own, appPort, environment(installation, own, wrong, "app"))) {
            app.start();
            Map<String, String> environment = environment(installation, own, wrong, "bridge");
            environment.put("HANDOVER_ORGANIZATION_ID", Envelope.ORGANIZATION);
            environment.put("HANDOVER_GENESYS_REGION", GENESYS.baseUrl());
            environment.put("HANDOVER_GENESYS_CLIENT_ID", FakeGenesys.CLIENT_ID);
            environment.put("HANDOVER_GENESYS_CLIENT_SECRET", FakeGenesys.CLIENT_SECRET);
            try (BridgeProcess bridge = BridgeProcess.start(own, kafka.bootstrapServers(), environment);
                    EventBridge sender =
                            new EventBridge(bridge.endpoint(), BridgeProcess.KEY, RetryPolicy.DEFAULT, attempt -> {})) {
                bridge.awaitReady();
                awaitReady(appPort);
                List<HeldEnd> ends = new ArrayList<>();
                List<Integer> statuses = new ArrayList<>();
                for (int round = 0; round < ROUNDS; round++) {
                    ends.addAll(holdEnds(wrong, round, sender, statuses));
                }
                return new Result(
                        ends,
                        statuses,
                        Map.of("bridge", skewOf(bridge.metrics()), "app", skewOf(get(appPort, "/metrics"))),
                        ticksIn(wrong),
                        lookUp(wrong, bridge));
            }
        }
    }

    /** Asks for an agent just announced, for one announced an hour ago, and again for one just announced. */
    private static Map<String, Integer> lookUp(WrongClock wrong, BridgeProcess bridge) throws Exception {
        List<Duration> ages = List.of(Duration.ZERO, Duration.ofHours(1), Duration.ZERO);
        try (Producer<String, AgentLookup> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers()),
                new StringSerializer(),
                HandoverSerdes.agentLookups().serializer())) {
            for (int i = 0; i < ages.size(); i++) {
                AgentLookup lookup = new AgentLookup(
                        "conversation", "agent-" + i, Instant.now().minus(ages.get(i)));
                producer.send(new ProducerRecord<>(wrong.id() + "-agent-lookups", 0, "agent", lookup))
                        .get();
                int done = i + 1;
                Awaitility.await()
                        .atMost(BrokerCluster.PATIENCE)
                        .until(() -> lookupsOf(bridge).values().stream()
                                        .mapToInt(n -> n)
                                        .sum()
                                == done);
            }
        }
        return lookupsOf(bridge);
    }

    private static Map<String, Integer> lookupsOf(BridgeProcess bridge) throws IOException, InterruptedException {
        Map<String, Integer> lookups = new HashMap<>();
        for (MatchResult sample : LOOKUPS.matcher(bridge.metrics()).results().toList()) {
            int count = (int) Double.parseDouble(sample.group(2));
            if (count > 0) {
                lookups.put(sample.group(1), count);
            }
        }
        return lookups;
    }

    private static Map<String, String> environment(
            Map<String, String> installation, Path own, WrongClock wrong, String process) {
        Map<String, String> environment = new HashMap<>(installation);
        if (wrong.process.equals(process)) {
            FakeClock clock = FakeClock.of(own.resolve("clock"));
            clock.set(Duration.ofSeconds(wrong.seconds));
            environment.putAll(clock.environment());
        }
        return environment;
    }

    private static ChildProcess app(Path own, int port, Map<String, String> environment) {
        environment.putAll(Map.of(
                "HANDOVER_KAFKA_BOOTSTRAP_SERVERS", kafka.bootstrapServers(),
                "HANDOVER_STATE_DIR", own.resolve("state").toString(),
                "HANDOVER_TRANSFER_TIMEOUT_MS", String.valueOf(HOLD_MS),
                "HANDOVER_MANAGEMENT_HOST", FreePorts.HOST,
                "HANDOVER_MANAGEMENT_PORT", String.valueOf(port)));
        List<String> flags = List.of("-Xmx256m", "-Djava.io.tmpdir=" + own, Deployment.LOGBACK);
        return ChildProcess.of("app", flags, List.of(ChildMain.STREAMS_APP), environment, own);
    }

    private static void awaitReady(int port) {
        Awaitility.await()
                .atMost(BrokerCluster.PATIENCE)
                .ignoreExceptions()
                .until(() -> get(port, "/health/ready") != null);
    }

    /** Lets an end be held in each of a few conversations, and reads the commands until all have ended. */
    private static List<HeldEnd> holdEnds(WrongClock wrong, int round, EventBridge sender, List<Integer> statuses) {
        Map<String, HeldEnd> ends = new HashMap<>();
        try (KafkaConsumer<String, byte[]> commands = consumerOf(wrong.id() + "-commands")) {
            for (int i = 0; i < CONVERSATIONS; i++) {
                String id = wrong.id() + '-' + round + '-' + i;
                long sentAt = System.currentTimeMillis();
                statuses.add(sender.attempt(endOfWork(id, sentAt)).status());
                ends.put(id, new HeldEnd(sentAt, System.currentTimeMillis(), new ArrayList<>(), new ArrayList<>()));
            }
            long giveUp = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(HOLD_MS + 2 * MOST_LATE_MS);
            while (System.nanoTime() < giveUp
                    && ends.values().stream().anyMatch(end -> end.decidedAt().isEmpty())) {
                for (ConsumerRecord<String, byte[]> command : commands.poll(POLL)) {
                    Command read = Command.read(command.value());
                    HeldEnd end = ends.get(command.key());
                    if (end != null && read.type().equals(Command.ENDED)) {
                        end.decidedAt().add(read.decidedAt());
                        end.arrivedAt().add(System.currentTimeMillis());
                    }
                }
            }
        }
        return List.copyOf(ends.values());
    }

    /** Anna has completed her work. Nobody else serves, so the end is held for the transfer timeout. */
    private static Event endOfWork(String conversation, long time) {
        GenesysEvent event =
                new GenesysEvent(conversation, 1, Kind.ACW, time, "session-anna", "anna", null, null, 0, 0, null);
        Arrival arrival = new Arrival(time, event, "id-" + conversation);
        return new Event(arrival.eventId(), conversation, new String(arrival.envelope(), StandardCharsets.UTF_8));
    }

    /** Returns a consumer that is at the end of the topic. */
    private static KafkaConsumer<String, byte[]> consumerOf(String topic) {
        KafkaConsumer<String, byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers(), "isolation.level", "read_committed"),
                new StringDeserializer(),
                new ByteArrayDeserializer());
        List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                .map(info -> new TopicPartition(topic, info.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToEnd(partitions);
        partitions.forEach(consumer::position);
        return consumer;
    }

    private static long ticksIn(WrongClock wrong) {
        long[] ticks = {0};
        try (LogReader reader = LogReader.of(kafka.bootstrapServers(), IsolationLevel.READ_COMMITTED)) {
            for (TopicPartition partition : reader.partitionsOf(wrong.id() + "-events")) {
                reader.read(partition, read -> ticks[0] += Audit.isTick(read) ? 1 : 0);
            }
        }
        return ticks[0];
    }

    private static double skewOf(String metrics) {
        Matcher gauge = SKEW.matcher(metrics);
        assertThat(gauge.find()).as("the gauge of the skew in the metrics").isTrue();
        return Double.parseDouble(gauge.group(1));
    }

    /** Returns the body of an answer with the status 200. */
    private static String get(int port, String path) throws IOException, InterruptedException {
        HttpResponse<String> response = CLIENT.send(
                HttpRequest.newBuilder(URI.create("http://" + FreePorts.HOST + ":" + port + path))
                        .timeout(EventBridge.TIME_OUT)
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() != OK) {
            throw new IOException("Expected " + path + " to answer with 200, but it answered " + response.statusCode());
        }
        return response.body();
    }
}
