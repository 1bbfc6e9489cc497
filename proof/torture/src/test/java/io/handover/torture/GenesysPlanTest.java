package io.handover.torture;

import static org.assertj.core.api.Assertions.assertThat;

import io.handover.torture.GenesysPlan.Change;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class GenesysPlanTest {

    private static final Duration LOAD = Duration.ofMinutes(2);
    private static final long SEEDS = 200;

    @Test
    void shouldBeTheSameForTheSameSeed() {
        // Given
        GenesysPlan first = GenesysPlan.of(7, LOAD);

        // When
        GenesysPlan second = GenesysPlan.of(7, LOAD);

        // Then
        assertThat(second).isEqualTo(first).hasToString(first.toString());
        assertThat(GenesysPlan.of(8, LOAD)).isNotEqualTo(first);
    }

    @Test
    void shouldBeginAndEndEveryTroubleOfAFewSeconds() {
        LongStream.range(0, SEEDS).forEach(seed -> {
            // Given, When
            List<Change> changes = GenesysPlan.of(seed, LOAD).changes();

            // Then
            assertThat(troubles(changes)).isEqualTo(EnumSet.allOf(GenesysTrouble.class));
            for (int i = 0; i < changes.size(); i++) {
                boolean ends = changes.get(i).trouble() == GenesysTrouble.NONE;
                assertThat(ends).isEqualTo(i % 2 == 1);
                if (ends) {
                    assertThat(changes.get(i).at().minus(changes.get(i - 1).at()))
                            .isBetween(Duration.ofSeconds(3), Duration.ofSeconds(6));
                }
            }
            assertThat(changes.get(changes.size() - 1).at()).isBetween(LOAD.minusSeconds(17), LOAD);
        });
    }

    @Test
    void shouldHaveMostTroublesInTheShortestRun() {
        LongStream.range(0, SEEDS)
                .forEach(seed -> assertThat(troubles(
                                GenesysPlan.of(seed, FaultPlan.shortest()).changes()))
                        .hasSizeGreaterThan(5));
    }

    private static Set<GenesysTrouble> troubles(List<Change> changes) {
        return changes.stream().map(Change::trouble).collect(Collectors.toSet());
    }
}
