package io.handover.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import io.handover.benchmark.GrowthFigures.Noted;
import io.handover.benchmark.GrowthFigures.Start;
import io.handover.benchmark.GrowthFigures.Steady;
import java.util.List;
import org.junit.jupiter.api.Test;

class GrowthFiguresTest {

    private static GrowthFigures figures(int conversations, double ownCpuUs, double foreign) {
        List<Noted> noted = List.of(new Noted(90, 9), new Noted(ownCpuUs, 10), new Noted(1, 1));
        return new GrowthFigures(
                conversations, new Steady(370, 0.02, noted, foreign), 250, new Start(4, 6), new Start(9, 12), 3);
    }

    @Test
    void shouldCompareEachNumberWithTheFirst() {
        // Given
        List<GrowthFigures> all = List.of(figures(10_000, 30, 0), figures(1_000_000, 38, 0.07));
        // When
        String text = GrowthFigures.text(all);
        // Then
        assertThat(text)
                .containsPattern(
                        "(?m)^ +1,000,000 +2\\.0 +48\\.0 +99\\.0 +9\\.0 +2\\.0 % +250 +370 +4\\.0 +9\\.0 \\(CPU 12\\.0\\) +3\\.0$")
                .contains("1,000,000 / 10,000: CPU per noted event 1.20, of the app alone 1.27");
        assertThat(GrowthFigures.foreign(all)).isEqualTo(0.07);
    }
}
