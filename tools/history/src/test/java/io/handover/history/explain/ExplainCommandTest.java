package io.handover.history.explain;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.handover.conversation.Outcome;
import io.handover.conversation.ProfilePolicy;
import io.handover.conversation.TransferPolicy;
import io.handover.conversation.fold.CustomerAddress;
import io.handover.conversation.fold.EventMapper;
import io.handover.history.options.SourceOptions;
import io.handover.history.sources.PastDeliveries;
import io.handover.history.sources.PastDelivery;
import io.handover.history.words.DecisionText;
import io.handover.schema.AgentProfile;
import io.handover.schema.AgentUpdated;
import io.handover.schema.OperatorOrder;
import io.handover.terminal.CommandException;
import io.handover.terminal.PrintableText;
import io.handover.terminal.StopSignal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

/** The text of an explanation, word for word, and its JSON. */
class ExplainCommandTest {

    private static final Path FOLDER = Path.of("src", "test", "resources", "explain");
    private static final String ID = "15bec215-8a3c-4a53-b0e5-0f9d83b7a2c1";
    private static final String SOURCE = FOLDER.resolve("reopened.ndjson").toString();
    private static final ObjectMapper JSON = new ObjectMapper();

    /** The names of the JSON that {@code --help} documents, by object; it refers to the topic for those of a command. */
    private static final Map<String, Set<String>> NAMES = Map.of(
            "",
            Set.of("conversationId", "organizationId", "customerId", "settings", "events", "logEnd", "steps", "cycles"),
            "steps",
            Set.of(
                    "time",
                    "kind",
                    "event",
                    "deadline",
                    "row",
                    "outcome",
                    "meaning",
                    "cycle",
                    "phase",
                    "hold",
                    "commands"),
            "event",
            Set.of(
                    "topic",
                    "eventId",
                    "eventTime",
                    "lateMs",
                    "overtakenBy",
                    "sameAs",
                    "disconnectType",
                    "acdOutcome",
                    "flowType",
                    "exitReason",
                    "agentId",
                    "queueId",
                    "interactingMs",
                    "alertingMs",
                    "otherMs",
                    "replayName",
                    "dataAction",
                    "source",
                    "number"),
            "deadline",
            Set.of("reason", "since", "noticedMs", "afterLog"),
            "hold",
            Set.of("change", "reason", "since", "deadline", "putOff", "was"),
            "was",
            Set.of("reason", "since", "deadline", "putOff"),
            "cycles",
            Set.of("number", "began", "ended", "reason", "heldMs", "afterLog", "expires", "standing"),
            "standing",
            Set.of("kind", "since", "agentId"));

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Map<String, String> environment = new TreeMap<>();

    @ParameterizedTest
    @CsvSource({
        "transfer, 15bec215",
        "start-after-end, 15bec215",
        "duplicate-and-too-old, 15bec215",
        "queue-abandoned, 15bec215",
        "reopened, 15bec215",
        "flow, 15bec215",
        "flow-disconnected, 15bec215",
        "joined, 15bec215",
        "expired, 15bec215",
        "old-data-action, customer-7"
    })
    void shouldExplainAConversation(String name, String beginning) throws IOException {
        // Given
        Path file = FOLDER.resolve(name + ".ndjson");
        // When
        int code = run(beginning, file.toString());
        // Then
        assertThat(code).isZero();
        assertThat(text(out)).isEqualTo(Files.readString(FOLDER.resolve(name + ".txt")));
        assertThat(text(err)).matches("Read [0-9]+ deliver(y|ies)[.]\\R");
    }

    @Test
    void shouldSayHowLateADeadlineFiredAndThatTheConversationIsForgotten() throws IOException {
        // Given
        Explainer explainer = explainer(true);
        forEach("quiet-log", explainer::add);
        // When
        String text = ExplanationText.of(explainer.finish(Map.of()), Ansi.OFF);
        // Then
        assertThat(text).isEqualTo(Files.readString(FOLDER.resolve("quiet-log.txt")));
    }

