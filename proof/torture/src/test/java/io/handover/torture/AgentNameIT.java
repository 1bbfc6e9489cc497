package io.handover.torture;

import static org.assertj.core.api.Assertions.assertThat;

import io.handover.fakegenesys.Behaviour;
import io.handover.fakegenesys.FakeAgent;
import io.handover.fakegenesys.FakeGenesys;
import io.handover.reference.Command;
import io.handover.schema.RecordKind;
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
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The name of an agent comes once, from a bridge and an app in processes of their own. */
class AgentNameIT {

    private static final int WARM_UP = 20;
    private static final int AGENTS = 120;
    private static final long BETWEEN_STARTS_MS = 100;
    private static final Duration GENESYS_TAKES = Duration.ofMillis(50);
    private static final int OK = 200;

    /** All conversations are in one partition, so an agent is known in each of them after the first profile. */
    private static final Map<String, String> INSTALLATION = Map.of(
            "HANDOVER_TOPICS_CREATE", "true",
            "HANDOVER_TOPICS_PARTITIONS", "1",
            "HANDOVER_KAFKA_SESSION_TIMEOUT_MS", "6000",
            "HANDOVER_AGENT_PROFILES", "on");

    @TempDir
    private Path folder;

    private final FakeGenesys genesys = FakeGenesys.start(0);
    private final Map<String, Attempt> accepted = new ConcurrentHashMap<>();
    private final Map<String, List<Shown>> shown = new ConcurrentHashMap<>();
    private BrokerCluster kafka;
    private AppProcess app;
    private BridgeProcess bridge;
    private EventBridge sender;
    private KafkaConsumer<String, byte[]> consumer;
    private Thread watch;

    /** A command, and when a consumer of committed records read it, by {@link System#nanoTime()}. */
    private record Shown(Command command, long readNs) {}

    @BeforeEach
    void start() throws Exception {
        genesys.setOthers(id -> Optional.of(new FakeAgent(id, "Name of " + id)));
        genesys.become(Behaviour.slow(GENESYS_TAKES));
        kafka = new BrokerCluster(folder, 1, Map.of());
        kafka.start();
        app = AppProcess.start(folder, "app", kafka.bootstrapServers(), INSTALLATION);
        app.awaitReady();
        bridge = BridgeProcess.start(
                folder,
                kafka.bootstrapServers(),
                Map.of(
                        "HANDOVER_ORGANIZATION_ID",
                        Envelope.ORGANIZATION,
                        "HANDOVER_KAFKA_SESSION_TIMEOUT_MS",
                        "6000",
                        "HANDOVER_GENESYS_REGION",
                        genesys.baseUrl(),
                        "HANDOVER_GENESYS_CLIENT_ID",
                        FakeGenesys.CLIENT_ID,
                        "HANDOVER_GENESYS_CLIENT_SECRET",
                        FakeGenesys.CLIENT_SECRET,
                        "HANDOVER_GENESYS_REQUESTS_PER_MINUTE",
                        "6000"));
        bridge.awaitReady();
        Awaitility.await()
                .atMost(BrokerCluster.PATIENCE)
                .until(() -> bridge.get("/health/directory").statusCode() == OK);
        sender = new EventBridge(bridge.endpoint(), BridgeProcess.KEY, RetryPolicy.DEFAULT, this::note);
        watchCommands();
    }

    @AfterEach
    void stop() throws InterruptedException {
        sender.close();
        consumer.wakeup();
        watch.join();
        consumer.close();
        bridge.close();
        app.close();
        kafka.close();
        genesys.close();
    }

    private void note(Attempt attempt) {
        if (attempt.isAccepted()) {
            accepted.put(attempt.event().conversationId(), attempt);
        }
    }

