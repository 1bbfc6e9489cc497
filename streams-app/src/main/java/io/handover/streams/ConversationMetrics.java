package io.handover.streams;

import io.handover.conversation.Outcome;
import io.handover.schema.AgentUpdated;
import io.handover.schema.HandoverCommand;
import io.handover.schema.HandoverEnded;
import io.handover.service.ClockSkew;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The metrics of the decisions. They account for every record that this process has read since it started:
 *
 * <pre>
 * records = sum of handover_events_total, without the outcomes deadline-*, idle-* and expired
 *         + handover_unwanted_total + handover_ticks_read_total + handover_misplaced_total
 * </pre>
 *
 * <p>Unreadable records are counted as dead letters only.
 *
 * <p>Kafka Streams creates its handlers by name. They get this object as {@link #PROPERTY} of the configuration.
 */
public final class ConversationMetrics {

    /** The property that passes the metrics to the handlers of Kafka Streams. */
    static final String PROPERTY = "handover.metrics";

    /** A command that is decided this long before its time is early. The clock of the brokers is not known better. */
    private static final long EARLY_MS = 1_000;

    private static final Duration[] LATENCY_BUCKETS = {
        Duration.ofMillis(50),
        Duration.ofMillis(200),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofSeconds(2),
        Duration.ofSeconds(5),
        Duration.ofSeconds(10),
        Duration.ofMinutes(1),
        Duration.ofMinutes(10)
    };

    private final Map<Outcome, Counter> outcomes = new EnumMap<>(Outcome.class);
    private final Commands ended;
    private final Commands agentUpdated;
    private final Counter early;
    private final Map<DeadLetter, Counter> deadLetters = new EnumMap<>(DeadLetter.class);
    private final Counter deadLettersFailed;
    private final PartitionMetrics partitions;
    private final Counter unwanted;
    private final Counter lookupsWritten;
    private final Counter misplaced;
    private final Counter ticksRead;
    private final Counter ticksWritten;
    private final Counter fingerprintsEvicted;
    private final Counter corruptStates;
    private final Timer overdue;
    private final ClockSkew clockSkew;

    /** Commands of one type: how many, and how long after their time. */
    private record Commands(Counter sent, Timer latency) {}

    /** Why a record became a dead letter. */
    enum DeadLetter {
        UNREADABLE,
        MISPLACED,
        CORRUPT_STATE
    }

    public ConversationMetrics(MeterRegistry registry) {
        partitions = new PartitionMetrics(registry);
        for (Outcome outcome : Outcome.values()) {
            outcomes.put(
                    outcome,
                    Counter.builder("handover.events")
                            .description("Events, profiles and deadlines per row of the decision table")
                            .tag("outcome", outcome.label())
                            .register(registry));
        }
        ended = commands(registry, HandoverEnded.TYPE);
        agentUpdated = commands(registry, AgentUpdated.TYPE);
        early = counter(
                registry,
                "handover.commands.early",
                "Commands sent more than a second before their time, by the brokers' clock; always 0");
        for (DeadLetter reason : DeadLetter.values()) {
            deadLetters.put(
                    reason,
                    Counter.builder("handover.dead.letters")
                            .description("Records sent to the dead letters")
                            .tag(
                                    "reason",
                                    reason.name().toLowerCase(Locale.ROOT).replace('_', '-'))
                            .register(registry));
        }
        deadLettersFailed = counter(
                registry, "handover.dead.letters.failed", "Dead letters that Kafka refused or did not acknowledge");
        unwanted =
                counter(registry, "handover.unwanted", "Deliveries without a key, or of a topic that no decision uses");
        lookupsWritten =
                counter(registry, "handover.lookups.written", "Announced agents whose profiles were asked for");
        misplaced = counter(
                registry,
                "handover.misplaced",
                "Records in another partition than the one of their key, sent to the dead letters");
        ticksRead = counter(registry, "handover.ticks.read", "Clock ticks read");
        ticksWritten = counter(registry, "handover.ticks.written", "Clock ticks written to a quiet partition");
        fingerprintsEvicted = counter(
                registry,
                "handover.fingerprints.evicted",
                "Fingerprints dropped because a conversation had too many; duplicates of these events are applied");
        corruptStates = counter(
                registry,
                "handover.states.corrupt",
                "States that could not be read; those of conversations became dead letters");
        overdue = Timer.builder("handover.deadlines.overdue")
                .description("How long after its deadline, in stream time, a deadline fired")
                .serviceLevelObjectives(
                        Duration.ofSeconds(1), Duration.ofSeconds(10), Duration.ofMinutes(1), Duration.ofMinutes(10))
                .register(registry);
        clockSkew = new ClockSkew(registry);
    }

    private static Counter counter(MeterRegistry registry, String name, String description) {
        return Counter.builder(name).description(description).register(registry);
    }

    private static Commands commands(MeterRegistry registry, String type) {
        return new Commands(
                Counter.builder("handover.commands")
                        .description("Commands sent")
                        .tag("type", type)
                        .register(registry),
                Timer.builder("handover.command.latency")
                        .description("From the time of a command (decidedAt), by the brokers' clock, until it was sent")
                        .serviceLevelObjectives(LATENCY_BUCKETS)
                        .tag("type", type)
                        .register(registry));
    }

    /** The metrics per partition. */
    PartitionMetrics partitions() {
        return partitions;
    }

    void applied(Outcome outcome) {
        Counter counter = outcomes.get(outcome);
        if (counter != null) {
            counter.increment();
        }
    }

    /**
     * Counts a command.
     *
     * @param lateMs the time from its decision time until now, by the brokers' clock
     * @param isClockKnown whether the brokers' clock has been measured
     */
    void sent(HandoverCommand command, long lateMs, boolean isClockKnown) {
        Commands commands = command instanceof HandoverEnded ? ended : agentUpdated;
        commands.sent().increment();
        commands.latency().record(Math.max(0, lateMs), TimeUnit.MILLISECONDS);
        if (isClockKnown && lateMs < -EARLY_MS) {
            early.increment();
        }
    }

    void deadLetter(DeadLetter reason) {
        Counter counter = deadLetters.get(reason);
        if (counter != null) {
            counter.increment();
        }
    }

    void deadLetterFailed() {
        deadLettersFailed.increment();
    }

    void unwanted() {
        unwanted.increment();
    }

    void lookupWritten() {
        lookupsWritten.increment();
    }

    void misplaced() {
        misplaced.increment();
    }

    void tickRead() {
        ticksRead.increment();
    }

    void tickWritten() {
        ticksWritten.increment();
    }

    /**
     * Measures the clock skew with a tick that was read.
     *
     * @param brokerTimeMs the date that the broker gave to the tick, epoch ms
     * @param sinceWrittenMs the time since the tick was written, ms
     */
    void tickDated(long brokerTimeMs, long sinceWrittenMs) {
        clockSkew.measure(brokerTimeMs, sinceWrittenMs);
    }

    void fingerprintEvicted() {
        fingerprintsEvicted.increment();
    }

    void corruptState() {
        corruptStates.increment();
    }

    void overdue(long milliseconds) {
        overdue.record(Duration.ofMillis(milliseconds));
    }
}
