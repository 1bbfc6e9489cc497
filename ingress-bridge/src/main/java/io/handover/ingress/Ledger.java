package io.handover.ingress;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntSupplier;

/**
 * The books on deliveries: whatever was received is answered, and counted under one outcome.
 *
 * <pre>
 * handover_deliveries_received_total = sum over outcome of handover_deliveries_answered_total
 *                                      + deliveries that wait for their answer
 * </pre>
 *
 * <p>{@code handover_deliveries_in_flight} are those of the waiting ones that passed the key check.
 */
final class Ledger {

    private static final String RECEIVED = "handover.deliveries.received";
    private static final String ANSWERED = "handover.deliveries.answered";
    private static final String IN_FLIGHT = "handover.deliveries.in.flight";
    private static final String OUTCOME = "outcome";

    private final Counter received;
    private final Map<Outcome, Counter> answered = new EnumMap<>(Outcome.class);

    Ledger(MeterRegistry registry, IntSupplier inFlight) {
        received = Counter.builder(RECEIVED)
                .description("Requests to the delivery endpoint.")
                .register(registry);
        // All at once, so that an outcome that has not happened yet is seen as 0.
        Arrays.stream(Outcome.values())
                .forEach(outcome -> answered.put(
                        outcome,
                        Counter.builder(ANSWERED)
                                .description("Answers, by what became of the delivery.")
                                .tag(OUTCOME, outcome.label())
                                .register(registry)));
        Gauge.builder(IN_FLIGHT, inFlight::getAsInt)
                .description("Deliveries whose body is being read or stored.")
                .register(registry);
    }

    void received() {
        received.increment();
    }

    void answered(Outcome outcome) {
        counterOf(outcome).increment();
    }

    long receivedCount() {
        return (long) received.count();
    }

    long answeredCount(Outcome outcome) {
        return (long) counterOf(outcome).count();
    }

    private Counter counterOf(Outcome outcome) {
        return Objects.requireNonNull(answered.get(outcome), outcome.label());
    }
}
