package io.handover.conversation.fold;

import static org.assertj.core.api.Assertions.assertThat;

import io.handover.reference.Arrival;
import io.handover.reference.Command;
import io.handover.reference.Comparison;
import io.handover.reference.Invariants;
import io.handover.reference.Rules;
import io.handover.reference.UnreliableDelivery;
import io.handover.traffic.GenesysEvent.Kind;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * Runs random histories through the core, delivered as unreliably as EventBridge may. The commands are those of the
 * reference model, and every invariant holds.
 *
 * <p>A failure prints its seed and the simplest history that fails. {@code -Djqwik.tries.default=1000000} tries more
 * histories.
 */
class RandomHistoriesTest {

    /** How late second deliveries arrive: from an archive replay, or from Genesys after a day without AWS. */
    private static final long THREE_DAYS_MS = 3 * 86_400_000L;

    private static final long WITHIN_GRACE_MS = Rules.DEFAULT.graceMs() - 1;
    private static final long WITHIN_TRANSFER_TIMEOUT_MS = Rules.DEFAULT.transferTimeoutMs() - 1;

    private static final Set<Kind> AGENTS = EnumSet.of(Kind.USER_START, Kind.USER_END, Kind.ACW);
    private static final Set<Kind> AGENTS_AND_CUSTOMER =
            EnumSet.of(Kind.USER_START, Kind.USER_END, Kind.ACW, Kind.CUSTOMER_END);
    private static final Set<Kind> QUEUES_AND_ENDS = EnumSet.of(Kind.ACD_START, Kind.ACD_END, Kind.USER_END, Kind.ACW);
    private static final Set<Kind> ENDS = EnumSet.of(Kind.USER_END, Kind.ACW);

    private static final UnreliableDelivery WITHIN_GRACE = UnreliableDelivery.within(WITHIN_GRACE_MS, THREE_DAYS_MS);

    @Provide
    Arbitrary<Trial> inOrder() {
        return Trial.arbitrary(UnreliableDelivery.NONE);
    }

    @Provide
    Arbitrary<Trial> withinTheGrace() {
        return Trial.arbitrary(WITHIN_GRACE);
    }

    @Provide
    Arbitrary<Trial> withinTheTransferTimeout() {
        return Trial.arbitrary(UnreliableDelivery.within(WITHIN_TRANSFER_TIMEOUT_MS, THREE_DAYS_MS));
    }

    @Provide
    Arbitrary<Trial> withGaps() {
        return Trial.arbitrary(WITHIN_GRACE.losing(6));
    }

    @Provide
    Arbitrary<Trial> agentsAlone() {
        return Trial.arbitrary(WITHIN_GRACE.of(AGENTS));
    }

    @Provide
    Arbitrary<Trial> agentsAndCustomer() {
        return Trial.arbitrary(WITHIN_GRACE.of(AGENTS_AND_CUSTOMER));
    }

    @Provide
    Arbitrary<Trial> customerEndAlone() {
        return Trial.arbitrary(WITHIN_GRACE, new Rules(2_000, 10_000, 120_000, true, false));
    }

    @Provide
    Arbitrary<Trial> agentsEvidenceAlone() {
        return Trial.arbitrary(WITHIN_GRACE, new Rules(2_000, 10_000, 120_000, false, true));
    }

    @Provide
    Arbitrary<Trial> endsAlone() {
        return Trial.arbitrary(WITHIN_GRACE.of(ENDS));
    }

    @Provide
    Arbitrary<Trial> queuesAndEnds() {
        return Trial.arbitrary(WITHIN_GRACE.of(QUEUES_AND_ENDS));
    }

    @Provide
    Arbitrary<Trial> minutesLate() {
        return Trial.arbitrary(UnreliableDelivery.within(300_000, THREE_DAYS_MS).losing(10));
    }

