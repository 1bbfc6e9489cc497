package io.handover.history.explain;

import static org.assertj.core.api.Assertions.assertThat;

import io.handover.conversation.fold.EventMapper;
import io.handover.history.backtest.Backtest;
import io.handover.history.backtest.DecidedCommand;
import io.handover.history.backtest.RandomArchive;
import io.handover.history.options.PolicyOptions;
import io.handover.history.options.SourceOptions;
import io.handover.history.report.Setting;
import io.handover.history.sources.PastDeliveries;
import io.handover.history.sources.PastDelivery;
import io.handover.history.words.WrappedText;
import io.handover.schema.HandoverCommand;
import io.handover.service.Settings;
import io.handover.service.StreamsAppSettings;
import io.handover.traffic.Choices;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

/** An explanation has the commands that a back-test decides, and each event once. */
class ExplainedArchivesTest {

    private static final List<Map<String, String>> SETTINGS = List.of(
            Map.of(),
            Map.of("transfer.timeout.ms", "0", "out.of.order.grace.ms", "0", "after.call.work.timeout.ms", "0"),
            Map.of("transfer.timeout.ms", "60000", "agent.announce.on", "answer"),
            Map.of("end.evidence", "customer-end", "handover.max.idle.ms", "600000"),
            Map.of("end.evidence", "after-call-work", "conversation.retention.ms", "3600000"));

    @SuppressWarnings("NullAway.Init") // created before the first try
    private static Path folder;

    @BeforeContainer
    static void makeFolder() throws IOException {
        folder = Files.createTempDirectory("explain-test");
    }

    @AfterContainer
    static void deleteFolder() throws IOException {
        Files.deleteIfExists(folder.resolve("archive.ndjson"));
        Files.deleteIfExists(folder.resolve("broken"));
        Files.delete(folder);
    }

    @Property(tries = 60, seed = "20260117")
    void shouldHaveTheCommandsOfABacktestAndEachEventOnce(@ForAll long seed) throws IOException {
        // Given
        Choices choices = Choices.seeded(seed);
        RandomArchive archive = RandomArchive.of(choices);
        Settings settings = new PolicyOptions().with(choices.oneOf(SETTINGS));
        String id = choices.oneOf(archive.stored()).key();
        Files.write(folder.resolve("archive.ndjson"), archive.ndjson());
        // When
        Explanation explanation = explain(id, settings);
        // Then
        List<HandoverCommand> commands = explanation.steps().stream()
                .flatMap(step -> step.commands().stream())
                .toList();
        assertThat(commands).containsExactlyElementsOf(decided(id, settings));
        assertThat(explanation.events())
                .extracting(step -> ((Step.Arrival) step.cause()).number())
                .containsExactlyElementsOf(linesOf(id, archive));
        assertThat(explanation.steps()).isSortedAccordingTo((a, b) -> a.time().compareTo(b.time()));
        String text = ExplanationText.of(explanation, Ansi.OFF);
        assertThat(text.lines()).allMatch(line -> line.length() <= WrappedText.WIDTH);
        assertThat(text.lines().filter(line -> line.contains(">>> "))).hasSameSizeAs(commands);
    }

    private static Explanation explain(String id, Settings settings) {
        Explainer explainer = new Explainer(
                id,
                false,
                StreamsAppSettings.policy(settings),
                new EventMapper(StreamsAppSettings.customerAddress(settings)));
        try (PastDeliveries past = sources().open(null)) {
            for (PastDelivery next = past.next(); next != null; next = past.next()) {
                explainer.add(next, past.time());
            }
        }
        return explainer.finish(Map.of());
    }

    private static List<HandoverCommand> decided(String id, Settings settings) {
        List<HandoverCommand> commands = new ArrayList<>();
        try (PastDeliveries past = sources().open(null)) {
            new Backtest(
                            past,
                            List.of(Setting.of("as set", settings)),
                            Backtest.ALL_TOPICS,
                            2,
                            Backtest.WITHOUT_HINDSIGHT)
                    .run(
                            (some, setting) -> some.stream()
                                    .map(DecidedCommand::command)
                                    .filter(command -> command.conversationId().equals(id))
                                    .forEach(commands::add),
                            folded -> true);
        }
        return commands;
    }

    private static List<Long> linesOf(String id, RandomArchive archive) {
        List<Long> lines = new ArrayList<>();
        for (int i = 0; i < archive.lines().size(); i++) {
            if (archive.lines().get(i).key().equals(id)) {
                lines.add(i + 1L);
            }
        }
        return lines;
    }

    private static SourceOptions sources() {
        return CommandLine.populateCommand(
                new SourceOptions(),
                "--broken",
                folder.resolve("broken").toString(),
                folder.resolve("archive.ndjson").toString());
    }
}