    @Test
    void shouldKeepAStreamTimePerPartition() {
        // Given
        Explainer explainer = explainer(true);
        forEach("quiet-log", (past, at) -> explainer.add(ID.equals(past.key()) ? past : ofAnotherPartition(past), at));
        // When
        Explanation explanation = explainer.finish(Map.of());
        // Then
        assertThat(explanation.logEnd()).isEqualTo("2026-01-15T10:00:30Z");
        assertThat(explanation.steps())
                .last()
                .satisfies(step -> assertThat(step.cause())
                        .isInstanceOfSatisfying(
                                Step.DeadlineFiring.class,
                                firing -> assertThat(firing.afterLog()).isTrue()));
    }

    @Test
    void shouldShowTheProfilesOfTheAgents() {
        // Given
        Explainer explainer = new Explainer(ID, true, withProfiles(), new EventMapper(CustomerAddress.DEFAULT));
        forEach("quiet-log", (past, at) -> {
            if (past.number() == 1) {
                explainer.add(profile(past, "another-conversation", "Anna"), at);
                explainer.add(ofAnotherPartition(profile(past, ID, "Nobody")), at);
            }
            explainer.add(past, at);
            if (past.number() == 1) {
                explainer.add(profile(past, ID, "Anna"), at);
                explainer.add(profile(past, ID, "Anna B."), at);
            }
        });
        // When
        Explanation explanation = explainer.finish(Map.of());
        // Then
        assertThat(explanation.steps())
                .flatExtracting(Step::commands)
                .filteredOn(AgentUpdated.class::isInstance)
                .extracting(command -> ((AgentUpdated) command).agent().name())
                .containsExactly("Anna", "Anna B.");
        assertThat(ExplanationText.of(explanation, Ansi.OFF))
                .contains("agent profile   agent anna\n", "row 44 profile-kept", "row 43 profile-announced")
                .doesNotContain("Anna");
        assertThat(ExplanationJson.write(explanation, null))
                .contains("\"kind\":\"profile\"", "\"profile\":{\"agentId\":\"anna\",\"known\":true}");
    }

    @Test
    void shouldShowWhatAnOperatorOrderedAndWhy() {
        // Given
        Explainer explainer = explainer(true);
        UUID orderId = UUID.fromString("3f1f0c5e-7a0d-4b52-9f55-6c1f2b8f9a10");
        forEach("quiet-log", (past, at) -> {
            explainer.add(past, at);
            if (past.number() == 1) {
                OperatorOrder order = new OperatorOrder(
                        orderId, ID, 1, OperatorOrder.Action.END, "ada", "The chat is over.", Instant.EPOCH);
                explainer.add(new PastDelivery(past.source(), 2, past.time(), ID, null, null, order, new byte[0]), at);
            }
        });
        // When
        Explanation explanation = explainer.finish(Map.of());
        // Then
        assertThat(ExplanationText.of(explanation, Ansi.OFF))
                .contains(
                        "operator.order  end by ada: The chat is over.",
                        "row 46 operator-ended",
                        "handover-ended (operator), cycle 1");
        assertThat(ExplanationJson.write(explanation, null))
                .contains("\"order\":{\"action\":\"end\",\"operator\":\"ada\",\"reason\":\"The chat is over.\"}");
    }

    private static TransferPolicy withProfiles() {
        TransferPolicy defaults = TransferPolicy.DEFAULT;
        return new TransferPolicy(
                defaults.transferTimeoutMs(),
                defaults.afterCallWorkTimeoutMs(),
                defaults.outOfOrderGraceMs(),
                defaults.customerEndEnds(),
                defaults.agentsEnd(),
                defaults.announceOn(),
                defaults.retentionMs(),
                defaults.maxIdleMs(),
                new ProfilePolicy(true, 3_600_000, 86_400_000));
    }

    private static PastDelivery profile(PastDelivery beside, String conversation, String name) {
        AgentProfile profile = new AgentProfile(conversation, "anna", name, null);
        return new PastDelivery(beside.source(), 0, beside.time(), conversation, null, profile, null, new byte[0]);
    }

    private static PastDelivery ofAnotherPartition(PastDelivery past) {
        return new PastDelivery(
                "another",
                past.number(),
                past.time(),
                past.key(),
                past.delivery(),
                past.profile(),
                past.order(),
                past.json());
    }

