package io.handover.ingress;

import io.handover.schema.IsoTime;
import io.handover.schema.RecordKind;
import io.handover.service.CheckResult;
import io.handover.service.TopicNames;
import io.micrometer.core.instrument.binder.kafka.KafkaClientMetrics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Future;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.BufferExhaustedException;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes deliveries to the topic of events or of dead letters. The outcome is passed to a callback after Kafka
 * acknowledged or rejected the record. A rejection is passed with its exception. The callback may run on any thread,
 * and even before the call returns.
 */
final class DeliveryProducer implements AutoCloseable {

    /** The record header with the reason why a delivery is a dead letter. */
    static final String REASON_HEADER = "handover-reason";

    /** The record header with the time at which a dead letter was received: ISO-8601 in UTC with milliseconds. */
    static final String RECEIVED_AT_HEADER = "handover-received-at";

    private static final List<Header> KIND = List.of(RecordKind.DELIVERY.header());

    private static final Logger LOG = LoggerFactory.getLogger(DeliveryProducer.class);
    private static final Duration FLUSH_TIMEOUT = Duration.ofSeconds(5);

    private final Supplier<? extends Producer<String, byte[]>> producers;
    private final TopicNames topics;
    private final DeliveryMetrics metrics;
    private @Nullable KafkaClientMetrics producerMetrics;
    private boolean closed;

    /** The producer; null while nothing may be sent. */
    private volatile @Nullable Producer<String, byte[]> producer;

    /** The last permanent failure of a producer, or null. That producer may already be replaced. */
    private volatile @Nullable Failure failure;

    private record Failure(Producer<String, byte[]> producer, Exception cause) {}

    /** @param producers creates a producer at each {@link #open}, and after each permanent failure */
    DeliveryProducer(
            Supplier<? extends Producer<String, byte[]>> producers, TopicNames topics, DeliveryMetrics metrics) {
        this.topics = topics;
        this.producers = producers;
        this.metrics = metrics;
    }

    /**
     * Opens or suspends the producer according to a check of Kafka.
     *
     * <p>A producer exists only while its topics can be used. Otherwise a broker that creates topics automatically would
     * create a missing one with one partition, even if nothing is sent: a producer requests the metadata of its topics
     * regularly. And without the permission to write, a producer requests an id thousands of times per second.
     *
     * @return the reason why the producer cannot send yet, or null
     */
    @Nullable
    String follow(List<CheckResult> errors) {
        if (!errors.isEmpty()) {
            suspend();
            return null;
        }
        replaceIfFailed();
        open();
        return fetchMetadata();
    }

    /** Creates the producer if there is none. */
    synchronized void open() {
        if (!closed && producer == null) {
            Producer<String, byte[]> opened = producers.get();
            producerMetrics = new KafkaClientMetrics(opened);
            producerMetrics.bindTo(metrics.registry());
            producer = opened;
        }
    }

    /** Closes the producer. Unacknowledged records fail, and later ones are answered with {@code topics-not-ready}. */
    synchronized void suspend() {
        release(Duration.ZERO);
    }

    private void release(Duration flushTimeout) {
        Producer<String, byte[]> last = producer;
        KafkaClientMetrics lastMetrics = producerMetrics;
        producer = null;
        producerMetrics = null;
        if (lastMetrics != null) {
            lastMetrics.close();
        }
        if (last != null) {
            last.close(flushTimeout);
        }
    }

    /**
     * Sends the unchanged body to the events. The timestamp of the record is the time at which the delivery was
     * received. In a topic with LogAppendTime, the broker replaces it.
     */
    void store(String key, byte[] body, Instant receivedAt, BiConsumer<DeliveryOutcome, @Nullable Exception> done) {
        send(
                new ProducerRecord<>(topics.events(), null, receivedAt.toEpochMilli(), key, body, KIND),
                DeliveryOutcome.STORED,
                done);
    }

