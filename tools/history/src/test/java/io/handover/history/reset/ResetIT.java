package io.handover.history.reset;

import static org.assertj.core.api.Assertions.assertThat;

import io.handover.embeddedkafka.FreePorts;
import io.handover.history.HistoryMain;
import io.handover.history.TestCluster;
import io.handover.reference.Arrival;
import io.handover.reference.UnreliableDelivery;
import io.handover.streams.StreamsApp;
import io.handover.terminal.CommandRunner;
import io.handover.terminal.StopSignal;
import io.handover.traffic.Choices;
import io.handover.traffic.HistoryGenerator;
import io.handover.traffic.Tempo;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs {@code ./handover reset} on a real broker: the same commands again, and no change without {@code --execute}. */
class ResetIT {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int CONVERSATIONS = 60;

    /** A changelog of another application, whose id begins with that of the application that is reset. */
    private static final String NEIGHBOUR = "handover-blue-conversations-changelog";

    @TempDir
    private static Path brokerFolder;

    @TempDir
    private Path stateDir;

    /** When the first conversation begins: so long ago that no end is held any more. */
    private static Instant start;

    private static TestCluster cluster;

    private final AtomicReference<@Nullable Throwable> fatal = new AtomicReference<>();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeAll
    static void fillTheLog() throws Exception {
        // The times of events are in milliseconds.
        start = Instant.now().truncatedTo(ChronoUnit.MILLIS).minus(Duration.ofHours(6));
        cluster = TestCluster.start(brokerFolder, NEIGHBOUR);
        List<Arrival> arrivals = new ArrayList<>();
        for (int i = 0; i < CONVERSATIONS; i++) {
            Choices choices = Choices.seeded(i);
            arrivals.addAll(UnreliableDelivery.within(1_999, 600_000)
                    .deliver(
                            HistoryGenerator.generate(
                                    Tempo.HUMAN, choices, "conversation-" + i, start.toEpochMilli() + i * 60_000L),
                            choices));
        }
        arrivals.sort(Comparator.comparingLong(Arrival::at));
        cluster.publish(arrivals);
    }

    @AfterAll
    static void stopBroker() {
        cluster.close();
    }

    @AfterEach
    void checkTheApplication() {
        assertThat(fatal.get()).isNull();
    }

    @Test
    void shouldDecideTheSameAgain() throws Exception {
        // Given
        Map<String, List<String>> others = commands(Map.of());
        Map<String, List<String>> decided;
        Footprint footprint;
        try (StreamsApp app = startAndDecide("handover")) {
            assertThat(app.ready()).isTrue();
            decided = commands(others);
            assertThat(decided.values())
                    .filteredOn(commands -> !commands.isEmpty())
                    .hasSizeGreaterThan(CONVERSATIONS / 2);
            footprint = Footprint.take(stateDir.resolve("handover"));

            // When
            int described = reset("--state-dir", stateDir.toString());
            // Then
            assertThat(described).isEqualTo(CommandRunner.EXIT_OK);
            assertThat(text(err))
                    .isEqualToIgnoringNewLines(
                            "Nothing was changed. Stop every instance, and add --execute to make the changes.");
            assertThat(text(out))
                    .containsPattern("partition 0: committed [1-9]\\d*, reset to 0 \\(received ")
                    .contains("topic handover-conversations-changelog", "topic handover-agents-changelog")
                    .contains("folder " + stateDir.resolve("handover"))
                    .doesNotContain(NEIGHBOUR);
            footprint.requireKept();

            // When
            int refused = reset("--state-dir", stateDir.toString(), "--execute");
            // Then
            assertThat(refused).isEqualTo(CommandRunner.EXIT_FAILURE);
            assertThat(text(err))
                    .startsWith("handover: The application handover is running")
                    .hasLineCount(1);
            footprint.requireKept();
        }

        // When
        int done = reset("--state-dir", stateDir.toString(), "--execute");
        // Then
        assertThat(done).as(() -> text(err)).isEqualTo(CommandRunner.EXIT_OK);
        assertThat(cluster.committed("handover"))
                .containsOnly(Map.entry(0, 0L), Map.entry(1, 0L), Map.entry(2, 0L), Map.entry(3, 0L));
        assertThat(cluster.admin().listTopics().names().get())
                .contains(NEIGHBOUR)
                .noneMatch(topic ->
                        topic.startsWith("handover-") && topic.endsWith("-changelog") && !topic.equals(NEIGHBOUR));
        assertThat(stateDir).isEmptyDirectory();

        // When
        Map<String, List<String>> before = commands(Map.of());
        startAndDecide("handover").close();
        // Then
        assertThat(commands(before)).isEqualTo(decided);
    }

