package io.handover.reference;

import static org.assertj.core.api.Assertions.assertThat;

import io.handover.traffic.Flow;
import io.handover.traffic.GenesysEvent;
import io.handover.traffic.GenesysEvent.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The most important rows of the decision table. Times are in seconds. */
class ReferenceModelTest {

    private static final String ROUTING = "INBOUNDSHORTMESSAGE";
    private static final String IN_QUEUE = "INQUEUESHORTMESSAGE";
    private static final String SURVEY = "SURVEYINVITE";
    private static final long RETENTION_MS = Rules.DEFAULT.retentionMs();

    private final List<Arrival> log = new ArrayList<>();

    @Test
    void shouldEndAfterTheGraceWhenTheLastAgentHasLeftAndFinishedAcw() {
        happen(0, Kind.USER_START, "anna");
        happen(60, Kind.USER_END, "anna", "CLIENT");
        happen(70, Kind.ACW, "anna");
        assertThat(commands()).containsExactly("anna #1 @0", "after-call-work #1 @72");
    }

    @Test
    void shouldEndWithoutAcwAtItsTimeout() {
        happen(0, Kind.USER_START, "anna");
        happen(60, Kind.USER_END, "anna", "CLIENT");
        happen(300, Kind.ACW, "anna");
        assertThat(commands()).containsExactly("anna #1 @0", "agent-left #1 @180");
    }

    @Test
    void shouldNotEndByATransferOrItsAcw() {
        happen(0, Kind.USER_START, "anna");
        happen(60, Kind.USER_END, "anna", "TRANSFER");
        happen(70, Kind.ACW, "anna");
        assertThat(commands()).containsExactly("anna #1 @0");
    }

    @Test
    void shouldHoldAnEndByAcwAloneForTheTransferTimeout() {
        happen(0, Kind.USER_START, "anna");
        happen(60, Kind.ACW, "anna");
        assertThat(commands()).containsExactly("anna #1 @0", "transfer-timeout #1 @70");
    }

    @Test
    void shouldCancelThatHoldWhenTheAgentTurnsOutToHaveTransferred() {
        happen(60, Kind.ACW, "anna");
        arrive(69.9, 59, Kind.USER_END, "anna", "TRANSFER");
        assertThat(commands()).isEmpty();
    }

    @Test
    void shouldNotEndWhileAnotherAgentServesOrAQueueHasTheConversation() {
        offer(0, "anna");
        offer(10, "ben");
        happen(60, Kind.USER_END, "anna", "CLIENT");
        happen(61, Kind.ACW, "anna");
        happen(70, Kind.ACD_START, "queue");
        happen(80, Kind.USER_END, "ben", "CLIENT");
        assertThat(commands()).containsExactly("anna #1 @0", "ben #1 @10");
    }

    @Test
    void shouldNameTheAgentWhoRemains() {
        offer(0, "anna");
        offer(10, "ben");
        happen(20, Kind.USER_END, "ben", "CLIENT");
        assertThat(commands()).containsExactly("anna #1 @0", "ben #1 @10", "anna #1 @20");
    }

    @Test
    void shouldEndAtOnceByCustomerEnd() {
        happen(0, Kind.USER_START, "anna");
        happen(60, Kind.CUSTOMER_END, "customer");
        happen(61, Kind.USER_END, "anna", "PEER");
        assertThat(commands()).containsExactly("anna #1 @0", "customer-end #1 @60");
    }

    @Test
    void shouldEndWhenTheCustomerLeftTheQueue() {
        happen(0, Kind.ACD_START, "queue");
        happen(60, Kind.ACD_END, "queue", "ABANDON");
        assertThat(commands()).containsExactly("queue-abandoned #1 @70");
    }