    /** Sends the unchanged body to the dead letters, with the reason in a header. */
    void sendToDeadLetters(
            byte[] body,
            DeliveryDecision.DeadLetter deadLetter,
            Instant receivedAt,
            BiConsumer<DeliveryOutcome, @Nullable Exception> done) {
        send(
                new ProducerRecord<>(
                        topics.deadLetters(),
                        null,
                        receivedAt.toEpochMilli(),
                        null,
                        body,
                        List.of(
                                header(REASON_HEADER, deadLetter.reason()),
                                header(RECEIVED_AT_HEADER, IsoTime.format(receivedAt)))),
                deadLetter.outcome(),
                (outcome, e) -> {
                    metrics.deadLetter(deadLetter.outcome(), outcome == deadLetter.outcome());
                    done.accept(outcome, e);
                });
    }

    /**
     * Makes the producer fetch missing metadata in the background, because a send must not wait for metadata. All topics
     * are requested before the return, so that one request fetches the metadata of all.
     */
    private @Nullable String fetchMetadata() {
        Producer<String, byte[]> current = producer;
        if (current == null) {
            return null;
        }
        String unknown = null;
        for (String topic : List.of(topics.events(), topics.deadLetters())) {
            try {
                current.partitionsFor(topic);
            } catch (TimeoutException e) {
                unknown = "The producer has no metadata of topic " + topic + " yet.";
            }
        }
        return unknown;
    }

    /**
     * Replaces the producer if it has failed permanently. After some errors, for example a missing permission, an
     * idempotent producer rejects every later record, even when the cause of the error is gone.
     */
    private synchronized void replaceIfFailed() {
        Failure last = failure;
        if (last == null || producer != last.producer()) {
            return;
        }
        LOG.atWarn()
                .addKeyValue("cause", last.cause().getClass().getSimpleName())
                .addKeyValue("reason", last.cause().getMessage())
                .log("Producer failed permanently, replacing it");
        suspend();
    }

    /** Closes the producer. Waits at most 5 seconds for records that are being sent. */
    @Override
    public synchronized void close() {
        closed = true;
        release(FLUSH_TIMEOUT);
    }

    private void send(
            ProducerRecord<String, byte[]> deliveryRecord,
            DeliveryOutcome stored,
            BiConsumer<DeliveryOutcome, @Nullable Exception> done) {
        Producer<String, byte[]> current = producer;
        if (current == null) {
            done.accept(DeliveryOutcome.TOPICS_NOT_READY, null);
            return;
        }
        long sentNanos = System.nanoTime();
        try {
            // The result of send() is not used, because the callback reports the same result.
            Future<RecordMetadata> unused = current.send(deliveryRecord, (metadata, e) -> {
                Duration duration = Duration.ofNanos(System.nanoTime() - sentNanos);
                metrics.produced(duration);
                if (e == null && isDatedByBroker(deliveryRecord, metadata)) {
                    metrics.dated(metadata.timestamp(), duration);
                }
                done.accept(e == null ? stored : outcomeOf(e), e);
            });
        } catch (RuntimeException e) {
            // An error of one record is passed to the callback. An exception from send() means that the producer is
            // closed or has failed permanently.
            failure = new Failure(current, e);
            done.accept(outcomeOf(e), e);
        }
    }

    /** With CreateTime, the metadata have the timestamp of the record. */
    private static boolean isDatedByBroker(ProducerRecord<?, ?> sent, RecordMetadata metadata) {
        return metadata.hasTimestamp() && !Objects.equals(sent.timestamp(), metadata.timestamp());
    }

    private static DeliveryOutcome outcomeOf(Exception e) {
        LOG.atDebug().setCause(e).log("Delivery not stored");
        if (e instanceof RecordTooLargeException) {
            return DeliveryOutcome.TOO_LARGE;
        }
        if (e instanceof BufferExhaustedException) {
            return DeliveryOutcome.BUSY;
        }
        return e instanceof TimeoutException ? DeliveryOutcome.KAFKA_TIMEOUT : DeliveryOutcome.KAFKA_REFUSED;
    }

    private static Header header(String name, String value) {
        return new RecordHeader(name, value.getBytes(StandardCharsets.UTF_8));
    }
}
