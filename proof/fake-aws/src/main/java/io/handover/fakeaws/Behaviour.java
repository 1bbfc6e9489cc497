package io.handover.fakeaws;

import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * How unkind the fake is. Random faults come from the seed and the order of the calls, so that a run can be repeated.
 */
public final class Behaviour {

    /** A value that can be set. Probabilities are between 0 and 1. */
    public enum Trait {
        /** The seed of the random faults, identifiers and pauses. */
        SEED,
        /**
         * How long a second of AWS lasts, in seconds. It scales the pauses between retries, the maximum age of an event,
         * the rates of schedules, the delay of archives, the time that a deleted queue blocks its name, and the time
         * until a connection or an archive is ready. The time limit of an invocation, visibility timeouts and the
         * expiration of partner event sources are not scaled.
         */
        TIME_SCALE,
        /**
         * How often a connection or an archive is described as not ready before it is ready. Without a describe it is
         * ready after ten minutes of AWS.
         */
        DESCRIBES_UNTIL_READY,
        /**
         * How often AWS still answers from before the last change: a rule is reported to have targets, a bus to have
         * rules, and a new role cannot be assumed.
         */
        LAG,
        /** The most entries of a page, whatever the caller asks for. */
        PAGE_SIZE,
        /** The probability that a call is throttled. */
        THROTTLING,
        /** The probability that EventBridge refuses a change with ConcurrentModificationException. */
        CONCURRENT_MODIFICATION,
        /** The probability that an entry of PutTargets or RemoveTargets fails in an answer with status 200. */
        FAILED_ENTRY,
        /** The probability that ReceiveMessage without waiting finds nothing although there are messages. */
        EMPTY_RECEIVE,
        /**
         * The probability that an event for an inactive API destination fails at once. AWS does not document what
         * happens to it; otherwise it is retried as after a 5xx.
         */
        DROP_WHILE_INACTIVE
    }

    /** Everything is ready at once, lists have one page, and there are no random faults. */
    public static final Behaviour CALM = new Behaviour(new EnumMap<>(Trait.class))
            .with(Trait.SEED, 1)
            .with(Trait.TIME_SCALE, 0.01)
            .with(Trait.PAGE_SIZE, 100);

    /** Connections and archives need time, changes lag, and lists have several pages. There are no random faults. */
    public static final Behaviour USUAL =
            CALM.with(Trait.DESCRIBES_UNTIL_READY, 2).with(Trait.LAG, 1).with(Trait.PAGE_SIZE, 2);

    /** The usual behaviour with random faults. */
    public static final Behaviour ROUGH = USUAL.with(Trait.LAG, 2)
            .with(Trait.PAGE_SIZE, 1)
            .with(Trait.THROTTLING, 0.1)
            .with(Trait.CONCURRENT_MODIFICATION, 0.1)
            .with(Trait.FAILED_ENTRY, 0.1)
            .with(Trait.EMPTY_RECEIVE, 0.3);

    private final Map<Trait, Double> values;

    private Behaviour(Map<Trait, Double> values) {
        this.values = Collections.unmodifiableMap(values);
    }

    /** Returns the same behaviour with another value of a trait. */
    public Behaviour with(Trait trait, double value) {
        Map<Trait, Double> changed = new EnumMap<>(Trait.class);
        changed.putAll(values);
        changed.put(trait, value);
        return new Behaviour(changed);
    }

    double value(Trait trait) {
        return values.getOrDefault(trait, 0.0);
    }

    int count(Trait trait) {
        return (int) value(trait);
    }

    /** Returns how long a duration of AWS lasts in the fake, in milliseconds, at least one. */
    long scaledMs(Duration duration) {
        return Math.max(1, Math.round(duration.toMillis() * value(Trait.TIME_SCALE)));
    }
}
