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
 * and after fifty times the processor time that all shared answers take. So pages take at most two percent of one
 * processor, however many pages are open, and however large or busy the installation is.
 */
final class SharedAnswers {

    private static final long PAUSE_LEAST_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long PAUSE_PER_COST = 50;

    /** An answer that nobody has asked for in this time, and in two pauses, is forgotten. */
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

        /** @param expectedCost what the answer before took; it counts until this one is known */
        Shared(long now, long expectedCost, Function<Cost, Future<Buffer>> read) {
            this.expectedCost = expectedCost;
            this.readAt = now;
            this.answer = read.apply(cost);
        }

        long cost() {
            return answer.isComplete() ? cost.nanos() : Math.max(expectedCost, cost.nanos());
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
        answers.values().removeIf(each -> now - each.askedAt > UNUSED_NANOS + 2 * pause);
        Shared known = answers.get(question);
        if (known == null || (known.answer.isComplete() && now - known.readAt >= pause)) {
            known = new Shared(now, known == null ? 0 : known.cost(), read);
            answers.put(question, known);
            bound();
        }
        known.askedAt = now;
        return known.answer;
    }

    private long pause() {
        long cost = answers.values().stream().mapToLong(Shared::cost).sum();
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
