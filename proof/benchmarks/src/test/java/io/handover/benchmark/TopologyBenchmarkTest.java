package io.handover.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class TopologyBenchmarkTest {

    @Test
    void shouldCompareMedians() {
        // Given
        Map<Contender, List<Figures>> all = new TreeMap<>(Map.of(
                Contender.APP,
                List.of(
                        new Figures(30, 10, 5, 9_000, 400, 0),
                        new Figures(90, 30, 15, 9_000, 400, 0),
                        new Figures(50, 20, 10, 9_000, 400, 0.07)),
                Contender.FLOOR,
                List.of(new Figures(100, 10, 2, 9_000, 300, 0), new Figures(100, 8, 2, 9_000, 300, 0))));
        // When
        String text = TopologyBenchmark.text(all);
        // Then
        assertThat(text.lines().toList().get(1)).matches("streams-app +30 +50 +90 +10.0 +20.0 +30.0 .* 9000 +400");
        assertThat(text)
                .contains("streams-app / floor: rate 0.50, CPU of both 2.73")
                .doesNotContain("deduplication");
        assertThat(TopologyBenchmark.foreign(all)).isEqualTo(0.07);
    }

    @Test
    void shouldPrintNoRatiosWithoutTheApp() {
        // When
        String text = TopologyBenchmark.text(Map.of(Contender.FLOOR, List.of(new Figures(100, 10, 2, 9_000, 300, 0))));
        // Then
        assertThat(text).contains("floor").doesNotContain("rate");
    }
}
