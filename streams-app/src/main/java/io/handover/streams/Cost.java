package io.handover.streams;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/** The processor time that an answer takes, of all threads that work on it. */
final class Cost {

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final AtomicLong nanos = new AtomicLong();

    /** Returns the same work, whose processor time is counted. */
    <T> Callable<T> counting(Callable<T> work) {
        return () -> {
            long before = THREADS.getCurrentThreadCpuTime();
            try {
                return work.call();
            } finally {
                add(THREADS.getCurrentThreadCpuTime() - before);
            }
        };
    }

    /** Counts the processor time of this thread for a value. */
    <T> T count(Supplier<T> work) {
        long before = THREADS.getCurrentThreadCpuTime();
        T value = work.get();
        add(THREADS.getCurrentThreadCpuTime() - before);
        return value;
    }

    void add(long more) {
        nanos.addAndGet(more);
    }

    long nanos() {
        return nanos.get();
    }
}
