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
import java.util.Map;

/**
 * The metrics of the decisions. They account for every record that this process has read since it started:
 *
 * <pre>
 * records = sum of handover_events_total, without the outcomes deadline-*, idle-* and expired
 *         + handover_unwanted_total + handover_ticks_read_total + handover_misplaced_total
 * </pre>
 *
 * <p>Unreadable records are counted by Kafka Streams ({@code dropped-records-total}) and sent to the dead letters.
 */
public final class ConversationMetrics {

    private final Map<Outcome, Counter> outcomes = new EnumMap<>(Outcome.class);
    private final Counter ended;
    private final Counter agentUpdated;
    private final Counter unwanted;
    private final Counter lookupsWritten;
    private final Counter misplaced;
    private final Counter ticksRead;
    private final Counter ticksWritten;
    private final Counter fingerprintsEvicted;
    private final Counter corruptStates;
    private final Timer overdue;
    private final ClockSkew clockSkew;

    public ConversationMetrics(MeterRegistry registry) {
        for (Outcome outcome : Outcome.values()) {
            outcomes.put(
                    outcome,
                    Counter.builder("handover.events")
                            .description("Events, profiles and deadlines per row of the decision table")
                            .tag("outcome", outcome.label())
                            .register(registry));
        }
        ended = command(registry, HandoverEnded.TYPE);
        agentUpdated = command(registry, AgentUpdated.TYPE);
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

    private static Counter command(MeterRegistry registry, String type) {
        return Counter.builder("handover.commands")
                .description("Commands sent")
                .tag("type", type)
                .register(registry);
    }

    void applied(Outcome outcome) {
        Counter counter = outcomes.get(outcome);
        if (counter != null) {
            counter.increment();
        }
    }

    void sent(HandoverCommand command) {
        (command instanceof HandoverEnded ? ended : agentUpdated).increment();
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
