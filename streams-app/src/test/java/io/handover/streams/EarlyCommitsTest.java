package io.handover.streams;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.MockProcessorContext.CapturedPunctuator;
import org.junit.jupiter.api.Test;

class EarlyCommitsTest {

    private final MockProcessorContext<Void, Void> context = new MockProcessorContext<>();

    private long now;
    private final EarlyCommits commits =
            new EarlyCommits(() -> Duration.ofMillis(now).toNanos());

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
        now = 5;
        commits.written(context, 0);
        now = 12;
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
        now = 30;
        commits.transactionEnded();
        context.resetCommit();
        // When
        now = 31;
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
        now = 30;
        commits.written(context, 0);
        // Then
        assertThat(isCommitRequested()).isFalse();
        assertThat(planned()).isEmpty();
    }

    @Test
    void shouldNotCommitWhatTheCommitIntervalHasCommitted() {
        // Given
        commits.transactionEnded();
        now = 5;
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