    @Test
    void shouldNotCountAnEventTwice() {
        happen(0, Kind.USER_START, "anna");
        happen(60, Kind.USER_END, "anna", "CLIENT");
        happen(61, Kind.ACW, "anna");
        arrive(5_000, 0, Kind.USER_START, "anna", null);
        assertThat(commands()).containsExactly("anna #1 @0", "after-call-work #1 @63");
    }

    @Test
    void shouldOpenAgainByAStartAfterTheEnd() {
        happen(60, Kind.CUSTOMER_END, "customer");
        happen(100, Kind.USER_START, "ben");
        assertThat(commands()).containsExactly("customer-end #1 @60", "ben #2 @100");
    }

    @Test
    void shouldHoldAnEndForTheTimeoutOfATransfer() {
        happen(0, Kind.USER_END, "anna", "TRANSFER");
        happen(1, Kind.USER_START, "ben");
        happen(3, Kind.USER_END, "ben", "CLIENT");
        happen(4, Kind.ACW, "ben");
        assertThat(commands()).containsExactly("ben #1 @1", "after-call-work #1 @10");
    }

    @Test
    void shouldNotAnnounceASupervisorWhoMonitors() {
        offer(2, "anna");
        happen(60, Kind.USER_START, "sonja");
        happen(180, Kind.USER_END, "sonja", "CLIENT");
        assertThat(commands()).containsExactly("anna #1 @2");
    }

    @Test
    void shouldNotWaitForTheAcwOfASupervisorWhoMonitors() {
        offer(2, "anna");
        happen(60, Kind.USER_START, "sonja");
        happen(300, Kind.USER_END, "anna", "CLIENT");
        happen(301, Kind.USER_END, "sonja", "PEER");
        happen(310, Kind.ACW, "anna");
        assertThat(commands()).containsExactly("anna #1 @2", "after-call-work #1 @312");
    }

    @Test
    void shouldNotEndWhileASupervisorIsStillThere() {
        offer(2, "anna");
        happen(60, Kind.USER_START, "sonja");
        happen(300, Kind.USER_END, "anna", "CLIENT");
        happen(1_000, Kind.USER_END, "sonja", "PEER");
        assertThat(commands()).containsExactly("anna #1 @2", "agent-left #1 @1120");
    }

    @Test
    void shouldAnnounceASupervisorWhoTakesOver() {
        offer(2, "anna");
        happen(60, Kind.USER_START, "sonja");
        happen(300, Kind.USER_END, "anna", "TAKEOVER");
        happen(400, Kind.USER_END, "sonja", "CLIENT");
        assertThat(commands()).containsExactly("anna #1 @2", "sonja #1 @300", "agent-left #1 @520");
    }

    @Test
    void shouldAnnounceAColleagueWhenTheFirstAgentHasFinishedAcw() {
        offer(2, "anna");
        happen(60, Kind.USER_START, "ben");
        happen(300, Kind.USER_END, "anna", "CLIENT");
        happen(310, Kind.ACW, "anna");
        happen(400, Kind.USER_END, "ben", "CLIENT");
        assertThat(commands()).containsExactly("anna #1 @2", "ben #1 @310", "agent-left #1 @520");
    }

    @Test
    void shouldCountTheTransferOfASilentJoiner() {
        offer(2, "anna");
        happen(60, Kind.USER_START, "ben");
        happen(300, Kind.USER_END, "anna", "CLIENT");
        happen(310, Kind.USER_END, "ben", "TRANSFER");
        assertThat(commands()).containsExactly("anna #1 @2");
    }

    @Test
    void shouldStillWaitInAQueueWhenASilentJoinerComes() {
        offer(2, "anna");
        happen(50, Kind.ACD_START, "queue");
        happen(60, Kind.USER_START, "sonja");
        happen(70, Kind.USER_END, "sonja", "CLIENT");
        happen(80, Kind.USER_END, "anna", "CLIENT");
        happen(81, Kind.ACW, "anna");
        assertThat(commands()).containsExactly("anna #1 @2");
    }

