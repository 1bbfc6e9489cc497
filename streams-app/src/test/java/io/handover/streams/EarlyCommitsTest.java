package io.handover.streams;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MockClock;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.MockProcessorContext.CapturedPunctuator;
import org.junit.jupiter.api.Test;

class EarlyCommitsTest {

    private final MockProcessorContext<Void, Void> context = new MockProcessorContext<>();

    private final MockClock clock = new MockClock();
    private final EarlyCommits commits = new EarlyCommits(clock);

    private void pass(long milliseconds) {
        clock.add(Duration.ofMillis(milliseconds));
    }

    private boolean isCommitRequested() {
        boolean requested = context.committed();
        context.resetCommit();
        return requested;
    }

    private List<CapturedPunctuator> planned() {
        return context.scheduledPunctuators().stream()
                .filter(each -> !each.cancelled())
                .toList();
    }

    @Test
    void shouldCommitAtOnceWithoutAnEarlierCommit() {
        // When
        commits.written(context, 0);
        // Then
        assertThat(isCommitRequested()).isTrue();
        assertThat(planned()).isEmpty();
    }

    @Test
    void shouldCommitOnceAtTheEndOfThePause() {
        // Given
        commits.transactionEnded();
        // When
        pass(5);
        commits.written(context, 0);
        pass(7);
        commits.written(context, 0);
        // Then
        assertThat(isCommitRequested()).isFalse();
        assertThat(planned())
                .singleElement()
                .satisfies(punctuator -> assertThat(punctuator.getInterval()).isEqualTo(Duration.ofMillis(15)));
        // When
        planned().get(0).getPunctuator().punctuate(20);
        boolean requested = isCommitRequested();
        commits.transactionEnded();
        // Then
        assertThat(requested).isTrue();
        assertThat(planned()).isEmpty();
    }

    @Test
    void shouldBeginThePauseWhenTheCommitIsDone() {
        // Given
        commits.written(context, 0);
        pass(30);
        commits.transactionEnded();
        context.resetCommit();
        // When
        pass(1);
        commits.written(context, 0);
        // Then
        assertThat(isCommitRequested()).isFalse();
        assertThat(planned()).hasSize(1);
    }

    @Test
    void shouldNotCommitTwiceWhatOneCommitCovers() {
        // Given
        commits.written(context, 0);
        context.resetCommit();
        // When
        pass(30);
        commits.written(context, 0);
        // Then
        assertThat(isCommitRequested()).isFalse();
        assertThat(planned()).isEmpty();
    }

    @Test
    void shouldNotCommitWhatTheCommitIntervalHasCommitted() {
        // Given
        commits.transactionEnded();
        pass(5);
        commits.written(context, 0);
        // When
        commits.transactionEnded();
        // Then
        assertThat(planned()).isEmpty();
    }

    @Test
    void shouldLeaveAPartitionThatIsBehindToTheCommitInterval() {
        // When
        commits.written(context, EarlyCommits.BEHIND_SECONDS + 0.1);
        // Then
        assertThat(isCommitRequested()).isFalse();
        assertThat(planned()).isEmpty();
    }

    @Test
    void shouldCommitAtOnceWhereTheLagIsUnknown() {
        // When
        commits.written(context, Double.NaN);
        // Then
        assertThat(isCommitRequested()).isTrue();
    }
}