    @Test
    void shouldSayWhichSettingsDecided() {
        // When
        run(ID, SOURCE, "--set", "transfer.timeout.ms=20000", "--set", "end.evidence=customer-end");
        // Then
        assertThat(text(out))
                .contains("\nSettings      end.evidence=customer-end transfer.timeout.ms=20000\n")
                .contains(
                        "  cycle 1     2026-01-15 23:50:00.000, open: it waits in a queue since 2026-01-16 08:00:10.000; ends as"
                                + " expired at\n              2026-01-20 08:04:00.000 if nothing comes\n");
    }

    @Test
    void shouldTakeTheSettingsOfTheEnvironmentAsStreamsAppDoes() {
        // Given
        environment.put("HANDOVER_TRANSFER_TIMEOUT_MS", "20000");
        environment.put("HANDOVER_END_EVIDENCE", "customer-end");
        // When
        run(ID, SOURCE, "--set", "end.evidence=after-call-work");
        // Then
        assertThat(text(out)).contains("\nSettings      end.evidence=after-call-work transfer.timeout.ms=20000\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--live file.ndjson | --live and a SOURCE exclude each other",
                "--json | Missing required parameter: 'SOURCE', or --live",
            })
    void shouldNeedEitherASourceOrTheRunningInstallation(String arguments, String sentence) {
        // When
        int code = run((ID + ' ' + arguments).split(" "));
        // Then
        assertThat(code).isEqualTo(2);
        assertThat(text(err)).contains(sentence);
    }

