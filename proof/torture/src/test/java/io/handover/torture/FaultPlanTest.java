package io.handover.torture;

import static org.assertj.core.api.Assertions.assertThat;

import io.handover.torture.FaultPlan.Fault;
import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class FaultPlanTest {

    private static final Duration LONG = Duration.ofMinutes(10);
    private static final long SEEDS = 200;

    @Test
    void shouldBeTheSameForTheSameSeed() {
        // Given
        FaultPlan first = FaultPlan.of(7, LONG);

        // When
        FaultPlan second = FaultPlan.of(7, LONG);

        // Then
        assertThat(second).isEqualTo(first).hasToString(first.toString());
        assertThat(FaultPlan.of(8, LONG)).isNotEqualTo(first);
    }

    @Test
    void shouldHaveEveryKindOnceBeforeOneIsRepeated() {
        LongStream.range(0, SEEDS).forEach(seed -> {
            // Given, When
            List<Fault> faults = FaultPlan.of(seed, LONG).faults();

            // Then
            assertThat(faults.stream().limit(FaultKind.values().length).map(Fault::kind))
                    .containsExactlyInAnyOrder(FaultKind.values());
        });
    }

    @Test
    void shouldKillEachProcessAndSuspendOneInTheShortestRun() {
        LongStream.range(0, SEEDS).forEach(seed -> {
            // Given, When
            List<FaultKind> kinds = kinds(FaultPlan.of(seed, FaultPlan.shortest()));

            // Then
            assertThat(kinds).contains(FaultKind.KILL_APP, FaultKind.KILL_BROKER, FaultKind.KILL_BRIDGE);
            assertThat(kinds).containsAnyOf(FaultKind.FREEZE_APP, FaultKind.CUT_APP);
        });
    }

    @Test
    void shouldLeaveEachFaultItsTime() {
        LongStream.range(0, SEEDS).forEach(seed -> {
            // Given, When
            List<Fault> faults = FaultPlan.of(seed, LONG).faults();

            // Then
            for (int i = 1; i < faults.size(); i++) {
                Fault before = faults.get(i - 1);
                assertThat(faults.get(i).at())
                        .isEqualTo(before.at().plus(before.kind().slot()));
            }
            Fault last = faults.get(faults.size() - 1);
            assertThat(last.at().plus(last.kind().slot())).isLessThanOrEqualTo(LONG);
        });
    }

    @Test
    void shouldHitEveryAppAndTheLeadersOfBothTopics() {
        // Given, When
        List<String> targets = LongStream.range(0, SEEDS)
                .boxed()
                .flatMap(seed -> FaultPlan.of(seed, LONG).faults().stream())
                .map(Fault::target)
                .distinct()
                .toList();

        // Then
        assertThat(targets)
                .contains(
                        "app-1",
                        "app-2",
                        "bridge",
                        "the leader of handover-events-0",
                        "the leader of __transaction_state-3");
    }

    private static List<FaultKind> kinds(FaultPlan plan) {
        return plan.faults().stream().map(Fault::kind).toList();
    }
}
