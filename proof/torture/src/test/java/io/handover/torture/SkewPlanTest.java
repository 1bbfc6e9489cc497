package io.handover.torture;

import static org.assertj.core.api.Assertions.assertThat;

import io.handover.torture.SkewPlan.Change;
import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class SkewPlanTest {

    private static final Duration LOAD = Duration.ofMinutes(1);
    private static final List<String> CLIENTS = List.of("app-1", "app-2", "bridge");
    private static final long SEEDS = 200;

    @Test
    void shouldBeTheSameForTheSameSeed() {
        // Given
        SkewPlan first = SkewPlan.of(7, LOAD, CLIENTS);

        // When
        SkewPlan second = SkewPlan.of(7, LOAD, CLIENTS);

        // Then
        assertThat(second).isEqualTo(first).hasToString(first.toString());
        assertThat(SkewPlan.of(8, LOAD, CLIENTS)).isNotEqualTo(first);
    }

    @Test
    void shouldSetEachClockAtTheStartAndChangeOneEveryFewSeconds() {
        LongStream.range(0, SEEDS).forEach(seed -> {
            // Given, When
            List<Change> changes = SkewPlan.of(seed, LOAD, CLIENTS).changes();

            // Then
            assertThat(changes.subList(0, 3)).extracting(Change::client).containsExactlyElementsOf(CLIENTS);
            assertThat(changes.subList(0, 3)).extracting(Change::at).containsOnly(Duration.ZERO);
            for (int i = 3; i < changes.size(); i++) {
                assertThat(changes.get(i).at().minus(changes.get(i - 1).at()))
                        .isBetween(Duration.ofSeconds(6), Duration.ofSeconds(14));
            }
            assertThat(changes.get(changes.size() - 1).at()).isBetween(LOAD.minusSeconds(14), LOAD);
        });
    }

    @Test
    void shouldUseTheWholeRangeInBothDirections() {
        // Given, When
        List<Duration> skews = LongStream.range(0, SEEDS)
                .boxed()
                .flatMap(seed -> SkewPlan.of(seed, LOAD, CLIENTS).changes().stream())
                .map(Change::skew)
                .toList();

        // Then
        assertThat(skews).allMatch(skew -> skew.abs().compareTo(SkewPlan.MOST) <= 0);
        assertThat(skews).anyMatch(skew -> skew.compareTo(Duration.ofSeconds(29)) > 0);
        assertThat(skews).anyMatch(skew -> skew.compareTo(Duration.ofSeconds(-29)) < 0);
    }
}