    @Test
    void shouldNotClaimThatTheConversationWentOnIfAgentsCannotEndIt() {
        // When
        run(ID, FOLDER.resolve("start-after-end.ndjson").toString(), "--set", "end.evidence=customer-end");
        // Then
        assertThat(text(out))
                .contains("row 36 customer-awaited: the last one is gone, but only customer.end may end a handover\n")
                .contains("open: since 10:00:00.000 no agent, queue or flow has it, and no end is held;")
                .doesNotContain("row 7 ", "row 12 ");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "25bec215-8a3c-4a53-b0e5-0f9d83b7a2c1 | ; did you mean " + ID + "?",
                "15BEC215-8A3C-4A53-B0E5-0F9D83B7A2C1 | ; did you mean " + ID + "?",
                "15bec | .",
                "something-else | ."
            })
    void shouldSayThatThereIsNoSuchConversation(String id, String end) {
        // Given
        AtomicReference<@Nullable String> sentence = new AtomicReference<>();
        // When
        int code = run(sentence, id, SOURCE);
        // Then
        assertThat(code).isEqualTo(1);
        assertThat(sentence.get()).isEqualTo("None of the 6 deliveries is of the conversation " + id + end);
    }

    @Test
    void shouldSayWhatWasReadIfNothingIsWanted(@TempDir Path folder) throws IOException {
        // Given
        AtomicReference<@Nullable String> sentence = new AtomicReference<>();
        Path file = Files.writeString(
                folder.resolve("voice.ndjson"),
                Files.readString(Path.of(SOURCE)).replace("MESSAGE", "VOICE"));
        // When
        int code = run(sentence, ID, file.toString());
        // Then
        assertThat(code).isEqualTo(1);
        assertThat(sentence.get()).isEqualTo("No wanted delivery was found, only 6 of another medium.");
        assertThat(text(err)).isEmpty();
    }

    @Test
    void shouldListAllIdsWithThatBeginning() {
        // Given
        AtomicReference<@Nullable String> sentence = new AtomicReference<>();
        String more = FOLDER.resolve("several.ndjson").toString();
        // When
        int code = run(sentence, "conversation-1", more);
        int exact = run("conversation-11", more);
        // Then
        assertThat(code).isEqualTo(1);
        assertThat(sentence.get())
                .isEqualTo("More than one conversation id begins with conversation-1: conversation-11, conversation-12."
                        + " Give more of it.");
        assertThat(exact).isZero();
        assertThat(text(out)).startsWith("Conversation  conversation-11\n");
    }

    @Test
    void shouldAddOnlyColoursOnATerminal() {
        // Given
        Explainer explainer = explainer(false);
        forEach("transfer", explainer::add);
        Explanation explanation = explainer.finish(Map.of());
        // When
        String coloured = ExplanationText.of(explanation, Ansi.ON);
        // Then
        assertThat(coloured).contains("\u001B[").isNotEqualTo(ExplanationText.of(explanation, Ansi.OFF));
        assertThat(coloured.replaceAll("\u001B\\[[0-9;]*m", "")).isEqualTo(ExplanationText.of(explanation, Ansi.OFF));
    }

    @Test
    void shouldWriteOneJsonObject() throws IOException {
        // When
        int code = run(ID, FOLDER.resolve("queue-abandoned.ndjson").toString(), "--json");
        // Then
        assertThat(code).isZero();
        assertThat(text(out).lines()).hasSize(1);
        JsonNode expected = JSON.readTree(FOLDER.resolve("queue-abandoned.json").toFile());
        assertThat(JSON.readTree(text(out).replace("\\\\", "/"))).isEqualTo(expected);
    }

    @Test
    void shouldWriteTheNamesThatTheHelpDocuments() throws IOException {
        // Given
        Map<String, Set<String>> seen = new TreeMap<>();
        // When
        for (String name :
                List.of("transfer", "duplicate-and-too-old", "queue-abandoned", "reopened", "flow", "several")) {
            String id = name.equals("several") ? "conversation-11" : ID;
            out.reset();
            run(id, FOLDER.resolve(name + ".ndjson").toString(), "--json", "--set", "transfer.timeout.ms=20000");
            collect("", JSON.readTree(text(out)), seen);
        }
        out.reset();
        int code = run("--help");
        // Then
        assertThat(seen).isEqualTo(new TreeMap<>(NAMES));
        assertThat(code).isZero();
        assertThat(text(out)).contains("Examples:", "./handover explain 15bec215 archive/2026-01-15/");
        String documented =
                text(out).substring(text(out).indexOf("JSON,"), text(out).indexOf("Examples:"));
        NAMES.values()
                .forEach(names -> names.forEach(name -> assertThat(documented).containsPattern("\\b" + name + "\\b")));
    }

    private static void collect(String object, JsonNode node, Map<String, Set<String>> seen) {
        if (node.isArray()) {
            node.forEach(element -> collect(object, element, seen));
        } else if (node.isObject() && !Set.of("settings", "commands").contains(object)) {
            node.properties().forEach(field -> {
                seen.computeIfAbsent(object, each -> new TreeSet<>()).add(field.getKey());
                collect(field.getKey(), field.getValue(), seen);
            });
        }
    }

    @ParameterizedTest
    @EnumSource(Outcome.class)
    void shouldSayARowOfTheDecisionTableInAFewLines(Outcome outcome) {
        // When / Then
        assertThat(DecisionText.row(outcome))
                .startsWith("row " + outcome.row() + ' ' + outcome.label() + ": ")
                .doesNotContainPattern("\\bas [0-9]");
        assertThat(PrintableText.lines(DecisionText.row(outcome), 90)).hasSizeLessThanOrEqualTo(3);
    }

    private static Explainer explainer(boolean partitioned) {
        return new Explainer(ID, partitioned, TransferPolicy.DEFAULT, new EventMapper(CustomerAddress.DEFAULT));
    }

    /** Accepts a delivery at a stream time. */
    private interface Deliveries {
        void add(PastDelivery past, long at);
    }

    private static void forEach(String name, Deliveries deliveries) {
        SourceOptions sources = CommandLine.populateCommand(
                new SourceOptions(), FOLDER.resolve(name + ".ndjson").toString());
        try (PastDeliveries past = sources.open(null)) {
            for (PastDelivery next = past.next(); next != null; next = past.next()) {
                deliveries.add(next, past.time());
            }
        }
    }

    private int run(String... arguments) {
        return run(new AtomicReference<>(), arguments);
    }

    private int run(AtomicReference<@Nullable String> sentence, String... arguments) {
        CommandLine commandLine = new CommandLine(new ExplainCommand(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                new StopSignal(),
                environment));
        commandLine.setOut(new PrintWriter(out, true, StandardCharsets.UTF_8));
        commandLine.setErr(new PrintWriter(err, true, StandardCharsets.UTF_8));
        return commandLine
                .setExecutionExceptionHandler((e, command, result) -> {
                    assertThat(e).isInstanceOf(CommandException.class);
                    sentence.set(Objects.requireNonNull(e.getMessage()));
                    return 1;
                })
                .execute(arguments);
    }

    private static String text(ByteArrayOutputStream stream) {
        return stream.toString(StandardCharsets.UTF_8);
    }
}
