package io.handover.ingress;

import io.handover.service.ClockSkew;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The metrics of deliveries. Every request to the endpoint is counted as received, and its answer is counted under
 * exactly one outcome:
 *
 * <pre>
 * handover_deliveries_received_total = handover_deliveries_stored_total
 *                                      + sum over reason of handover_deliveries_unwanted_total
 *                                      + sum over reason of handover_deliveries_refused_total
 *                                      + sum over reason of handover_deliveries_failed_total
 *                                      + handover_deliveries_in_flight
 * </pre>
 *
 * <p>There are two timers. {@code handover_produce_seconds} starts when a record is sent to the producer, and ends when
 * Kafka acknowledged or rejected it. {@code handover_delivery_age_seconds} starts at the time of the event, and ends
 * when its delivery was received.
 */
final class DeliveryMetrics {

    private static final String PREFIX = "handover.deliveries.";

    private static final Duration[] PRODUCE_BUCKETS = {
        Duration.ofMillis(1),
        Duration.ofMillis(2),
        Duration.ofMillis(5),
        Duration.ofMillis(10),
        Duration.ofMillis(20),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(200),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofSeconds(2),
        Duration.ofSeconds(4)
    };

    /** The age of an event is usually half a second. The longest bucket is the four days for which Genesys retries. */
    private static final Duration[] AGE_BUCKETS = {
        Duration.ofMillis(100),
        Duration.ofMillis(200),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofSeconds(2),
        Duration.ofSeconds(5),
        Duration.ofSeconds(10),
        Duration.ofSeconds(30),
        Duration.ofMinutes(1),
        Duration.ofMinutes(5),
        Duration.ofMinutes(30),
        Duration.ofHours(2),
        Duration.ofHours(12),
        Duration.ofDays(1),
        Duration.ofDays(4)
    };

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Counter received;
    private final Map<DeliveryOutcome, Counter> answered = new EnumMap<>(DeliveryOutcome.class);
    private final AtomicInteger inFlight = new AtomicInteger();
    private final Timer produce;
    private final Timer age;
    private final Map<DeliveryOutcome, Counter> deadLetters = new EnumMap<>(DeliveryOutcome.class);
    private final Counter deadLettersFailed;
    private final ClockSkew clockSkew;

    /** @param filter selects what is exported */
    DeliveryMetrics(MeterFilter filter) {
        registry.config().meterFilter(filter);
        clockSkew = new ClockSkew(registry);
        received = Counter.builder(PREFIX + "received")
                .description("Requests to the endpoint.")
                .register(registry);
        // All counters are registered at the start. So an outcome that has not occurred yet is exported as 0.
        Arrays.stream(DeliveryOutcome.values()).forEach(outcome -> answered.put(outcome, counter(registry, outcome)));
        Gauge.builder(PREFIX + "in.flight", inFlight::get)
                .description("Requests that are not answered yet.")
                .register(registry);
        produce = Timer.builder("handover.produce")
                .description("Time from sending a record to the producer until Kafka acknowledged or rejected it.")
                .serviceLevelObjectives(PRODUCE_BUCKETS)
                .register(registry);
        age = Timer.builder("handover.delivery.age")
                .description("Time from the event until its delivery was received, without archive replays.")
                .serviceLevelObjectives(AGE_BUCKETS)
                .register(registry);
        for (DeliveryOutcome reason : List.of(DeliveryOutcome.UNREADABLE, DeliveryOutcome.NO_KEY)) {
            deadLetters.put(
                    reason,
                    Counter.builder("handover.dead.letters")
                            .description("Deliveries stored in the dead letters, by reason.")
                            .tag("reason", reason.label())
                            .register(registry));
        }
        deadLettersFailed = Counter.builder("handover.dead.letters.failed")
                .description("Dead letters that Kafka did not store.")
                .register(registry);
    }

    private static Counter counter(MeterRegistry registry, DeliveryOutcome outcome) {
        Counter.Builder counter = Counter.builder(PREFIX + outcome.kind().name().toLowerCase(Locale.ROOT));
        return switch (outcome.kind()) {
            case STORED ->
                counter.description("Deliveries that Kafka has acknowledged.").register(registry);
            case UNWANTED ->
                counter.description("Deliveries answered with 200 and not stored, by reason.")
                        .tag("reason", outcome.label())
                        .register(registry);
            case REFUSED ->
                counter.description("Requests answered with 4xx, by reason.")
                        .tag("reason", outcome.label())
                        .register(registry);
            case FAILED ->
                counter.description(
                                "Requests answered with 503, or unanswered because the client disconnected, by reason.")
                        .tag("reason", outcome.label())
                        .register(registry);
        };
    }

    PrometheusMeterRegistry registry() {
        return registry;
    }

    void received() {
        received.increment();
        inFlight.incrementAndGet();
    }

    void answered(DeliveryOutcome outcome) {
        counterOf(outcome).increment();
        inFlight.decrementAndGet();
    }

    void produced(Duration duration) {
        produce.record(duration);
    }

    /**
     * Counts a dead letter.
     *
     * @param reason the outcome of a delivery whose dead letter is stored
     */
    void deadLetter(DeliveryOutcome reason, boolean isStored) {
        (isStored ? Objects.requireNonNull(deadLetters.get(reason), reason.label()) : deadLettersFailed).increment();
    }

    /**
     * Measures the clock skew with an acknowledged record.
     *
     * @param brokerTimeMs the date that the broker gave to the record, epoch ms
     * @param sinceSend the time from the send until now
     */
    void dated(long brokerTimeMs, Duration sinceSend) {
        clockSkew.measure(brokerTimeMs, sinceSend.toMillis());
    }

    /**
     * Records the age of an event when its delivery was received. A negative age, from clocks that differ, counts as
     * zero.
     */
    void arrived(Duration eventAge) {
        age.record(eventAge.isNegative() ? Duration.ZERO : eventAge);
    }

    long receivedCount() {
        return (long) received.count();
    }

    long answeredCount(DeliveryOutcome outcome) {
        return (long) counterOf(outcome).count();
    }

    private Counter counterOf(DeliveryOutcome outcome) {
        return Objects.requireNonNull(answered.get(outcome), outcome.label());
    }
}