    @Test
    void shouldNotEndWhileAFlowHasTakenOverFromAnAgent() {
        offer(2, "anna");
        happen(602, Kind.USER_END, "anna", "INACTIVITY");
        flow(602.2, Kind.FLOW_START, ROUTING, null);
        happen(607, Kind.ACW, "anna");
        happen(640.1, Kind.ACD_START, "queue");
        offer(641, "ben");
        assertThat(commands()).containsExactly("anna #1 @2", "ben #1 @641");
    }

    @Test
    void shouldEndWhenTheFlowEndsWithoutATransfer() {
        offer(2, "anna");
        happen(602, Kind.USER_END, "anna", "INACTIVITY");
        flow(602.2, Kind.FLOW_START, ROUTING, null);
        happen(607, Kind.ACW, "anna");
        flow(700, Kind.FLOW_END, ROUTING, "FLOW_EXIT");
        assertThat(commands()).containsExactly("anna #1 @2", "after-call-work #1 @702");
    }

    @Test
    void shouldNotEndWhenTheFlowTransfers() {
        offer(2, "anna");
        happen(602, Kind.USER_END, "anna", "INACTIVITY");
        flow(602.2, Kind.FLOW_START, ROUTING, null);
        happen(607, Kind.ACW, "anna");
        flow(700, Kind.FLOW_END, ROUTING, "TRANSFER");
        assertThat(commands()).containsExactly("anna #1 @2");
    }

    @Test
    void shouldEndWhenAnInQueueFlowDisconnects() {
        happen(1, Kind.ACD_START, "queue");
        flow(1.2, Kind.FLOW_START, IN_QUEUE, null);
        flow(45, Kind.FLOW_END, IN_QUEUE, "FLOW_DISCONNECT");
        happen(45.1, Kind.ACD_END, "queue", "FLOW_OUT");
        assertThat(commands()).containsExactly("queue-abandoned #1 @55");
    }

    @Test
    void shouldEndWhenAnInQueueFlowDisconnectsAndTheQueueDoesNotEnd() {
        happen(1, Kind.ACD_START, "queue");
        flow(45, Kind.FLOW_END, IN_QUEUE, "FLOW_DISCONNECT");
        assertThat(commands()).containsExactly("flow-disconnected #1 @55");
    }

    @Test
    void shouldEndWhenAFlowDisconnectsAfterATransfer() {
        offer(2, "anna");
        happen(300, Kind.USER_END, "anna", "TRANSFER");
        flow(300.2, Kind.FLOW_START, ROUTING, null);
        flow(303, Kind.FLOW_END, ROUTING, "FLOW_DISCONNECT");
        happen(315, Kind.ACW, "anna");
        assertThat(commands()).containsExactly("anna #1 @2", "flow-disconnected #1 @313");
    }

    @Test
    void shouldNotCountASurvey() {
        offer(2, "anna");
        happen(300, Kind.USER_END, "anna", "CLIENT");
        happen(301, Kind.ACW, "anna");
        flow(302, Kind.FLOW_START, SURVEY, null);
        flow(310, Kind.FLOW_END, SURVEY, "FLOW_DISCONNECT");
        happen(330, Kind.CUSTOMER_END, "customer");
        flow(340, Kind.FLOW_START, SURVEY, null);
        assertThat(commandsUntilForgotten()).containsExactly("anna #1 @2", "after-call-work #1 @303");
    }

    @Test
    void shouldOpenAgainByARoutingFlowAndExpire() {
        happen(60, Kind.CUSTOMER_END, "customer");
        flow(100, Kind.FLOW_START, ROUTING, null);
        assertThat(commandsUntilForgotten()).containsExactly("customer-end #1 @60", "expired #2 @345700");
    }

