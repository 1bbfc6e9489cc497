package io.handover.reference;

import static org.assertj.core.api.Assertions.assertThat;

import io.handover.traffic.GenesysEvent;
import io.handover.traffic.GenesysEvent.Kind;
import io.handover.traffic.History;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Each invariant finds its breach. An invariant that cannot fail would prove nothing. */
class InvariantsTest {

    private final List<Arrival> log = new ArrayList<>();

    @Test
    void shouldFindNothingIfNoInvariantIsBroken() {
        served("CLIENT");
        assertThat(breaches(end("1", 1, "after-call-work", 72, "user.end@60", "acw@70")))
                .isEmpty();
    }

    @Test
    void shouldFindADuplicatedCommand() {
        served("CLIENT");
        Command end = end("1", 1, "after-call-work", 72, "user.end@60", "acw@70");
        assertThat(breaches(end, end)).anyMatch(breach -> breach.startsWith("no command twice"));
    }

    @Test
    void shouldFindACycleThatEndedTwice() {
        served("CLIENT");
        assertThat(breaches(
                        end("1", 1, "agent-left", 71, "user.end@60"),
                        end("2", 1, "customer-end", 90, "customer.end@90")))
                .singleElement()
                .asString()
                .startsWith("at most one end per cycle");
    }

    @Test
    void shouldFindAnEndWhileAnAgentServes() {
        served("CLIENT");
        arrive(65, Kind.USER_START, "ben", null);
        assertThat(breaches(end("1", 1, "after-call-work", 72, "user.end@60", "acw@70")))
                .singleElement()
                .asString()
                .startsWith("no end while an agent serves: ben");
    }

    @Test
    void shouldFindAnEndFromTheAcwOfATransferredAgentSession() {
        served("TRANSFER");
        assertThat(breaches(end("1", 1, "transfer-timeout", 80, "acw@70")))
                .singleElement()
                .asString()
                .startsWith("no end from the acw of a transferred agent session");
    }

    @Test
    void shouldFindAMissingEnd() {
        served("CLIENT");
        assertThat(breaches()).singleElement().asString().startsWith("no end missing");
    }

    @Test
    void shouldFindAHandoverThatEndedTwiceOrWhileServed() {
        // Given
        History history = new History(
                "conversation-1",
                List.of(event(0, Kind.USER_START, "anna", null)),
                List.of(new History.Service("anna", 0, 60)),
                1,
                true);
        // When / Then
        assertThat(Invariants.breachesOfTruth(history, List.of(end("1", 1, "agent-left", 60, "user.end@60"))))
                .isEmpty();
        assertThat(Invariants.breachesOfTruth(history, List.of())).hasSize(1);
        assertThat(Invariants.breachesOfTruth(history, List.of(end("1", 1, "agent-left", 59, "user.end@60"))))
                .singleElement()
                .asString()
                .startsWith("no end while an agent serves: anna");
    }

    @Test
    void shouldFindAnEndBetweenTwoAgentsOfTheSameHandoverOrUnderAnotherNumber() {
        // Given
        History history = new History(
                "conversation-1",
                List.of(event(60, Kind.USER_END, "anna", "TRANSFER"), event(200, Kind.USER_END, "ben", "CLIENT")),
                List.of(new History.Service("anna", 0, 60), new History.Service("ben", 90, 200)),
                1,
                true);
        // When / Then
        assertThat(Invariants.breachesOfTruth(history, List.of(end("1", 1, "agent-left", 75, "user.end@60"))))
                .singleElement()
                .asString()
                .startsWith("no end before the last agent is gone");
        assertThat(Invariants.breachesOfTruth(history, List.of(end("1", 2, "agent-left", 320, "user.end@200"))))
                .singleElement()
                .asString()
                .startsWith("exactly one end per handover");
    }

    private void served(String disconnectType) {
        arrive(0, Kind.USER_START, "anna", null);
        arrive(60, Kind.USER_END, "anna", disconnectType);
        arrive(70, Kind.ACW, "anna", null);
    }

    private void arrive(long time, Kind kind, String agent, @Nullable String disconnectType) {
        log.add(new Arrival(time, event(time, kind, agent, disconnectType), "event-" + log.size()));
    }

    private static GenesysEvent event(long time, Kind kind, String agent, @Nullable String disconnectType) {
        return new GenesysEvent("conversation-1", 1, kind, time, agent, agent, null, disconnectType, 50, 0, null);
    }

    private static Command end(String id, int cycle, String reason, long decidedAt, String... evidence) {
        return new Command(id, cycle, Command.ENDED, reason, decidedAt, decidedAt, List.of(evidence));
    }

    private List<String> breaches(Command... seen) {
        return Invariants.breaches(Rules.DEFAULT, log, List.of(seen));
    }
}
