package io.handover.reference;

import static org.assertj.core.api.Assertions.assertThat;

import io.handover.reference.Command.Shown;
import io.handover.traffic.Flow;
import io.handover.traffic.GenesysEvent;
import io.handover.traffic.GenesysEvent.Kind;
import io.handover.traffic.History;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each invariant finds its breach. An invariant that cannot fail would prove nothing. */
class InvariantsTest {

    private static final long RETENTION_MS = Rules.DEFAULT.retentionMs();

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
    void shouldFindAnUpdateThatShowsNothingNew() {
        Shown named = new Shown("Anna", null, true);
        assertThat(breaches(updated("1", 1, "anna", 0), shown("2", "anna", named), shown("3", "anna", named)))
                .containsExactly("every update shows something new: anna Anna null (by profile) of cycle 1 was shown"
                        + " before");
    }

    @Test
    void shouldFindAProfileOfAnAgentWhoIsNotShownOrHasNoName() {
        assertThat(breaches(
                        updated("1", 1, "anna", 0),
                        shown("2", "ben", new Shown("Ben", null, true)),
                        shown("3", "ben", new Shown(null, null, true))))
                .hasSize(2)
                .allMatch(breach -> breach.endsWith("who is not the agent shown, or has no name"));
    }

    private static Command shown(String id, String agent, Shown shown) {
        return new Command(id, 1, Command.UPDATED, agent, shown, 0, 0, List.of());
    }

    @Test
    void shouldFindAMissingEnd() {
        served("CLIENT");
        assertThat(breaches()).singleElement().asString().startsWith("no end missing");
    }

    @Test
    void shouldFindThatAnEndWasLeftToTheRetention() {
        served("CLIENT");
        assertThat(breaches(expired(1, 70))).singleElement().asString().startsWith("no end missing");
    }

    @Test
    void shouldFindAMissingEndAfterAFlowDisconnected() {
        served("TRANSFER");
        flow(61, Kind.FLOW_START, "INBOUNDSHORTMESSAGE", null);
        flow(80, Kind.FLOW_END, "INBOUNDSHORTMESSAGE", "FLOW_DISCONNECT");
        assertThat(breaches()).singleElement().asString().startsWith("no end missing: flow.end");
    }

    @Test
    void shouldFindAMissingEndAfterAnInQueueFlowDisconnectedAndTheQueueDidNotEnd() {
        arrive(0, Kind.ACD_START, "queue", null);
        flow(1, Kind.FLOW_START, "INQUEUESHORTMESSAGE", null);
        flow(80, Kind.FLOW_END, "INQUEUESHORTMESSAGE", "FLOW_DISCONNECT");
        assertThat(breaches()).singleElement().asString().startsWith("no end missing: flow.end");
    }

    @Test
    void shouldMissNoEndWhileARoutingFlowHasTheConversation() {
        served("CLIENT");
        flow(60, Kind.FLOW_START, "INBOUNDSHORTMESSAGE", null);
        assertThat(breaches()).isEmpty();
    }

    @Test
    void shouldFindAMissingEndBesideASurvey() {
        served("CLIENT");
        flow(65, Kind.FLOW_START, "SURVEYINVITE", null);
        assertThat(breaches()).singleElement().asString().startsWith("no end missing");
    }

    @Test
    void shouldMissNoEndAfterASilentJoinerLeft() {
        arrive(0, Kind.USER_START, "anna", null);
        arrive(10, Kind.USER_START, "sonja", null);
        arrive(50, Kind.USER_END, "anna", "CLIENT");
        arrive(50, Kind.USER_START, "ben", null);
        arrive(60, Kind.USER_END, "ben", "TRANSFER");
        arrive(70, Kind.USER_END, "sonja", "CLIENT");
        assertThat(breaches()).isEmpty();
    }

    @Test
    void shouldFindAMissingEndAfterAnAgentAndASilentJoinerLeft() {
        arrive(0, Kind.USER_START, "anna", null);
        arrive(10, Kind.USER_START, "sonja", null);
        arrive(50, Kind.USER_END, "anna", "CLIENT");
        arrive(51, Kind.USER_END, "sonja", "PEER");
        assertThat(breaches()).singleElement().asString().startsWith("no end missing: user.end anna");
    }

    @Test
    void shouldFindACycleThatBeganBeforeTheEndOfTheLast() {
        served("CLIENT");
        assertThat(breaches(end("1", 2, "after-call-work", 72, "user.end@60", "acw@70")))
                .singleElement()
                .asString()
                .startsWith("no cycle before the end of the last");
    }

