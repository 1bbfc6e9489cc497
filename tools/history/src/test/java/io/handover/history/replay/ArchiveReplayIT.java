package io.handover.history.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.handover.history.TestCluster;
import io.handover.ingress.IngressBridge;
import io.handover.reference.ArchiveReplay;
import io.handover.reference.Arrival;
import io.handover.reference.Command;
import io.handover.reference.UnreliableDelivery;
import io.handover.schema.Topics;
import io.handover.streams.StreamsApp;
import io.handover.traffic.Choices;
import io.handover.traffic.Envelope;
import io.handover.traffic.GenesysEvent;
import io.handover.traffic.GenesysEvent.Kind;
import io.handover.traffic.History;
import io.handover.traffic.HistoryGenerator;
import io.handover.traffic.Tempo;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Yesterday some deliveries were lost, and streams-app decided on the others. Today EventBridge replays its archive over
 * HTTP: the earlier commands remain the only ones for their handovers, and lost handovers get their commands, once.
 */
class ArchiveReplayIT {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String API_KEY = "integration-test-key";
    private static final int CONVERSATIONS = 24;

    /** From this seed on, some replays deliver an agent's start long before the end of the same agent session. */
    private static final int FIRST_SEED = 36;

    private static final int SENDERS = 32;
    private static final long HOUR_MS = 3_600_000;

    /** The deliveries of a conversation that are lost. */
    private enum Loss {
        NOTHING,
        CUSTOMER_END,
        FIRST_AGENT_AND_CUSTOMER_END,
        AFTER_CALL_WORK_AND_ENDS,
        EVERY_OTHER,
        EVERYTHING;

        private static Loss of(int number) {
            return values()[number % values().length];
        }

        private boolean includes(GenesysEvent event, History history) {
            Kind kind = event.kind();
            return switch (this) {
                case NOTHING -> false;
                case CUSTOMER_END -> kind == Kind.CUSTOMER_END;
                case FIRST_AGENT_AND_CUSTOMER_END ->
                    kind == Kind.CUSTOMER_END || event.session().equals(firstAgentSession(history));
                case AFTER_CALL_WORK_AND_ENDS -> kind == Kind.ACW || kind == Kind.USER_END || kind == Kind.CUSTOMER_END;
                case EVERY_OTHER -> event.time() % 2 == 0;
                case EVERYTHING -> true;
            };
        }

        private static String firstAgentSession(History history) {
            return history.events().stream()
                    .filter(event -> event.kind() == Kind.USER_START)
                    .map(GenesysEvent::session)
                    .findFirst()
                    .orElse("");
        }
    }

    @TempDir
    private Path folder;

    private final AtomicReference<@Nullable Throwable> fatal = new AtomicReference<>();
    private final HttpClient http = HttpClient.newHttpClient();
    private final List<History> histories = new ArrayList<>();
    private final List<Arrival> archived = new ArrayList<>();
    private final List<Arrival> delivered = new ArrayList<>();
    private TestCluster cluster;
    private @Nullable IngressBridge bridge;
    private StreamsApp app;

    @BeforeEach
    void start() throws Exception {
        cluster = TestCluster.start(folder.resolve("broker"));
        app = StreamsApp.start(
                StreamsApp.settings()
                        .load(
                                null,
                                Map.of(),
                                settings(Map.of(
                                        "state.dir", folder.resolve("state").toString(),
                                        // The shortest that a busy machine allows, so that the test need not wait two
                                        // minutes.
                                        "transfer.timeout.ms", "3000",
                                        "after.call.work.timeout.ms", "5000"))),
                fatal::set);
        Awaitility.await().atMost(PATIENCE).until(app::ready);
        generateYesterday();
    }

    @AfterEach
    void stop() {
        app.close();
        if (bridge != null) {
            bridge.close();
        }
        cluster.close();
        assertThat(fatal.get()).isNull();
    }

    /** The records of yesterday have the times of then. From now on, the broker dates them, as the bridge requires. */
    private void startBridge() throws Exception {
        cluster.admin()
                .incrementalAlterConfigs(Map.of(
                        new ConfigResource(ConfigResource.Type.TOPIC, Topics.EVENTS),
                        List.of(new AlterConfigOp(
                                new ConfigEntry("message.timestamp.type", "LogAppendTime"), AlterConfigOp.OpType.SET))))
                .all()
                .get();
        bridge = IngressBridge.start(IngressBridge.settings()
                .load(
                        null,
                        Map.of(),
                        settings(Map.of(
                                "http.port", "0", "api.key", API_KEY, "organization.id", Envelope.ORGANIZATION))));
        Awaitility.await().atMost(PATIENCE).until(() -> bridge != null && bridge.ready());
    }

    private Map<String, String> settings(Map<String, String> more) {
        Map<String, String> settings = new LinkedHashMap<>(more);
        settings.put("kafka.bootstrap.servers", cluster.bootstrapServers());
        settings.put("management.port", "0");
        return settings;
    }