    @Test
    void shouldExpireWhenNothingArrivesForTheRetention() {
        // Given
        offer(0, "anna");
        arrive(70, 60, Kind.USER_END, "anna", "TRANSFER");
        arrive(90, 60, Kind.USER_END, "anna", "TRANSFER");

        // When
        List<Command> commands = ReferenceModel.commands(Rules.DEFAULT, log, millis(70) + RETENTION_MS);

        // Then
        assertThat(commands)
                .last()
                .isEqualTo(
                        new Command("", 1, Command.ENDED, "expired", millis(70), millis(70) + RETENTION_MS, List.of()));
        assertThat(ReferenceModel.commands(Rules.DEFAULT, log, millis(70) + RETENTION_MS - 1))
                .hasSize(1);
    }

    @Test
    void shouldNotExpireBeforeAnythingHasBegun() {
        flow(0, Kind.FLOW_START, SURVEY, null);
        flow(1, Kind.FLOW_END, SURVEY, "FLOW_EXIT");
        assertThat(commandsUntilForgotten()).isEmpty();
    }

    @Test
    void shouldBeginAgainAfterItWasForgotten() {
        happen(0, Kind.CUSTOMER_START, "customer");
        happen(400_000, Kind.CUSTOMER_START, "customer-2");
        happen(400_060, Kind.CUSTOMER_END, "customer-2");
        assertThat(commandsUntilForgotten()).containsExactly("expired #1 @345600", "customer-end #1 @400060");
    }

    @Test
    void shouldRefuseAnEventThatIsTooOld() {
        happen(345_600, Kind.CUSTOMER_START, "customer");
        arrive(345_700, 100, Kind.USER_START, "anna", null);
        arrive(345_700, 101, Kind.USER_START, "ben", null);
        assertThat(commands(millis(400_000))).containsExactly("ben #1 @345700");
    }

    @Test
    void shouldNotDecideAnEndBeforeItOccurs() {
        arrive(0, 5, Kind.CUSTOMER_END, "customer", null);
        assertThat(commands()).containsExactly("customer-end #1 @5");
    }

    private void happen(double time, Kind kind, String session) {
        arrive(time, time, kind, session, null);
    }

    private void happen(double time, Kind kind, String session, String how) {
        arrive(time, time, kind, session, how);
    }

    /** A queue offers the conversation to the agent. */
    private void offer(double time, String agent) {
        add(
                time,
                new GenesysEvent(
                        "conversation-1", 1, Kind.USER_START, millis(time), agent, agent, "queue", null, 0, 0, null));
    }

    private void flow(double time, Kind kind, String type, @Nullable String exitReason) {
        add(
                time,
                new GenesysEvent(
                        "conversation-1",
                        1,
                        kind,
                        millis(time),
                        type,
                        null,
                        null,
                        null,
                        0,
                        0,
                        null,
                        new Flow(type, exitReason, null)));
    }

    /** @param how the disconnect type of an agent, or the outcome of a queue */
    private void arrive(double at, double time, Kind kind, String session, @Nullable String how) {
        boolean isQueue = kind == Kind.ACD_END;
        add(
                at,
                new GenesysEvent(
                        "conversation-1",
                        1,
                        kind,
                        millis(time),
                        session,
                        session,
                        null,
                        isQueue ? "CLIENT" : how,
                        50_000,
                        0,
                        isQueue ? how : null));
    }

    private void add(double at, GenesysEvent event) {
        log.add(new Arrival(millis(at), event, "event-" + log.size()));
    }

    private List<String> commands() {
        return commands(millis(10_000));
    }

    private List<String> commandsUntilForgotten() {
        return commands(log.get(log.size() - 1).at() + RETENTION_MS);
    }

    private List<String> commands(long until) {
        return ReferenceModel.commands(Rules.DEFAULT, log, until).stream()
                .map(command -> String.format(
                        Locale.ROOT, "%s #%d @%d", command.what(), command.cycle(), command.decidedAt() / 1_000))
                .toList();
    }

    private static long millis(double seconds) {
        return Math.round(seconds * 1_000);
    }
}
