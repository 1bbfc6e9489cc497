package io.handover.streams;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.MockProcessorContext.CapturedPunctuator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EarlyCommitsTest {

    private static final long START = 1_768_471_200_000L;

    private final MockProcessorContext<Void, Void> context = new MockProcessorContext<>();
    private final EarlyCommits commits = new EarlyCommits();

    @BeforeEach
    void start() {
        context.setCurrentSystemTimeMs(START);
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
    void shouldCommitAtOnceAfterAPause() {
        // When
        commits.written(context, 0);
        // Then
        assertThat(isCommitRequested()).isTrue();
        assertThat(planned()).isEmpty();
    }

    @Test
    void shouldCommitOnceAtTheEndOfThePause() {
        // Given
        commits.written(context, 0);
        context.resetCommit();
        // When
        context.setCurrentSystemTimeMs(START + 5);
        commits.written(context, 0);
        context.setCurrentSystemTimeMs(START + 12);
        commits.written(context, 0);
        // Then
        assertThat(isCommitRequested()).isFalse();
        assertThat(planned())
                .singleElement()
                .satisfies(punctuator ->
                        assertThat(punctuator.getInterval()).isEqualTo(EarlyCommits.PAUSE.minus(Duration.ofMillis(5))));
        // When
        planned().get(0).getPunctuator().punctuate(START + 20);
        // Then
        assertThat(isCommitRequested()).isTrue();
        assertThat(planned()).isEmpty();
    }

    @Test
    void shouldCommitWhatTheTaskOfAnotherPartitionWroteWhenTheTaskThatPlannedItIsClosed() {
        // Given
        MockProcessorContext<Void, Void> closed = new MockProcessorContext<>();
        closed.setCurrentSystemTimeMs(START);
        commits.written(closed, 0);
        closed.setCurrentSystemTimeMs(START + 5);
        commits.written(closed, 0);
        // When
        context.setCurrentSystemTimeMs(START + 20);
        commits.written(context, 0);
        // Then
        assertThat(isCommitRequested()).isTrue();
        assertThat(closed.scheduledPunctuators()).allMatch(CapturedPunctuator::cancelled);
    }

    @Test
    void shouldLeaveAPartitionThatIsBehindToTheCommitInterval() {
        // When
        commits.written(context, EarlyCommits.BEHIND_MS + 1);
        // Then
        assertThat(isCommitRequested()).isFalse();
        assertThat(planned()).isEmpty();
    }

    @Test
    void shouldCommitAtOnceWhenTheClockWasSetBack() {
        // Given
        commits.written(context, 0);
        context.resetCommit();
        // When
        context.setCurrentSystemTimeMs(START - 3_600_000);
        commits.written(context, 0);
        // Then
        assertThat(isCommitRequested()).isTrue();
    }
}
