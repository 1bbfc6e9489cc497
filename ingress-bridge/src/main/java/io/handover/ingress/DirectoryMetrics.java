package io.handover.ingress;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The metrics of the agent directory. Every lookup that is read is counted, and later counted under exactly one outcome:
 *
 * <pre>
 * handover_directory_lookups_read_total = sum over outcome of handover_directory_lookups_total
 *                                         + handover_directory_lookups_pending
 * </pre>
 *
 * <p>A lookup that is read again, after a rebalance or a failure of Kafka, is counted again.
 */
final class DirectoryMetrics {

    private static final String PREFIX = "handover.directory.";

    private static final Duration[] LATENCY_BUCKETS = {
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(200),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofSeconds(2),
        Duration.ofSeconds(5),
        Duration.ofSeconds(10),
        Duration.ofSeconds(30),
        Duration.ofMinutes(1),
        Duration.ofMinutes(5)
    };

    private final Counter read;
    private final Map<Outcome, Counter> outcomes = new EnumMap<>(Outcome.class);
    private final AtomicInteger pending = new AtomicInteger();
    private final Counter hits;
    private final Counter misses;
    private final Timer latency;

    /** What became of a lookup. */
    enum Outcome {
        /** The profile is written. */
        ANSWERED,
        /** Genesys does not know the agent, and a profile without a name is written. */
        UNKNOWN,
        /** The lookup was too old to be of use. */
        TOO_OLD,
        /** Genesys refused or did not answer, or the lookup could not be read. */
        FAILED,
        /** The lookup was not done when its partition was revoked or Kafka failed. It is read again. */
        FORGOTTEN;

        /** The value of the tag. */
        private String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    DirectoryMetrics(MeterRegistry registry) {
        read = Counter.builder(PREFIX + "lookups.read")
                .description("Agent lookups read.")
                .register(registry);
        Arrays.stream(Outcome.values())
                .forEach(outcome -> outcomes.put(
                        outcome,
                        Counter.builder(PREFIX + "lookups")
                                .description("Agent lookups that are done, by outcome.")
                                .tag("outcome", outcome.label())
                                .register(registry)));
        Gauge.builder(PREFIX + "lookups.pending", pending::get)
                .description("Agent lookups that are read and not done.")
                .register(registry);
        hits = cache(registry, "hit");
        misses = cache(registry, "miss");
        latency = Timer.builder(PREFIX + "latency")
                .description("Time from the announcement of an agent until Kafka acknowledged the profile.")
                .serviceLevelObjectives(LATENCY_BUCKETS)
                .register(registry);
    }

    private static Counter cache(MeterRegistry registry, String result) {
        return Counter.builder(PREFIX + "cache")
                .description("Agent lookups by whether Genesys had to be asked for them: hit if not.")
                .tag("result", result)
                .register(registry);
    }

    void read() {
        read.increment();
        pending.incrementAndGet();
    }

    /** Counts lookups that are not pending any more. */
    void done(Outcome outcome, int lookups) {
        Objects.requireNonNull(outcomes.get(outcome)).increment(lookups);
        pending.addAndGet(-lookups);
    }

    /** Counts a lookup that found its user, or a request for it, in the cache; or not. */
    void cached(boolean isHit) {
        (isHit ? hits : misses).increment();
    }

    /** Records the time until a profile was acknowledged. Both times are of the brokers' clock, epoch ms. */
    void acknowledged(long askedAtMs, long acknowledgedAtMs) {
        latency.record(Duration.ofMillis(Math.max(0, acknowledgedAtMs - askedAtMs)));
    }
}