    @Test
    void shouldAllowThatAHandoverExpiresWhileAnAgentServes() {
        arrive(0, Kind.USER_START, "anna", null);
        assertThat(breaches(expired(1, 0))).isEmpty();
        assertThat(breachesOfLiveness(expired(1, 0))).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"CUSTOMER_END"},
            mode = EnumSource.Mode.EXCLUDE)
    void shouldFindAHandoverThatNeverEnds(Kind kind) {
        arrive(0, kind, "somebody", null);
        assertThat(breachesOfLiveness()).singleElement().asString().startsWith("every handover ends: cycle 1");
    }

    @Test
    void shouldNotRequireAnEndIfNoHandoverBegan() {
        arrive(0, Kind.CUSTOMER_END, "customer", null);
        flow(1, Kind.FLOW_START, "SURVEYINVITE", null);
        assertThat(breachesOfLiveness()).isEmpty();
    }

    @Test
    void shouldFindAnAnnouncedHandoverThatNeverEnds() {
        served("CLIENT");
        arrive(90, Kind.USER_END, "ben", "CLIENT");
        assertThat(breachesOfLiveness(
                        end("1", 1, "after-call-work", 72, "user.end@60", "acw@70"), updated("2", 2, "ben", 90)))
                .singleElement()
                .asString()
                .startsWith("every handover ends: cycle 2");
    }

    @Test
    void shouldFindAHandoverThatAStartOpenedAndThatNeverEnds() {
        served("CLIENT");
        flow(90, Kind.FLOW_START, "INBOUNDSHORTMESSAGE", null);
        assertThat(breachesOfLiveness(end("1", 1, "after-call-work", 72, "user.end@60", "acw@70")))
                .singleElement()
                .asString()
                .startsWith("every handover ends: flow.start");
    }

    @Test
    void shouldNotRequireAnotherEndForALateStartOfAnEndedHandover() {
        served("CLIENT");
        arrive(90, Kind.CUSTOMER_END, "customer", null);
        log.add(new Arrival(5_000, event(80, Kind.ACD_START, "queue", null), "late"));
        assertThat(breachesOfLiveness(end("1", 1, "after-call-work", 72, "user.end@60", "acw@70")))
                .isEmpty();
    }

    @Test
    void shouldFindACommandAfterTheRetention() {
        served("CLIENT");
        assertThat(breachesOfLiveness(end("1", 1, "agent-left", 71 + RETENTION_MS, "user.end@60")))
                .singleElement()
                .asString()
                .startsWith("no command after the retention");
    }

    @Test
    void shouldFindAHandoverThatExpiredAtAnotherTime() {
        arrive(0, Kind.USER_START, "anna", null);
        assertThat(breachesOfLiveness(expired(1, -1)))
                .singleElement()
                .asString()
                .startsWith("no command after the");
        assertThat(breachesOfLiveness(expired(1, 1))).singleElement().asString().startsWith("no command after the");
    }

    @Test
    void shouldBeginAgainWithTheFirstCycleAfterTheConversationWasForgotten() {
        // Given
        arrive(0, Kind.USER_START, "anna", null);
        arrive(RETENTION_MS, Kind.CUSTOMER_START, "customer", null);
        Command second = new Command("2", 1, Command.ENDED, Command.EXPIRED, RETENTION_MS, 2 * RETENTION_MS, List.of());

        // When, Then
        assertThat(breaches(expired(1, 0), second)).isEmpty();
        assertThat(breachesOfLiveness(expired(1, 0), second)).isEmpty();
        assertThat(breachesOfLiveness(expired(1, 0))).singleElement().asString().startsWith("every handover ends");
    }

    @Test
    void shouldRequireNothingForAnEventThatIsTooOld() {
        log.add(new Arrival(RETENTION_MS, event(0, Kind.USER_START, "anna", null), "too-old"));
        assertThat(breachesOfLiveness()).isEmpty();
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

    private void flow(long time, Kind kind, String type, @Nullable String exitReason) {
        Flow flow = new Flow(type, exitReason, null);
        log.add(new Arrival(
                time,
                new GenesysEvent("conversation-1", 1, kind, time, type, null, null, null, 0, 0, null, flow),
                "event-" + log.size()));
    }

    private static Command expired(int cycle, long touchedAt) {
        return new Command(
                "expired", cycle, Command.ENDED, Command.EXPIRED, touchedAt, touchedAt + RETENTION_MS, List.of());
    }

    private static Command updated(String id, int cycle, String agent, long decidedAt) {
        return new Command(id, cycle, Command.UPDATED, agent, decidedAt, decidedAt, List.of());
    }

    private static Command end(String id, int cycle, String reason, long decidedAt, String... evidence) {
        return new Command(id, cycle, Command.ENDED, reason, decidedAt, decidedAt, List.of(evidence));
    }

    private List<String> breaches(Command... seen) {
        return Invariants.breaches(Rules.DEFAULT, log, List.of(seen));
    }

    private List<String> breachesOfLiveness(Command... seen) {
        return Invariants.breachesOfLiveness(Rules.DEFAULT, log, List.of(seen));
    }
}