    @Test
    void shouldReadAgainFromATime() throws Exception {
        // Given
        startAndDecide("from-a-time").close();
        Instant from = start.plus(Duration.ofMinutes(30));
        // When
        int code = reset("--application-id", "from-a-time", "--from", from.toString(), "--execute");
        // Then
        assertThat(code).as(() -> text(err)).isEqualTo(CommandRunner.EXIT_OK);
        Map<Integer, Long> expected = cluster.offsets(OffsetSpec.forTimestamp(from.toEpochMilli()));
        assertThat(expected.values()).allMatch(offset -> offset > 0);
        assertThat(cluster.committed("from-a-time")).isEqualTo(expected);
        expected.forEach((partition, offset) -> assertThat(text(out))
                .containsPattern("partition " + partition + ": committed .* reset to " + offset + " "));
        assertThat(text(out))
                .contains("is read from " + from + " on")
                .contains("the folder from-a-time in its state.dir");
    }

    @Test
    void shouldRefuseAnUnknownApplication() throws Exception {
        // Given
        Set<String> topics = cluster.admin().listTopics().names().get();
        // When
        int code = reset("--application-id", "nobody", "--execute");
        // Then
        assertThat(code).isEqualTo(CommandRunner.EXIT_FAILURE);
        assertThat(text(err))
                .startsWith("handover: There is nothing to reset: the application nobody has no state on this cluster")
                .hasLineCount(1);
        assertThat(text(out)).isEmpty();
        assertThat(cluster.admin().listTopics().names().get()).isEqualTo(topics);
    }

    @Test
    void shouldSayThatKafkaDoesNotAnswer() throws IOException {
        // Given
        Path impatient = Files.writeString(
                stateDir.resolve("client.properties"), "default.api.timeout.ms=500\nrequest.timeout.ms=400\n");
        // When
        int code = HistoryMain.run(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                new StopSignal(),
                "reset",
                "--bootstrap-server",
                "127.0.0.1:" + FreePorts.free(),
                "--command-config",
                impatient.toString());
        // Then
        assertThat(code).isEqualTo(CommandRunner.EXIT_FAILURE);
        assertThat(text(err))
                .isEqualToIgnoringNewLines("handover: Kafka did not describe the topic"
                        + " handover-conversations-changelog: it does not answer. Check the address of the broker.");
    }

    /** The state on the cluster and on this machine, which a dry run must not change. */
    private record Footprint(Map<Integer, Long> offsets, Set<String> topics, Path localState) {

        static Footprint take(Path localState) throws ExecutionException, InterruptedException {
            return new Footprint(
                    cluster.committed("handover"),
                    cluster.admin().listTopics().names().get(),
                    localState);
        }

        /** The application runs and reads its clock ticks, so its offsets may have grown. */
        void requireKept() throws ExecutionException, InterruptedException {
            assertThat(cluster.committed("handover"))
                    .containsOnlyKeys(offsets.keySet())
                    .allSatisfy(
                            (partition, offset) -> assertThat(offset).isGreaterThanOrEqualTo(offsets.get(partition)));
            assertThat(cluster.admin().listTopics().names().get()).isEqualTo(topics);
            assertThat(localState.resolve(".lock")).exists();
        }
    }

    private int reset(String... more) {
        out.reset();
        err.reset();
        return HistoryMain.run(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                new StopSignal(),
                Stream.concat(Stream.of("reset", "--bootstrap-server", cluster.bootstrapServers()), Stream.of(more))
                        .toArray(String[]::new));
    }

    /** Runs the application until it has read the log and no end is held. */
    private StreamsApp startAndDecide(String application) {
        StreamsApp app = StreamsApp.start(
                StreamsApp.settings()
                        .load(
                                null,
                                Map.of(),
                                Map.of(
                                        "kafka.bootstrap.servers",
                                        cluster.bootstrapServers(),
                                        "management.port",
                                        "0",
                                        "application.id",
                                        application,
                                        "state.dir",
                                        stateDir.toString())),
                fatal::set);
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> app.ready() && cluster.isReadBy(application) && app.held() == 0);
        return app;
    }

    /** Returns the new commands per conversation: value, time and headers of their records. */
    private static Map<String, List<String>> commands(Map<String, List<String>> since) {
        Map<String, List<String>> commands = new TreeMap<>();
        cluster.commands()
                .forEach((conversation, records) -> commands.put(
                        conversation,
                        records.stream()
                                .skip(since.getOrDefault(conversation, List.of())
                                        .size())
                                .map(ResetIT::text)
                                .toList()));
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

    private static String text(ByteArrayOutputStream stream) {
        return stream.toString(StandardCharsets.UTF_8);
    }
}
