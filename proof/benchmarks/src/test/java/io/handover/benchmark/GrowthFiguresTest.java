package io.handover.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import io.handover.benchmark.GrowthFigures.Noted;
import io.handover.benchmark.GrowthFigures.Start;
import java.util.List;
import org.junit.jupiter.api.Test;

class GrowthFiguresTest {

    private static GrowthFigures figures(int conversations, double ownCpuUs) {
        List<Noted> noted = List.of(new Noted(90, 9), new Noted(ownCpuUs, 10), new Noted(1, 1));
        List<Start> withState = List.of(new Start(4, 6), new Start(5, 7));
        List<Start> withoutState = List.of(new Start(9, 12), new Start(8, 13));
        return new GrowthFigures(conversations, 250, 370, 0.02, noted, withState, withoutState, 3);
    }

    @Test
    void shouldCompareEachNumberWithTheFirst() {
        // Given
        List<GrowthFigures> all = List.of(figures(10_000, 30), figures(1_000_000, 38));
        // When
        String text = GrowthFigures.text(all);
        // Then
        assertThat(text)
                .containsPattern("(?m)^ +1,000,000 +2\\.0 +48\\.0 +99\\.0 +49\\.7 +6\\.7 +2\\.0 % +250 +370"
                        + " +4\\.0 +4\\.5 +5\\.0 +8\\.0 +8\\.5 +9\\.0 \\(12\\.5\\) +3\\.0$")
                .contains("1,000,000 / 10,000: CPU per noted event 1.06, of the app alone 1.07");
    }
}