    private void generateYesterday() {
        long yesterday = System.currentTimeMillis() - 30 * HOUR_MS;
        for (int i = 0; i < CONVERSATIONS; i++) {
            Choices choices = Choices.seeded(FIRST_SEED + i);
            History history =
                    HistoryGenerator.generate(Tempo.HUMAN, choices, "conversation-" + i, yesterday + i * 60_000L);
            histories.add(history);
            for (Arrival arrival : UnreliableDelivery.within(1_999, 0).deliver(history, choices)) {
                archived.add(arrival);
                if (!Loss.of(i).includes(arrival.event(), history)) {
                    delivered.add(arrival);
                }
            }
        }
        delivered.sort(Comparator.comparingLong(Arrival::at));
    }

    @Test
    void shouldDecideLostHandoversAndRepeatNoCommand() throws Exception {
        // Given
        cluster.publish(delivered);
        awaitDecided();
        Map<String, List<Command>> before = commands();
        startBridge();

        // When
        replay("make-up", archived);
        awaitDecided();

        // Then
        Map<String, List<Command>> afterwards = commands();
        for (int i = 0; i < CONVERSATIONS; i++) {
            check(
                    i,
                    before.getOrDefault("conversation-" + i, List.of()),
                    afterwards.getOrDefault("conversation-" + i, List.of()));
        }

        // When
        replay("make-up-again", archived.subList(0, archived.size() / 3));
        awaitDecided();
        // Then
        assertThat(commands()).isEqualTo(afterwards);
    }

    private void check(int number, List<Command> before, List<Command> afterwards) {
        History history = histories.get(number);
        String story = history
                + Command.describe("yesterday", before, history.start())
                + Command.describe("after the replay", afterwards, history.start());
        assertThat(afterwards.subList(0, before.size())).as(story).isEqualTo(before);
        List<Command> added = afterwards.subList(before.size(), afterwards.size());
        if (Loss.of(number) == Loss.NOTHING) {
            assertThat(added).as(story).isEmpty();
        }
        long over = before.stream()
                .filter(Command::isEnd)
                .mapToLong(Command::occurredAt)
                .max()
                .orElse(Long.MIN_VALUE);
        for (Command command : added) {
            assertThat(command.occurredAt()).as(story).isGreaterThan(over);
            over = command.isEnd() ? command.occurredAt() : over;
        }
        Set<String> ids = new HashSet<>();
        Set<Integer> ended = new HashSet<>();
        assertThat(afterwards).as(story).allMatch(command -> ids.add(command.id()));
        assertThat(afterwards).as(story).filteredOn(Command::isEnd).allMatch(end -> ended.add(end.cycle()));
        assertThat(afterwards)
                .as(story)
                .filteredOn(Command::isEnd)
                .anyMatch(end -> handover(history, end) == history.handovers());
        for (Command end : before) {
            if (end.isEnd() && end.occurredAt() >= lastGone(history, handover(history, end))) {
                assertThat(added).as(story).noneMatch(command -> handover(history, command) == handover(history, end));
            }
        }
    }

    /** Returns the number of the handover that really caused the command. */
    private static int handover(History history, Command command) {
        String deciding = command.evidence().get(command.evidence().size() - 1);
        return history.events().stream()
                .filter(event -> deciding.equals(event.kind().topic() + '@' + event.time()))
                .mapToInt(GenesysEvent::handover)
                .findFirst()
                .orElseThrow();
    }

    private static long lastGone(History history, int handover) {
        return history.events().stream()
                .filter(event -> event.handover() == handover && event.kind() == Kind.USER_END)
                .mapToLong(GenesysEvent::time)
                .max()
                .orElse(Long.MIN_VALUE);
    }

    /** Sends concurrently; each sender waits for an answer before its next delivery. */
    private void replay(String name, List<Arrival> again) throws Exception {
        Queue<Arrival> left =
                new ArrayDeque<>(new ArchiveReplay(name, 1_000).deliver(again, 0, Choices.seeded(name.hashCode())));
        List<CompletableFuture<Void>> senders = new ArrayList<>();
        for (int i = 0; i < SENDERS; i++) {
            senders.add(sendOn(left));
        }
        CompletableFuture.allOf(senders.toArray(CompletableFuture[]::new)).get();
    }

    private CompletableFuture<Void> sendOn(Queue<Arrival> left) {
        Arrival next;
        synchronized (left) {
            next = left.poll();
        }
        if (next == null) {
            return CompletableFuture.completedFuture(null);
        }
        return http.sendAsync(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:"
                                        + Objects.requireNonNull(bridge, "bridge")
                                                .port() + "/handover/genesysCloudOM"))
                                .header("Authorization", API_KEY)
                                .POST(BodyPublishers.ofByteArray(next.envelope()))
                                .build(),
                        BodyHandlers.discarding())
                .thenApply(HttpResponse::statusCode)
                .thenCompose(status -> {
                    assertThat(status).isEqualTo(200);
                    return sendOn(left);
                });
    }

    private void awaitDecided() {
        Awaitility.await().atMost(PATIENCE).until(() -> cluster.isReadBy("handover") && app.held() == 0);
        // The tick that fired the last deadline may not be committed yet.
        Awaitility.await().atMost(PATIENCE).until(() -> cluster.isReadBy("handover"));
    }

    private Map<String, List<Command>> commands() {
        Map<String, List<Command>> commands = new HashMap<>();
        cluster.commands()
                .forEach((conversation, records) -> commands.put(
                        conversation,
                        records.stream()
                                .map(record -> Command.read(record.value()))
                                .toList()));
        return commands;
    }
}
