package io.handover.torture;

import io.handover.torture.EventBridge.Attempt;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** The number of attempts of a run, by result. */
final class AttemptCounts {

    private final AtomicLong attempts = new AtomicLong();
    private final Map<String, Integer> acceptedById = new ConcurrentHashMap<>();
    private final Map<String, Long> failuresByResult = new ConcurrentHashMap<>();

    void add(Attempt attempt) {
        attempts.incrementAndGet();
        if (attempt.isAccepted()) {
            acceptedById.merge(attempt.event().id(), 1, Integer::sum);
        } else {
            failuresByResult.merge(attempt.result(), 1L, Long::sum);
        }
    }

    /** The number of attempts so far. */
    long attempts() {
        return attempts.get();
    }

    /** The number of accepted attempts so far, by event id. */
    Map<String, Integer> acceptedById() {
        return Map.copyOf(acceptedById);
    }

    /** The number of different event ids that were accepted so far. */
    int accepted() {
        return acceptedById.size();
    }

    /** The number of failed attempts so far, by HTTP status or other reason. */
    Map<String, Long> failuresByResult() {
        return new TreeMap<>(failuresByResult);
    }
}
