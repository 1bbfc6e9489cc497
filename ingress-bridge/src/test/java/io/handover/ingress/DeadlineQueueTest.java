package io.handover.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DeadlineQueueTest {

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final Vertx vertx = Vertx.vertx();
    private final DeadlineQueue queue = new DeadlineQueue(vertx, 1);
    private final List<String> expired = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Void> last = new CompletableFuture<>();

    private final Deadline first = new Deadline(() -> expired.add("first"));
    private final Deadline second = new Deadline(() -> expired.add("second"));
    private final Deadline end = new Deadline(() -> last.complete(null));

    @AfterEach
    void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void shouldExpireInTheOrderOfTheStarts() {
        // Given
        // When
        onEventLoop(() -> {
            queue.start(first);
            queue.start(second);
            queue.start(end);
        });

        // Then
        assertThat(last).succeedsWithin(PATIENCE);
        assertThat(expired).containsExactly("first", "second");
    }

    @Test
    void shouldNotExpireACancelledDeadline() {
        // Given
        // When
        onEventLoop(() -> {
            queue.start(first);
            queue.start(second);
            first.cancel();
            first.cancel();
            queue.start(end);
        });

        // Then
        assertThat(last).succeedsWithin(PATIENCE);
        assertThat(expired).containsExactly("second");
    }

    @Test
    void shouldMoveADeadlineThatStartsAgainToTheEnd() {
        // Given
        // When
        onEventLoop(() -> {
            queue.start(first);
            queue.start(second);
            queue.start(first);
            queue.start(end);
        });

        // Then
        assertThat(last).succeedsWithin(PATIENCE);
        assertThat(expired).containsExactly("second", "first");
    }

    @Test
    void shouldExpireWhatStartsWhenTheQueueIsEmptyAgain() {
        // Given
        Deadline begin = new Deadline(() -> vertx.runOnContext(ignored -> queue.start(end)));

        // When
        onEventLoop(() -> queue.start(begin));

        // Then
        assertThat(last).succeedsWithin(PATIENCE);
    }

    @Test
    void shouldExpireTheNextDeadlineAfterAFailure() {
        // Given
        Deadline failing = new Deadline(() -> {
            throw new IllegalStateException("failed");
        });

        // When
        onEventLoop(() -> {
            queue.start(failing);
            queue.start(end);
        });

        // Then
        assertThat(last).succeedsWithin(PATIENCE);
    }

    private void onEventLoop(Runnable action) {
        vertx.getOrCreateContext().runOnContext(ignored -> action.run());
    }
}
