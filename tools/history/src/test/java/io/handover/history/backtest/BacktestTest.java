package io.handover.history.backtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.handover.conversation.TransferPolicy;
import io.handover.history.HistoryMain;
import io.handover.history.options.SourceOptions;
import io.handover.history.report.Setting;
import io.handover.history.sources.PastDeliveries;
import io.handover.service.Settings;
import io.handover.service.StreamsAppSettings;
import io.handover.streams.StreamsApp;
import io.handover.terminal.StopSignal;
import io.handover.traffic.Choices;
import io.handover.traffic.GenesysEvent;
import io.handover.traffic.GenesysEvent.Kind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.LongPredicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** A back-test decides the same commands as the topology of streams-app, byte for byte. */
class BacktestTest {

    private static final List<Map<String, String>> SETTINGS = List.of(
            Map.of(),
            Map.of("transfer.timeout.ms", "0", "out.of.order.grace.ms", "0", "after.call.work.timeout.ms", "0"),
            Map.of("transfer.timeout.ms", "60000", "agent.announce.on", "answer"),
            Map.of("end.evidence", "customer-end", "handover.max.idle.ms", "600000"),
            Map.of("end.evidence", "after-call-work", "conversation.retention.ms", "3600000"));

    private static final long START = 1_768_471_200_000L;
    private static final Path FOLDER = folder();

    @Property(tries = 60, seed = "20260115")
    void shouldGiveTheBytesOfTheTopology(@ForAll long seed) {
        // Given
        Choices choices = Choices.seeded(seed);
        RandomArchive archive = RandomArchive.of(choices);
        Map<String, String> settings = choices.oneOf(SETTINGS);
        // When
        List<String> commands = backtest(archive, settings);
        // Then
        List<String> expected = TopologyRun.commands(policy(settings), archive.stored(), archive.end(), FOLDER);
        assertThat(byConversation(commands)).isEqualTo(byConversation(expected));
        assertThat(commands).isSortedAccordingTo((a, b) -> decidedAt(a).compareTo(decidedAt(b)));
    }

    @Property(tries = 20, seed = "20260116")
    void shouldGiveTheSameForAnyNumberOfProcessors(@ForAll long seed) {
        // Given
        RandomArchive archive = RandomArchive.of(Choices.seeded(seed));
        // When
        List<String> one = written(write(archive), 1);
        // Then
        assertThat(written(write(archive), 2)).isEqualTo(one);
        assertThat(written(write(archive), 7)).isEqualTo(one);
    }

    @Example
    void shouldWriteEachWindowWholeAndInOrderWhileItFolds() throws IOException {
        // Given
        Path archive = windows();
        // When
        List<String> one = written(archive, 1);
        // Then
        assertThat(one).hasSizeGreaterThan(1_000);
        assertThat(written(archive, 2)).isEqualTo(one);
        assertThat(written(archive, 7)).isEqualTo(one);
    }

    @Example
    void shouldWriteWhatWasDecidedBeforeAFailure() throws IOException {
        // Given
        Path archive = windows();
        List<String> whole = written(archive, 2);
        long[] folded = {0};
        List<String> written = new ArrayList<>();
        // When
        LongPredicate failing = count -> {
            folded[0] += count;
            if (folded[0] > 20_000) {
                throw new IllegalStateException("the disk is gone");
            }
            return true;
        };
        // Then
        assertThatThrownBy(() -> write(archive, 2, failing, written::add)).hasMessage("the disk is gone");
        assertThat(written).isNotEmpty().hasSizeLessThan(whole.size()).isEqualTo(whole.subList(0, written.size()));
    }

    @Example
    void shouldReportWhyTheOutputCannotBeWritten() throws IOException {
        // Given
        Path archive = windows();
        // When / Then
        assertThatThrownBy(() -> write(archive, 2, folded -> true, line -> {
                    throw new UncheckedIOException(new IOException("No space left on device"));
                }))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("No space left on device");
    }

