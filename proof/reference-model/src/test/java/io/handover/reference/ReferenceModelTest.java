package io.handover.reference;

import static org.assertj.core.api.Assertions.assertThat;

import io.handover.traffic.GenesysEvent;
import io.handover.traffic.GenesysEvent.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The most important rows of the decision table. Times are in seconds. */
class ReferenceModelTest {

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
        happen(0, Kind.USER_START, "anna");
        happen(10, Kind.USER_START, "ben");
        happen(60, Kind.USER_END, "anna", "CLIENT");
        happen(61, Kind.ACW, "anna");
        happen(70, Kind.ACD_START, "queue");
        happen(80, Kind.USER_END, "ben", "CLIENT");
        assertThat(commands()).containsExactly("anna #1 @0", "ben #1 @10");
    }

    @Test
    void shouldNameTheAgentWhoRemains() {
        happen(0, Kind.USER_START, "anna");
        happen(10, Kind.USER_START, "ben");
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

    private void happen(double time, Kind kind, String session) {
        arrive(time, time, kind, session, null);
    }

    private void happen(double time, Kind kind, String session, String how) {
        arrive(time, time, kind, session, how);
    }

    private void arrive(double at, double time, Kind kind, String session, @Nullable String how) {
        boolean abandoned = "ABANDON".equals(how);
        GenesysEvent event = new GenesysEvent(
                "conversation-1",
                1,
                kind,
                millis(time),
                session,
                session,
                null,
                abandoned ? "PEER" : how,
                50_000,
                0,
                abandoned ? how : null);
        log.add(new Arrival(millis(at), event, "event-" + log.size()));
    }

    private List<String> commands() {
        return ReferenceModel.commands(Rules.DEFAULT, log, millis(10_000)).stream()
                .map(command -> String.format(
                        Locale.ROOT, "%s #%d @%d", command.what(), command.cycle(), command.decidedAt() / 1_000))
                .toList();
    }

    private static long millis(double seconds) {
        return Math.round(seconds * 1_000);
    }
}
