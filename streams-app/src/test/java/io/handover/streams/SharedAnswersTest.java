package io.handover.streams;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SharedAnswersTest {

    private final AtomicLong time = new AtomicLong();
    private final AtomicInteger reads = new AtomicInteger();
    private final SharedAnswers shared = new SharedAnswers(time::get);

    private void pass(Duration duration) {
        time.addAndGet(duration.toNanos());
    }

    /** Asks, and lets a read cost so much. */
    private String ask(String question, Duration takes) {
        return shared.answer(question, cost -> {
                    cost.add(takes.toNanos());
                    return Future.succeededFuture(Buffer.buffer(question + reads.incrementAndGet()));
                })
                .result()
                .toString();
    }

    private void askTwice(String question, Duration takes) {
        ask(question, takes);
        ask(question, takes);
    }

    @Test
    void shouldReadOnceForAllWhoAskWithinASecond() {
        // When
        String first = ask("a", Duration.ZERO);
        pass(Duration.ofMillis(999));
        String second = ask("a", Duration.ZERO);
        pass(Duration.ofMillis(1));
        String third = ask("a", Duration.ZERO);
        // Then
        assertThat(first).isEqualTo("a1");
        assertThat(second).isEqualTo("a1");
        assertThat(third).isEqualTo("a2");
    }

    @Test
    void shouldPauseFiftyTimesAsLongAsAllAnswersTake() {
        // Given
        askTwice("a", Duration.ofMillis(60));
        askTwice("b", Duration.ofMillis(40));
        // When
        pass(Duration.ofMillis(4_999));
        String early = ask("a", Duration.ofMillis(60)) + ask("b", Duration.ofMillis(40));
        pass(Duration.ofMillis(1));
        String due = ask("a", Duration.ofMillis(60)) + ask("b", Duration.ofMillis(40));
        // Then
        assertThat(early).isEqualTo("a1b2");
        assertThat(due).isEqualTo("a3b4");
    }

    @Test
    void shouldTakeTwoPercentOfAProcessorAtMostHoweverManyPagesAsk() {
        // Given
        Duration takes = Duration.ofMillis(25);
        int questions = 8;
        // When
        for (int tenth = 0; tenth < 6_000; tenth++) {
            for (int question = 0; question < questions; question++) {
                ask("question " + question, takes);
            }
            pass(Duration.ofMillis(100));
        }
        // Then
        double share = reads.get() * takes.toNanos() / (double) time.get();
        assertThat(share).isBetween(0.015, 0.021);
    }

    @Test
    void shouldReadOnceForAllWhoAskWhileItIsRead() {
        // Given
        Promise<Buffer> slow = Promise.promise();
        Future<Buffer> first = shared.answer("a", cost -> slow.future());
        // When
        pass(Duration.ofSeconds(5));
        Future<Buffer> second = shared.answer("a", cost -> Future.failedFuture("Expected no second read"));
        slow.complete(Buffer.buffer("answer"));
        // Then
        assertThat(first.result()).isSameAs(second.result());
    }

    @Test
    void shouldNotCountWhatNobodyAsksForAnyMore() {
        // Given
        askTwice("a", Duration.ofMillis(100));
        ask("b", Duration.ZERO);
        // When
        for (int second = 0; second < 22; second++) {
            pass(Duration.ofSeconds(1));
            ask("b", Duration.ZERO);
        }
        int before = reads.get();
        pass(Duration.ofSeconds(1));
        ask("b", Duration.ZERO);
        // Then
        assertThat(reads.get()).isEqualTo(before + 1);
    }

    @Test
    void shouldNotMakeAPageWaitForQuestionsThatAreAskedOnce() {
        // Given
        askTwice("page", Duration.ofMillis(1));
        for (int once = 0; once < 100; once++) {
            ask("once " + once, Duration.ofMillis(100));
        }
        // When
        pass(Duration.ofSeconds(1));
        int before = reads.get();
        ask("page", Duration.ofMillis(1));
        // Then
        assertThat(reads.get()).isEqualTo(before + 1);
    }

    @Test
    void shouldAskAgainSoonAfterAFailure() {
        // Given
        askTwice("expensive", Duration.ofMillis(100));
        Future<Buffer> failed = shared.answer("a", cost -> Future.failedFuture("The partitions are moving."));
        assertThat(shared.answer("a", cost -> Future.succeededFuture(Buffer.buffer("too early"))))
                .isSameAs(failed);
        // When
        pass(Duration.ofSeconds(1));
        // Then
        assertThat(ask("a", Duration.ZERO)).startsWith("a");
    }

    @Test
    void shouldForgetWhatNobodyAsksForAlsoWhenNobodyAsksAnything() {
        // Given
        askTwice("a", Duration.ofMillis(1));
        pass(Duration.ofSeconds(13));
        // When
        shared.forgetUnused();
        // Then
        assertThat(shared.size()).isZero();
    }

    @Test
    void shouldBoundWhatItKeeps() {
        // Given
        for (int question = 0; question < 257; question++) {
            ask("question " + question, Duration.ZERO);
        }
        // When
        int before = reads.get();
        ask("question 256", Duration.ZERO);
        ask("question 1", Duration.ZERO);
        ask("question 0", Duration.ZERO);
        // Then
        assertThat(reads.get()).isEqualTo(before + 1);
        // When
        Buffer large = Buffer.buffer(new byte[9 * 1024 * 1024]);
        shared.answer("large", cost -> Future.succeededFuture(large));
        shared.answer("larger", cost -> Future.succeededFuture(large));
        // Then
        assertThat(ask("large", Duration.ZERO)).startsWith("large");
    }
}
