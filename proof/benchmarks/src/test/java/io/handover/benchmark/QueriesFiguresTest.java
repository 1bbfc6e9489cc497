package io.handover.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import io.handover.benchmark.QueriesFigures.PageCost;
import io.handover.benchmark.QueriesFigures.Round;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class QueriesFiguresTest {

    @Test
    void shouldCompareTheRatesAndTakeThePercentilesOfAllRounds() {
        // Given
        List<Double> first =
                IntStream.rangeClosed(1, 50).asDoubleStream().boxed().toList();
        List<Double> second =
                IntStream.rangeClosed(51, 101).asDoubleStream().boxed().toList();
        QueriesFigures figures = new QueriesFigures(
                List.of(
                        new Round(1_000, 990, new PageCost(0.02, 0.005, 5, 4), first, List.of(3.0), List.of(7.0)),
                        new Round(1_100, 1_089, new PageCost(0.04, 0.005, 5, 3), second, List.of(5.0), List.of(9.0))),
                0);
        // When
        String text = figures.text();
        // Then
        assertThat(text)
                .contains("with a page / without: 0.990")
                .containsPattern("CPU of the page +query threads 6.0, event loops 1.0 ms/s; 10.0 ms per refresh"
                        + " \\(7 in 10 s\\)")
                .containsPattern("one conversation, saturated +p50 9.0, p99 9.0, max 9.0 ms")
                .containsPattern("one conversation +p50 51\\.0, p99 100\\.0, max 101\\.0 ms \\(101 queries\\)")
                .containsPattern("100 held +p50 5\\.0, p99 5\\.0, max 5\\.0 ms \\(2 queries\\)");
    }
}
