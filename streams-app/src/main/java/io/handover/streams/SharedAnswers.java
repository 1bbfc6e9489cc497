package io.handover.streams;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * The answers that pages share: who asks the same gets the same answer. It is read again after a second at the earliest,
 * and after fifty times the processor time that all answers take that are asked for again. So the pages that are open take
 * at most about two percent of one processor, however many they are, and however large or busy the installation is.
 */
final class SharedAnswers {

    private static final long PAUSE_LEAST_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long PAUSE_PER_COST = 50;

    /** An answer that nobody has asked for in this time is forgotten; one that was asked for again, after two pauses more. */
    private static final long UNUSED_NANOS = TimeUnit.SECONDS.toNanos(10);

    /** All pages of an instance ask for fewer, and for less. */
    private static final int ANSWERS_MAX = 256;

    private static final long BYTES_MAX = 16L * 1024 * 1024;

    private final LongSupplier monotonic;

    /** By question. The first is the one that was asked longest ago. */
    private final Map<String, Shared> answers = new LinkedHashMap<>(16, 0.75f, true);

    /** An answer, or one that is being read. */
    private static final class Shared {

        private final Cost cost = new Cost();
        private final long expectedCost;
        private final long readAt;
        private final Future<Buffer> answer;
        private long askedAt;

        /** Whether somebody asked after it was read. A question that is asked once is no load that goes on. */
        private boolean isAskedAgain;

        /** @param expectedCost what the answer before took; it counts until this one is known */
        Shared(long now, boolean isAskedAgain, long expectedCost, Function<Cost, Future<Buffer>> read) {
            this.isAskedAgain = isAskedAgain;
            this.expectedCost = expectedCost;
            this.readAt = now;
            this.answer = read.apply(cost);
        }

        long cost() {
            return answer.isComplete() ? cost.nanos() : Math.max(expectedCost, cost.nanos());
        }

        /** A failure is not kept: its cause may be over soon. */
        boolean isFresh(long now, long pause) {
            return !answer.isComplete() || now - readAt < (answer.failed() ? PAUSE_LEAST_NANOS : pause);
        }

        boolean isUnused(long now, long pause) {
            return now - askedAt > UNUSED_NANOS + (isAskedAgain ? 2 * pause : 0);
        }

        long bytes() {
            return answer.succeeded() ? answer.result().length() : 0;
        }
    }

    /** @param monotonic a clock for intervals, in ns */
    SharedAnswers(LongSupplier monotonic) {
        this.monotonic = monotonic;
    }

    /**
     * Returns the answer to a question; it can be one that was read for somebody else. A failure is shared, too.
     *
     * @param question the same for all who ask the same
     * @param read reads the answer, and counts what it takes
     */
    synchronized Future<Buffer> answer(String question, Function<Cost, Future<Buffer>> read) {
        long now = monotonic.getAsLong();
        long pause = pause();
        forgetUnused(now, pause);
        Shared known = answers.get(question);
        if (known == null) {
            known = new Shared(now, false, 0, read);
            answers.put(question, known);
        } else if (known.isFresh(now, pause)) {
            known.isAskedAgain = true;
        } else {
            known = new Shared(now, true, known.cost(), read);
            answers.put(question, known);
        }
        known.askedAt = now;
        bound();
        return known.answer;
    }

    /** Forgets what nobody asks for any more. Call it now and then, also when nobody asks. */
    synchronized void forgetUnused() {
        forgetUnused(monotonic.getAsLong(), pause());
        bound();
    }

    /** The number of answers that are kept. */
    synchronized int size() {
        return answers.size();
    }

    private void forgetUnused(long now, long pause) {
        answers.values().removeIf(each -> each.isUnused(now, pause));
    }

    private long pause() {
        long cost = answers.values().stream()
                .filter(each -> each.isAskedAgain)
                .mapToLong(Shared::cost)
                .sum();
        return Math.max(PAUSE_LEAST_NANOS, PAUSE_PER_COST * cost);
    }

    private void bound() {
        long bytes = answers.values().stream().mapToLong(Shared::bytes).sum();
        Iterator<Shared> oldest = answers.values().iterator();
        while (answers.size() > 1 && (answers.size() > ANSWERS_MAX || bytes > BYTES_MAX)) {
            bytes -= oldest.next().bytes();
            oldest.remove();
        }
    }
}