    private void watchCommands() {
        consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers(), "isolation.level", "read_committed"),
                new StringDeserializer(),
                new ByteArrayDeserializer());
        consumer.assign(List.of(new TopicPartition(Topics.COMMANDS, 0)));
        consumer.seekToBeginning(consumer.assignment());
        watch = new Thread(this::readCommands, "commands");
        watch.start();
    }

    private void readCommands() {
        try {
            while (true) {
                consumer.poll(Duration.ofMillis(100))
                        .forEach(read -> shown.computeIfAbsent(read.key(), id -> new CopyOnWriteArrayList<>())
                                .add(new Shown(Command.read(read.value()), System.nanoTime())));
            }
        } catch (WakeupException e) {
            // stop() wakes the consumer up.
            return;
        }
    }

    @Test
    void shouldShowEachNameOnce() {
        // Given
        startAll("warm-up", WARM_UP);
        IntStream.range(0, WARM_UP).forEach(i -> awaitName("warm-up-" + i));

        // When
        startAll("first", AGENTS);
        IntStream.range(0, AGENTS).forEach(i -> awaitName("first-" + i));
        startAll("second", AGENTS);
        IntStream.range(0, AGENTS).forEach(i -> awaitName("second-" + i));

        // Then
        for (int i = 0; i < AGENTS; i++) {
            String name = "Name of agent-" + i;
            assertThat(names("first-" + i)).containsExactly("null", name + " (by profile)");
            assertThat(names("second-" + i)).containsExactly(name);
        }
        System.out.println("from the 200 to the name, agent not known:     " + percentiles("first"));
        System.out.println("from the 200 to the name, agent already known: " + percentiles("second"));
    }

    @Test
    void shouldShowTheNameOnceAfterTheAppWasKilledBeforeItCame() throws Exception {
        // Given
        genesys.become(Behaviour.HANGING);
        Future<Attempt> first = sender.deliver(start("conversation", "anna"));
        Awaitility.await()
                .atMost(BrokerCluster.PATIENCE)
                .until(() -> genesys.requests().stream()
                        .anyMatch(request -> request.path().endsWith("/anna")));
        assertThat(names("conversation")).containsExactly("null");
        assertThat(profiles()).isZero();

        // When
        app.kill();
        genesys.become(Behaviour.NORMAL);
        Awaitility.await().atMost(BrokerCluster.PATIENCE).until(() -> profiles() == 1);
        app.restart();

        // Then
        awaitName("conversation");
        Future<Attempt> second = sender.deliver(start("later", "anna"));
        awaitName("later");
        assertThat(first.get().status()).isEqualTo(200);
        assertThat(second.get().status()).isEqualTo(200);
        assertThat(names("conversation")).containsExactly("null", "Name of anna (by profile)");
        assertThat(names("later")).containsExactly("Name of anna");
    }

    /** Lets agents start, each in a conversation of its own, at a steady rate. */
    private void startAll(String prefix, int agents) {
        ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
        for (int i = 0; i < agents; i++) {
            Event event = start(prefix + '-' + i, (prefix.equals("warm-up") ? "other-" : "agent-") + i);
            Runnable delivery = () -> {
                Future<Attempt> unused = sender.deliver(event);
            };
            Future<?> unused = clock.schedule(delivery, i * BETWEEN_STARTS_MS, TimeUnit.MILLISECONDS);
        }
        clock.shutdown();
    }

    private static Event start(String conversation, String agent) {
        GenesysEvent event = new GenesysEvent(
                conversation,
                1,
                Kind.USER_START,
                System.currentTimeMillis(),
                "session-of-" + agent,
                agent,
                "queue",
                null,
                0,
                0,
                null);
        String id = "id-of-" + conversation;
        return new Event(id, conversation, new String(event.envelope(id, null), StandardCharsets.UTF_8));
    }

    private void awaitName(String conversation) {
        Awaitility.await()
                .atMost(BrokerCluster.PATIENCE)
                .until(() -> shown.getOrDefault(conversation, List.of()).stream()
                        .anyMatch(one -> one.command().shown().name() != null));
    }

    /** The names that a conversation was told, one per command. */
    private List<String> names(String conversation) {
        return shown.getOrDefault(conversation, List.of()).stream()
                .map(one -> one.command().shown())
                .map(one -> one.name() + (one.byProfile() ? " (by profile)" : ""))
                .toList();
    }

    private String percentiles(String prefix) {
        List<Long> sorted = IntStream.range(0, AGENTS)
                .mapToObj(i -> prefix + '-' + i)
                .map(conversation -> {
                    List<Shown> all = shown.getOrDefault(conversation, List.of());
                    Attempt answered = Objects.requireNonNull(accepted.get(conversation), conversation);
                    return TimeUnit.NANOSECONDS.toMillis(all.get(all.size() - 1).readNs() - answered.endedNs());
                })
                .sorted()
                .toList();
        return "p50 %d ms, p99 %d ms, longest %d ms of %d"
                .formatted(
                        sorted.get(sorted.size() / 2),
                        sorted.get(sorted.size() * 99 / 100),
                        sorted.get(sorted.size() - 1),
                        sorted.size());
    }

    private long profiles() {
        return kafka.events().stream()
                .filter(stored -> new String(
                                stored.headers().lastHeader(RecordKind.HEADER).value(), StandardCharsets.UTF_8)
                        .equals(RecordKind.AGENT_PROFILE.label()))
                .count();
    }
}
