package io.handover.ingress;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Logs one line per answer, with the ids of the conversation and the event. A line contains no body and no secret.
 *
 * <p>At most ten unauthenticated requests per second are logged, so that an attacker cannot fill the disk. The next
 * logged line of an unauthenticated request contains the number of lines that were left out.
 */
final class AccessLog {

    private static final Logger LOG = LoggerFactory.getLogger("access");
    private static final int MAX_UNAUTHENTICATED = 10;
    private static final long WINDOW_NANOS = 1_000_000_000L;

    private final boolean logSuccesses;
    private final LongSupplier nanoClock;
    private final AtomicLong windowStart;
    private final AtomicInteger unauthenticated = new AtomicInteger();

    /**
     * What one line contains beside the outcome.
     *
     * @param conversationId the conversation id; null if the body was not parsed or has no conversation id
     * @param eventId EventBridge's id of the event; null if the body was not parsed or has no event id
     * @param remote the address of the sender or of its load balancer; null if it is unknown
     * @param cause the class name of the producer's exception; null if there was no exception
     */
    record Entry(
            long durationMs,
            long bytes,
            @Nullable String conversationId,
            @Nullable String eventId,
            @Nullable String remote,
            @Nullable String cause) {}

    /** @param logSuccesses whether answers with 200 are logged, too */
    AccessLog(boolean logSuccesses, LongSupplier nanoClock) {
        this.logSuccesses = logSuccesses;
        this.nanoClock = nanoClock;
        windowStart = new AtomicLong(nanoClock.getAsLong());
    }

    /**
     * Logs an answer.
     *
     * @param authenticated whether the sender has shown a valid secret
     * @param content returns the content of the line; called only if the line is logged
     */
    void answered(DeliveryOutcome outcome, boolean authenticated, Supplier<Entry> content) {
        boolean isProblem = switch (outcome.kind()) {
            case STORED, UNWANTED -> false;
            case REFUSED, FAILED -> true;
        };
        Level level = isProblem ? Level.WARN : Level.INFO;
        if ((!isProblem && !logSuccesses) || !LOG.isEnabledForLevel(level)) {
            return;
        }
        int unlogged = 0;
        if (!authenticated) {
            unlogged = startNextWindow();
            if (unauthenticated.incrementAndGet() > MAX_UNAUTHENTICATED) {
                return;
            }
        }
        Entry entry = content.get();
        LoggingEventBuilder line = LOG.atLevel(level)
                .addKeyValue("outcome", outcome.label())
                .addKeyValue("duration_ms", entry.durationMs())
                .addKeyValue("bytes", entry.bytes());
        if (outcome != DeliveryOutcome.CLIENT_GONE) {
            line = line.addKeyValue("status", outcome.status());
        }
        line = addIfPresent(line, "conversation", entry.conversationId());
        line = addIfPresent(line, "event", entry.eventId());
        line = addIfPresent(line, "remote", entry.remote());
        line = addIfPresent(line, "cause", entry.cause());
        if (unlogged > 0) {
            line = line.addKeyValue("unlogged", unlogged);
        }
        line.log("delivery");
    }

    private static LoggingEventBuilder addIfPresent(LoggingEventBuilder line, String key, @Nullable String value) {
        return value == null ? line : line.addKeyValue(key, value);
    }

    /**
     * Starts the next window of one second if the last window is over. Returns how many lines were left out in the last
     * window.
     */
    private int startNextWindow() {
        long now = nanoClock.getAsLong();
        long start = windowStart.get();
        if (now - start < WINDOW_NANOS || !windowStart.compareAndSet(start, now)) {
            return 0;
        }
        return Math.max(0, unauthenticated.getAndSet(0) - MAX_UNAUTHENTICATED);
    }
}