    /** An archive whose commands are written in three windows. */
    private static Path windows() throws IOException {
        Path archive = FOLDER.resolve("windows.ndjson");
        if (!Files.exists(archive)) {
            int code = HistoryMain.run(
                    System.err,
                    new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8),
                    new StopSignal(),
                    "generate",
                    "--conversations",
                    "2200",
                    "--out",
                    archive.toString());
            assertThat(code).isZero();
            try (Stream<String> lines = Files.lines(archive)) {
                assertThat(lines.count()).isGreaterThan(2 * 16 * 1_024);
            }
        }
        return archive;
    }

    private static List<String> written(Path archive, int processors) {
        List<String> lines = new ArrayList<>();
        write(archive, processors, folded -> true, lines::add);
        return lines;
    }

    private static void write(Path archive, int processors, LongPredicate goesOn, Consumer<String> output) {
        Setting setting = Setting.of("defaults", settings(Map.of()));
        AtomicBoolean isBusy = new AtomicBoolean();
        SourceOptions options = CommandLine.populateCommand(
                new SourceOptions(), "--broken", FOLDER.resolve("broken").toString(), archive.toString());
        try (PastDeliveries past = options.open(null)) {
            new Backtest(past, List.of(setting), Backtest.ALL_TOPICS, processors, Backtest.WITHOUT_HINDSIGHT)
                    .run(
                            (some, number) -> {
                                assertThat(isBusy.getAndSet(true)).isFalse();
                                some.forEach(
                                        each -> output.accept(each.command().toString()));
                                isBusy.set(false);
                            },
                            goesOn);
        }
    }

    @Property(tries = 60, seed = "20260118")
    void shouldEndEveryHandoverUnderEverySetting(@ForAll long seed) {
        // Given
        RandomArchive archive = RandomArchive.of(Choices.seeded(seed));
        List<Setting> all = SETTINGS.stream()
                .map(each -> Setting.of(each.toString(), settings(each)))
                .toList();
        // When
        Hindsight hindsight = judged(archive, all);
        // Then
        assertThat(hindsight.conversations()).isPositive();
        for (int i = 0; i < all.size(); i++) {
            assertThat(hindsight.tally(i).neverEnded).as(all.get(i).name()).isZero();
        }
    }

    @Example
    void shouldDecideBySomeTopicsAndJudgeByAll() throws IOException {
        // Given an agent who leaves a conversation that waits in a queue
        Path archive = Files.write(
                FOLDER.resolve("waiting.ndjson"),
                List.of(
                        line(Kind.USER_START, 0, "agent", null),
                        line(Kind.ACD_START, 60, "queue", null),
                        line(Kind.USER_END, 61, "agent", "CLIENT"),
                        line(Kind.ACW, 62, "agent", null),
                        line(Kind.ACD_END, 90, "queue", "TRANSFER")));
        // When
        String all = commands(archive, "--topics", "user.start,user.end,acw,acd.start,acd.end");
        String some = commands(archive, "--topics", "user.start,user.end,acw");
        String judged = commands(archive, "--json", "--topics", "user.start,user.end,acw");
        // Then
        assertThat(all).contains("\"expired\"").doesNotContain("after-call-work");
        assertThat(some).contains("after-call-work").doesNotContain("\"expired\"");
        assertThat(judged).contains("\"queued\":1");
    }

    @Example
    void shouldSayWhatItRead() throws IOException {
        // Given
        String wanted = line(Kind.USER_START, 0, "agent", null);
        String voice = wanted.replace("\"MESSAGE\"", "\"VOICE\"");
        Path some = Files.write(FOLDER.resolve("some.ndjson"), List.of(voice, wanted, "{}"));
        Path none = Files.write(FOLDER.resolve("none.ndjson"), List.of(voice, voice));
        Path empty = Files.write(FOLDER.resolve("empty.ndjson"), List.of());
        // When / Then
        assertThat(said(0, some)).startsWith("Read 1 delivery. Left out: 1 of another medium.\n1 entry that cannot be");
        assertThat(said(1, none)).isEqualTo("handover: No wanted delivery was found, only 2 of another medium.\n");
        assertThat(said(1, none, "--json")).startsWith("handover: No wanted delivery was found");
        assertThat(said(0, empty)).isEqualTo("Read 0 deliveries.\n");
    }

    @Example
    void shouldRefuseAForeignFormatBeforeItDecides() throws IOException {
        // Given
        Path archive = Files.write(FOLDER.resolve("part-1.ndjson"), List.of(line(Kind.USER_START, 0, "agent", null)));
        Path kcat = Files.write(
                FOLDER.resolve("part-2.ndjson"),
                List.of(
                        "{\"topic\":\"handover-events\",\"partition\":0,\"offset\":1,\"key\":\"c\",\"payload\":\"{}\"}"));
        // When
        String said = said(1, kcat, archive.toString());
        // Then
        assertThat(said)
                .startsWith(
                        "handover: " + kcat + " cannot be read: it is the output of kcat -J. Convert it with: jq -r ")
                .endsWith(" " + kcat + " > " + kcat + ".ndjson\n");
    }

    /** Returns what a back-test writes to standard error. */
    private static String said(int expectedCode, Path archive, String... more) {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        List<String> arguments = new ArrayList<>(
                List.of("backtest", "--broken", FOLDER.resolve("broken").toString(), archive.toString()));
        arguments.addAll(List.of(more));
        int code = HistoryMain.run(
                new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                new StopSignal(),
                arguments.toArray(String[]::new));
        assertThat(code).isEqualTo(expectedCode);
        return err.toString(StandardCharsets.UTF_8);
    }

    private static String line(Kind kind, long second, String session, @Nullable String disconnectType) {
        String agent = session.equals("agent") ? "anna" : null;
        GenesysEvent event = new GenesysEvent(
                "conversation-1", 1, kind, START + second * 1_000, session, agent, "q", disconnectType, 0, 0, null);
        return new String(event.envelope("event-" + second, null), StandardCharsets.UTF_8);
    }

    private static String commands(Path archive, String... options) {
        List<String> arguments = new ArrayList<>(List.of(options));
        arguments.add(archive.toString());
        return String.join("\n", run(arguments));
    }

    private static Hindsight judged(RandomArchive archive, List<Setting> settings) {
        try (PastDeliveries past = source(archive).open(null)) {
            Backtest backtest = new Backtest(past, settings, Backtest.ALL_TOPICS, 2, 600_000);
            backtest.run((some, number) -> {}, folded -> true);
            return backtest.hindsight();
        }
    }

    private static List<String> backtest(RandomArchive archive, Map<String, String> settings) {
        List<String> arguments = new ArrayList<>();
        settings.forEach((key, value) -> arguments.addAll(List.of("--set", key + '=' + value)));
        arguments.addAll(List.of(
                "--broken", FOLDER.resolve("broken").toString(), write(archive).toString()));
        return run(arguments);
    }

    private static List<String> run(List<String> arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int code = new CommandLine(new BacktestCommand(
                        new PrintStream(out, false, StandardCharsets.UTF_8),
                        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8),
                        new StopSignal()))
                .execute(arguments.toArray(String[]::new));
        assertThat(code).isZero();
        return out.toString(StandardCharsets.UTF_8).lines().toList();
    }

    private static SourceOptions source(RandomArchive archive) {
        return CommandLine.populateCommand(
                new SourceOptions(),
                "--broken",
                FOLDER.resolve("broken").toString(),
                write(archive).toString());
    }

    private static Path folder() {
        try {
            return Files.createDirectories(Path.of("target", "backtest-test"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path write(RandomArchive archive) {
        try {
            return Files.write(FOLDER.resolve("archive.ndjson"), archive.ndjson());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static TransferPolicy policy(Map<String, String> settings) {
        return StreamsAppSettings.policy(settings(settings));
    }

    private static Settings settings(Map<String, String> settings) {
        Map<String, String> all = new LinkedHashMap<>(settings);
        all.put("kafka.bootstrap.servers", "unused:9092");
        return StreamsApp.settings().load(null, Map.of(), all);
    }

    private static Map<String, List<String>> byConversation(List<String> commands) {
        return commands.stream().collect(Collectors.groupingBy(command -> field(command, "conversationId")));
    }

    private static String decidedAt(String command) {
        return field(command, "decidedAt");
    }

    private static String field(String command, String name) {
        int begin = command.indexOf('"' + name + "\":\"") + name.length() + 4;
        return command.substring(begin, command.indexOf('"', begin));
    }
}
