package io.handover.history.backtest;

import static org.assertj.core.api.Assertions.assertThat;

import io.handover.conversation.TransferPolicy;
import io.handover.history.options.SourceOptions;
import io.handover.history.report.Setting;
import io.handover.history.sources.PastDeliveries;
import io.handover.service.Settings;
import io.handover.service.StreamsAppSettings;
import io.handover.streams.StreamsApp;
import io.handover.terminal.StopSignal;
import io.handover.traffic.Choices;
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
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import picocli.CommandLine;

/** A back-test decides the same commands as the topology of streams-app, byte for byte. */
class BacktestTest {

    private static final List<Map<String, String>> SETTINGS = List.of(
            Map.of(),
            Map.of("transfer.timeout.ms", "0", "out.of.order.grace.ms", "0", "after.call.work.timeout.ms", "0"),
            Map.of("transfer.timeout.ms", "60000", "agent.announce.on", "answer"),
            Map.of("end.evidence", "customer-end", "handover.max.idle.ms", "600000"),
            Map.of("end.evidence", "after-call-work", "conversation.retention.ms", "3600000"));

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
        List<String> one = decided(archive, 1);
        // Then
        assertThat(decided(archive, 2)).isEqualTo(one);
        assertThat(decided(archive, 7)).isEqualTo(one);
    }

    private static List<String> backtest(RandomArchive archive, Map<String, String> settings) {
        List<String> arguments = new ArrayList<>();
        settings.forEach((key, value) -> arguments.addAll(List.of("--set", key + '=' + value)));
        arguments.addAll(List.of(
                "--broken", FOLDER.resolve("broken").toString(), write(archive).toString()));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int code = new CommandLine(new BacktestCommand(
                        new PrintStream(out, false, StandardCharsets.UTF_8),
                        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8),
                        new StopSignal()))
                .execute(arguments.toArray(String[]::new));
        assertThat(code).isZero();
        return out.toString(StandardCharsets.UTF_8).lines().toList();
    }

    private static List<String> decided(RandomArchive archive, int processors) {
        List<String> decided = new ArrayList<>();
        SourceOptions source = CommandLine.populateCommand(
                new SourceOptions(),
                "--broken",
                FOLDER.resolve("broken").toString(),
                write(archive).toString());
        Setting setting = Setting.of("defaults", settings(Map.of()));
        try (PastDeliveries past = source.open(null)) {
            new Backtest(past, List.of(setting), processors, Backtest.WITHOUT_HINDSIGHT)
                    .run(
                            (some, number) -> some.forEach(
                                    each -> decided.add(each.command().toString())),
                            folded -> true);
        }
        return decided;
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
