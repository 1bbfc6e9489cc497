package io.handover.torture;

import static org.assertj.core.api.Assertions.assertThat;

import io.handover.reference.Arrival;
import io.handover.reference.Command;
import io.handover.reference.Command.Shown;
import io.handover.reference.LogEntry;
import io.handover.reference.ProfileArrival;
import io.handover.reference.ReferenceModel;
import io.handover.reference.Rules;
import io.handover.torture.Finding.Defect;
import io.handover.torture.Script.Conversation;
import io.handover.traffic.GenesysEvent;
import io.handover.traffic.GenesysEvent.Kind;
import io.handover.traffic.History;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class LedgerTest {

    private static final Rules RULES = Rules.DEFAULT;
    private static final long UNTIL = Runs.START + 3_600_000;
    private static final Conversation CONVERSATION = Runs.annaServes();
    private static final List<Command> EXPECTED = ReferenceModel.commands(RULES, CONVERSATION.planned(), UNTIL);
    private static final Answers ONE_ACCEPTED = new Answers(Map.of("id-0", 1), Map.of());

    private final Ledger ledger = new Ledger(RULES);

    @Test
    void shouldBeCleanWithoutADefect() {
        // Given, When
        ledger.enter(CONVERSATION, CONVERSATION.planned(), Runs.seen(EXPECTED), UNTIL);
        ledger.enter(ONE_ACCEPTED, Map.of("id-0", 2));

        // Then
        assertThat(EXPECTED).extracting(Command::type).containsExactly(Command.UPDATED, Command.ENDED);
        assertThat(ledger.isClean()).isTrue();
        assertThat(ledger.descriptions()).isEmpty();
        assertThat(ledger.conversations()).isOne();
        assertThat(ledger.undisturbed()).isOne();
        assertThat(ledger.expected()).isEqualTo(2);
        assertThat(ledger.seen()).isEqualTo(2);
        assertThat(ledger.byTitle()).hasSize(Defect.values().length);
        assertThat(ledger.byTitle().values()).containsOnly(0);
    }

    static Stream<Arguments> shouldNotBeClean() {
        return Stream.of(
                defect(Defect.LOST, seen -> seen.remove(1)),
                defect(Defect.DUPLICATED, seen -> seen.add(seen.get(0))),
                defect(Defect.DUPLICATED, seen -> seen.add(Runs.with(seen.get(1), "other", 1, "agent-left", 0))),
                defect(Defect.EARLY, seen -> move(seen, -1)),
                defect(Defect.LATE, seen -> move(seen, 1)),
                defect(Defect.UNEXPECTED, seen -> seen.add(Runs.with(seen.get(0), "other", 1, "ben", Runs.START))),
                defect(Defect.UNEXPECTED, seen -> seen.add(Runs.with(seen.get(1), "other", 2, "agent-left", UNTIL))),
                defect(Defect.DISORDERED, Collections::reverse));
    }

    private static Arguments defect(Defect defect, Consumer<List<Command>> harm) {
        return Arguments.of(defect, harm);
    }

    private static void move(List<Command> seen, long ms) {
        int last = seen.size() - 1;
        Command end = seen.get(last);
        seen.set(last, Runs.with(end, end.id(), end.cycle(), end.what(), end.decidedAt() + ms));
    }

    @ParameterizedTest
    @MethodSource
    void shouldNotBeClean(Defect defect, Consumer<List<Command>> harm) {
        // Given
        List<Command> seen = new ArrayList<>(Runs.seen(EXPECTED));
        harm.accept(seen);

        // When
        ledger.enter(CONVERSATION, CONVERSATION.planned(), seen, UNTIL);
        ledger.enter(ONE_ACCEPTED, Map.of("id-0", 1));

        // Then
        assertThat(ledger.isClean()).isFalse();
        assertThat(ledger.count(defect)).isOne();
        assertThat(ledger.descriptions())
                .singleElement()
                .asString()
                .contains(defect.name(), "what happened", "what arrived", "expected commands", "commands in the topic");
    }

    static Stream<Arguments> shouldFindAWrongName() {
        return Stream.of(
                defect(Defect.LOST, seen -> seen.remove(1)),
                defect(Defect.DUPLICATED, seen -> seen.add(2, seen.get(1))),
                defect(Defect.LOST, seen -> seen.set(1, Runs.with(seen.get(1), new Shown("Ben", null, true)))),
                defect(Defect.UNEXPECTED, seen -> seen.set(0, Runs.with(seen.get(0), new Shown("Anna", null, false)))),
                defect(Defect.UNEXPECTED, seen -> seen.set(1, Runs.with(seen.get(1), Shown.ID_ALONE))));
    }

    @ParameterizedTest
    @MethodSource
    void shouldFindAWrongName(Defect defect, Consumer<List<Command>> harm) {
        // Given
        List<LogEntry> entries = withProfile();
        List<Command> seen = new ArrayList<>(Runs.seen(ReferenceModel.commands(RULES, entries, UNTIL)));
        harm.accept(seen);

        // When
        ledger.enter(CONVERSATION, entries, seen, UNTIL);

        // Then
        assertThat(ledger.count(defect)).isOne();
        assertThat(ledger.count(Defect.END_CHANGED)).isZero();
    }

    @Test
    void shouldCountTheNames() {
        // Given
        List<LogEntry> entries = withProfile();
        List<Command> seen = Runs.seen(ReferenceModel.commands(RULES, entries, UNTIL));

        // When
        ledger.enter(CONVERSATION, entries, seen, UNTIL);
        entries.add(0, entries.get(2));
        ledger.enter(CONVERSATION, entries, Runs.seen(ReferenceModel.commands(RULES, entries, UNTIL)), UNTIL);

        // Then
        assertThat(ledger.byTitle().values()).containsOnly(0);
        assertThat(ledger.namedLater()).isOne();
        assertThat(ledger.namedAtOnce()).isOne();
    }

    @Test
    void shouldFindAnEndThatDependsOnAProfile() {
        // Given
        List<LogEntry> entries = withProfile();
        List<Command> seen = new ArrayList<>(Runs.seen(ReferenceModel.commands(RULES, entries, UNTIL)));
        move(seen, 1);

        // When
        ledger.enter(CONVERSATION, entries, seen, UNTIL);

        // Then
        assertThat(ledger.count(Defect.END_CHANGED)).isOne();
    }

    /** The conversation, in which the profile of anna comes one second after her start. */
    private static List<LogEntry> withProfile() {
        List<LogEntry> entries = new ArrayList<>(CONVERSATION.planned());
        entries.add(2, new ProfileArrival(Runs.START + 1_000, CONVERSATION.id(), "anna", "Anna", null));
        return entries;
    }

    @ParameterizedTest
    @CsvSource({"0, true", "1, true", "2, false"})
    void shouldExcuseAtMostAQuarterOfTheLookups(int refused, boolean clean) {
        // Given
        ledger.enter(CONVERSATION, CONVERSATION.planned(), Runs.seen(EXPECTED), UNTIL);
        ledger.enter(ONE_ACCEPTED, Map.of("id-0", 1));

        // When
        ledger.enterLookups(7, refused, 6);

        // Then
        assertThat(ledger.isClean()).isEqualTo(clean);
        assertThat(ledger.lookups()).isEqualTo(7);
        assertThat(ledger.refusedLookups()).isEqualTo(refused);
        assertThat(ledger.profiles()).isEqualTo(6);
    }

    @Test
    void shouldNotBeCleanIfAnAcceptedDeliveryIsNotInTheLogAsOftenAsItWasAccepted() {
        // Given
        ledger.enter(CONVERSATION, CONVERSATION.planned(), Runs.seen(EXPECTED), UNTIL);

        // When
        ledger.enter(new Answers(Map.of("id-0", 2, "id-1", 1, "id-2", 1), Map.of()), Map.of("id-0", 1, "id-2", 1));

        // Then
        assertThat(ledger.isClean()).isFalse();
        assertThat(ledger.count(Defect.DELIVERY_LOST)).isEqualTo(2);
    }

    @Test
    void shouldNotBeCleanIfADeliveryWasGivenUp() {
        // Given
        ledger.enter(CONVERSATION, CONVERSATION.planned(), Runs.seen(EXPECTED), UNTIL);

        // When
        ledger.enter(new Answers(Map.of("id-0", 1), Map.of("id-1", "400")), Map.of("id-0", 1));

        // Then
        assertThat(ledger.isClean()).isFalse();
        assertThat(ledger.descriptions()).containsExactly("delivery id-1 was given up after 400");
    }

    @Test
    void shouldNotBeCleanIfTheCommandsOfAnUndisturbedConversationContradictWhatHappened() {
        // Given
        History twoHandovers = new History(
                CONVERSATION.id(),
                CONVERSATION.history().events(),
                CONVERSATION.history().services(),
                2,
                true);
        ledger.enter(ONE_ACCEPTED, Map.of("id-0", 1));

        // When
        ledger.enter(
                new Conversation(twoHandovers, CONVERSATION.planned()),
                CONVERSATION.planned(),
                Runs.seen(EXPECTED),
                UNTIL);

        // Then
        assertThat(ledger.isClean()).isFalse();
        assertThat(ledger.count(Defect.BREACH)).isOne();
    }

    @Test
    void shouldNotCompareWithTheTruthIfAnEventCameLate() {
        // Given
        List<Arrival> late = CONVERSATION.planned().stream()
                .map(arrival -> new Arrival(arrival.at() + RULES.graceMs(), arrival.event(), arrival.eventId()))
                .toList();

        // When
        ledger.enter(CONVERSATION, late, Runs.seen(ReferenceModel.commands(RULES, late, UNTIL)), UNTIL);

        // Then
        assertThat(ledger.undisturbed()).isZero();
        assertThat(ledger.byTitle().values()).containsOnly(0);
    }

    @Test
    void shouldExcuseDifferencesOfMixedUpHandoversButNotADuplicatedCommand() {
        // Given
        List<Arrival> mixedUp = mixedUp();
        Command end = Runs.seen(EXPECTED).get(1);

        // When
        ledger.enter(CONVERSATION, mixedUp, List.of(end), UNTIL);
        ledger.enter(CONVERSATION, mixedUp, List.of(end, end), UNTIL);

        // Then
        assertThat(ledger.excused()).isEqualTo(2);
        assertThat(ledger.count(Defect.LOST) + ledger.count(Defect.UNEXPECTED)).isZero();
        assertThat(ledger.count(Defect.BREACH)).isPositive();
        assertThat(ledger.isClean()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            0 | 1   | PASS (mixed up by outages: 0 of 1 conversations, 0.00 %; at most 1 %)
            1 | 200 | PASS (mixed up by outages: 1 of 200 conversations, 0.50 %; at most 1 %)
            2 | 200 | PASS (mixed up by outages: 2 of 200 conversations, 1.00 %; at most 1 %)
            2 | 199 | FAIL (mixed up by outages: 2 of 199 conversations, 1.01 %; at most 1 %)
            """)
    void shouldExcuseAtMostOnePercentOfTheConversations(int excused, int conversations, String verdict) {
        // Given
        for (int i = 0; i < excused; i++) {
            ledger.enter(CONVERSATION, mixedUp(), List.of(Runs.seen(EXPECTED).get(1)), UNTIL);
        }
        for (int i = excused; i < conversations; i++) {
            ledger.enter(CONVERSATION, CONVERSATION.planned(), Runs.seen(EXPECTED), UNTIL);
        }

        // When
        ledger.enter(ONE_ACCEPTED, Map.of("id-0", 1));

        // Then
        assertThat(ledger.excused()).isEqualTo(excused);
        assertThat(ledger.byTitle().values()).containsOnly(0);
        assertThat(ledger.verdict()).isEqualTo(verdict);
        assertThat(ledger.isClean()).isEqualTo(verdict.startsWith("PASS"));
    }

    /** The conversation in the log, after the start of the handover that follows it. */
    private static List<Arrival> mixedUp() {
        GenesysEvent next = new GenesysEvent(
                CONVERSATION.id(),
                2,
                Kind.CUSTOMER_START,
                Runs.START + 60_000,
                "customer-2",
                null,
                null,
                null,
                0,
                0,
                null);
        List<Arrival> mixedUp = new ArrayList<>(List.of(new Arrival(next.time(), next, "id-next")));
        CONVERSATION
                .planned()
                .forEach(arrival -> mixedUp.add(new Arrival(next.time(), arrival.event(), arrival.eventId())));
        return mixedUp;
    }

    @ParameterizedTest
    @EnumSource(Defect.class)
    void shouldNotBeCleanWithAnyFinding(Defect defect) {
        // Given
        ledger.enter(CONVERSATION, CONVERSATION.planned(), Runs.seen(EXPECTED), UNTIL);
        ledger.enter(ONE_ACCEPTED, Map.of("id-0", 1));

        // When
        ledger.enter(new Finding(defect, "something"));

        // Then
        assertThat(ledger.isClean()).isFalse();
        assertThat(ledger.byTitle()).containsEntry(defect.title(), 1);
        assertThat(ledger.descriptions()).containsExactly("something");
    }

    @Test
    void shouldNotBeCleanIfNothingHappened() {
        // Given, When, Then
        assertThat(ledger.isClean()).isFalse();
    }
}
