package io.handover.ingress;

import io.handover.schema.IsoTime;
import io.handover.schema.RecordKind;
import io.handover.service.TopicNames;
import io.micrometer.core.instrument.binder.kafka.KafkaClientMetrics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
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

    private static final Logger LOG = LoggerFactory.getLogger(DeliveryProducer.class);
    private static final Duration FLUSH_TIMEOUT = Duration.ofSeconds(5);

    private final Supplier<? extends Producer<String, byte[]>> producers;
    private final TopicNames topics;
    private final DeliveryMetrics metrics;
    private volatile Producer<String, byte[]> producer;
    private KafkaClientMetrics producerMetrics;
    private boolean closed;

    /** The last permanent failure of a producer, or null. That producer may already be replaced. */
    private volatile @Nullable Failure failure;

    private record Failure(Producer<String, byte[]> producer, Exception cause) {}

    /** @param producers creates a producer: the first one now, and another one after each permanent failure */
    DeliveryProducer(
            Supplier<? extends Producer<String, byte[]>> producers, TopicNames topics, DeliveryMetrics metrics) {
        this.topics = topics;
        this.producers = producers;
        this.metrics = metrics;
        this.producer = producers.get();
        this.producerMetrics = bindMetrics(producer);
    }

    private KafkaClientMetrics bindMetrics(Producer<?, ?> measured) {
        KafkaClientMetrics clientMetrics = new KafkaClientMetrics(measured);
        clientMetrics.bindTo(metrics.registry());
        return clientMetrics;
    }

    /**
     * Sends the unchanged body to the events. The timestamp of the record is the time at which the delivery was
     * received.
     */
    void store(String key, byte[] body, Instant receivedAt, BiConsumer<DeliveryOutcome, @Nullable Exception> done) {
        send(
                new ProducerRecord<>(
                        topics.events(),
                        null,
                        receivedAt.toEpochMilli(),
                        key,
                        body,
                        List.of(RecordKind.DELIVERY.header())),
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
                done);
    }

    /**
     * Checks that the producer has the metadata of a topic. If not, the producer fetches the metadata in the
     * background.
     *
     * @throws org.apache.kafka.common.KafkaException if the producer does not have the metadata yet
     */
    void fetchMetadata(String topic) {
        producer.partitionsFor(topic);
    }

    /**
     * Replaces the producer if it has failed permanently. After some errors, for example a missing permission, an
     * idempotent producer rejects every later record, even when the cause of the error is gone.
     */
    synchronized void replaceIfFailed() {
        Failure last = failure;
        if (closed || last == null || producer != last.producer()) {
            return;
        }
        LOG.atWarn()
                .addKeyValue("cause", last.cause().getClass().getSimpleName())
                .addKeyValue("reason", last.cause().getMessage())
                .log("Producer failed permanently, replacing it");
        producerMetrics.close();
        producer.close(Duration.ZERO);
        producer = producers.get();
        producerMetrics = bindMetrics(producer);
    }

    /** Closes the producer. Waits at most 5 seconds for records that are being sent. */
    @Override
    public synchronized void close() {
        closed = true;
        producerMetrics.close();
        producer.close(FLUSH_TIMEOUT);
    }

    private void send(
            ProducerRecord<String, byte[]> deliveryRecord,
            DeliveryOutcome stored,
            BiConsumer<DeliveryOutcome, @Nullable Exception> done) {
        Producer<String, byte[]> current = producer;
        long sentNanos = System.nanoTime();
        try {
            // The result of send() is not used, because the callback reports the same result.
            Future<RecordMetadata> unused = current.send(deliveryRecord, (metadata, e) -> {
                metrics.produced(Duration.ofNanos(System.nanoTime() - sentNanos));
                done.accept(e == null ? stored : outcomeOf(e), e);
            });
        } catch (RuntimeException e) {
            // An error of one record is passed to the callback. An exception from send() means that the producer is
            // closed or has failed permanently.
            failure = new Failure(current, e);
            done.accept(outcomeOf(e), e);
        }
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