    @Property(seed = "1")
    void shouldDecideAsTheModelInOrder(@ForAll("inOrder") Trial trial) {
        checkAll(trial);
        checkTruth(trial);
    }

    @Property(seed = "2")
    void shouldDecideAsTheModelOutOfOrderWithinTheGrace(@ForAll("withinTheGrace") Trial trial) {
        checkAll(trial);
        checkTruth(trial);
    }

    @Property(seed = "3")
    void shouldDecideAsTheModelOutOfOrderWithinTheTransferTimeout(@ForAll("withinTheTransferTimeout") Trial trial) {
        checkAll(trial);
    }

    @Property(seed = "4")
    void shouldDecideAsTheModelWithGaps(@ForAll("withGaps") Trial trial) {
        checkAll(trial);
    }

    @Property(seed = "5")
    void shouldDecideAsTheModelForASubscriptionToAgents(@ForAll("agentsAlone") Trial trial) {
        checkAll(trial);
    }

    @Property(seed = "6")
    void shouldDecideAsTheModelForASubscriptionToAgentsAndCustomer(@ForAll("agentsAndCustomer") Trial trial) {
        checkAll(trial);
    }

    @Property(seed = "7")
    void shouldDecideAsTheModelWhereOnlyTheCustomerEnds(@ForAll("customerEndAlone") Trial trial) {
        checkAll(trial);
    }

    @Property(seed = "8")
    void shouldDecideAsTheModelWhereOnlyAgentsEnd(@ForAll("agentsEvidenceAlone") Trial trial) {
        checkAll(trial);
    }

    // Without starts, or minutes late, an end may be concluded too early, and no event shows which later events belong
    // to the next handover. So the product may differ from the model there, but the invariants hold.

    @Property(seed = "9")
    void shouldKeepTheInvariantsForASubscriptionToEnds(@ForAll("endsAlone") Trial trial) {
        checkInvariants(trial, seen(trial));
    }

    @Property(seed = "10")
    void shouldKeepTheInvariantsForASubscriptionToQueuesAndEnds(@ForAll("queuesAndEnds") Trial trial) {
        checkInvariants(trial, seen(trial));
    }

    @Property(seed = "11")
    void shouldKeepTheInvariantsMinutesLate(@ForAll("minutesLate") Trial trial) {
        checkInvariants(trial, seen(trial));
    }

    @Property(seed = "12")
    void shouldApplyNoEventTwice(@ForAll("minutesLate") Trial trial) {
        // Given
        Set<Object> known = new HashSet<>();
        List<Arrival> once = trial.arrivals().stream()
                .filter(arrival -> known.add(arrival.event()))
                .toList();
        // When / Then
        assertThat(CoreRun.commands(trial.policy(), trial.arrivals(), trial.until()))
                .containsExactlyElementsOf(CoreRun.commands(trial.policy(), once, trial.until()));
    }

    private static void checkAll(Trial trial) {
        List<Command> seen = seen(trial);
        Comparison comparison = Comparison.of(trial.expected(), seen);
        assertThat(comparison.isClean())
                .as(() -> comparison + "\n" + Command.describe("what came out", seen, Trial.START))
                .isTrue();
        checkInvariants(trial, seen);
    }

    /** In each history, every handover that opened ends once within the retention. */
    private static void checkInvariants(Trial trial, List<Command> seen) {
        assertThat(Invariants.breaches(trial.rules(), trial.arrivals(), seen)).isEmpty();
        assertThat(Invariants.breachesOfLiveness(trial.rules(), trial.arrivals(), seen))
                .isEmpty();
    }

    private static void checkTruth(Trial trial) {
        if (trial.history().apart()) {
            assertThat(Invariants.breachesOfTruth(trial.history(), seen(trial))).isEmpty();
        }
    }

    private static List<Command> seen(Trial trial) {
        return CoreRun.commands(trial.policy(), trial.arrivals(), trial.until()).stream()
                .map(Command::read)
                .toList();
    }
}
