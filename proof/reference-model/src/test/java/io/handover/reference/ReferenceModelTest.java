package io.handover.reference;

import static org.assertj.core.api.Assertions.assertThat;

import io.handover.traffic.GenesysEvent;
import io.handover.traffic.GenesysEvent.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The rows of the decision table that a model of it must have right, told in seconds. */
class ReferenceModelTest {

    private final List<Arrival> log = new ArrayList<>();

    @Test
    void shouldEndAfterTheGraceWhenTheLastAgentHasLeftAndWrappedUp() {
        tell(0, Kind.USER_START, "anna");
        tell(60, Kind.USER_END, "anna", "CLIENT");
        tell(70, Kind.ACW, "anna");
        assertThat(commands()).containsExactly("anna #1 @0", "after-call-work #1 @72");
    }

    @Test
    void shouldEndWithoutAWrapUpWhenThatDoesNotCome() {
        tell(0, Kind.USER_START, "anna");
        tell(60, Kind.USER_END, "anna", "CLIENT");
        tell(300, Kind.ACW, "anna");
        assertThat(commands()).containsExactly("anna #1 @0", "agent-left #1 @180");
    }

    @Test
    void shouldNotEndByATransferOrItsWrapUp() {
        tell(0, Kind.USER_START, "anna");
        tell(60, Kind.USER_END, "anna", "TRANSFER");
        tell(70, Kind.ACW, "anna");
        assertThat(commands()).containsExactly("anna #1 @0");
    }

    @Test
    void shouldHoldAWrapUpWhoseLeavingIsNotTold() {
        tell(0, Kind.USER_START, "anna");
        tell(60, Kind.ACW, "anna");
        assertThat(commands()).containsExactly("anna #1 @0", "transfer-timeout #1 @70");
    }

    @Test
    void shouldCancelThatHoldWhenItTurnsOutToBeATransfer() {
        tell(60, Kind.ACW, "anna");
        arrive(69.9, 59, Kind.USER_END, "anna", "TRANSFER");
        assertThat(commands()).isEmpty();
    }

    @Test
    void shouldNotEndWhileAnotherServesOrItWaits() {
        tell(0, Kind.USER_START, "anna");
        tell(10, Kind.USER_START, "ben");
        tell(60, Kind.USER_END, "anna", "CLIENT");
        tell(61, Kind.ACW, "anna");
        tell(70, Kind.ACD_START, "queue");
        tell(80, Kind.USER_END, "ben", "CLIENT");
        assertThat(commands()).containsExactly("anna #1 @0", "ben #1 @10");
    }

    @Test
    void shouldTellWhoRemains() {
        tell(0, Kind.USER_START, "anna");
        tell(10, Kind.USER_START, "ben");
        tell(20, Kind.USER_END, "ben", "CLIENT");
        assertThat(commands()).containsExactly("anna #1 @0", "ben #1 @10", "anna #1 @20");
    }

    @Test
    void shouldEndAtOnceByTheCustomer() {
        tell(0, Kind.USER_START, "anna");
        tell(60, Kind.CUSTOMER_END, "customer");
        tell(61, Kind.USER_END, "anna", "PEER");
        assertThat(commands()).containsExactly("anna #1 @0", "customer-end #1 @60");
    }

    @Test
    void shouldEndWhenTheCustomerLeftTheQueue() {
        tell(0, Kind.ACD_START, "queue");
        tell(60, Kind.ACD_END, "queue", "ABANDON");
        assertThat(commands()).containsExactly("queue-abandoned #1 @70");
    }

    @Test
    void shouldNotCountAnEventTwice() {
        tell(0, Kind.USER_START, "anna");
        tell(60, Kind.USER_END, "anna", "CLIENT");
        tell(61, Kind.ACW, "anna");
        arrive(5_000, 0, Kind.USER_START, "anna", null);
        assertThat(commands()).containsExactly("anna #1 @0", "after-call-work #1 @63");
    }

    @Test
    void shouldOpenAgainByAStartAfterTheEnd() {
        tell(60, Kind.CUSTOMER_END, "customer");
        tell(100, Kind.USER_START, "ben");
        assertThat(commands()).containsExactly("customer-end #1 @60", "ben #2 @100");
    }

    @Test
    void shouldHoldAnEndForTheTimeoutOfATransfer() {
        tell(0, Kind.USER_END, "anna", "TRANSFER");
        tell(1, Kind.USER_START, "ben");
        tell(3, Kind.USER_END, "ben", "CLIENT");
        tell(4, Kind.ACW, "ben");
        assertThat(commands()).containsExactly("ben #1 @1", "after-call-work #1 @10");
    }

    private void tell(double time, Kind kind, String session) {
        arrive(time, time, kind, session, null);
    }

    private void tell(double time, Kind kind, String session, String how) {
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
