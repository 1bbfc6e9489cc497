package io.handover.ingress;

import io.handover.schema.RecordKind;
import io.handover.schema.Topics;
import io.micrometer.core.instrument.binder.kafka.KafkaClientMetrics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
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
 * Where deliveries are kept: the events, and the dead letters. The outcome comes back on any thread, perhaps before the
 * call returns, and only after Kafka acknowledged or refused; with what Kafka said, if it refused.
 */
final class DeliveryProducer implements AutoCloseable {

    /** Why a dead letter could not be read. */
    static final String REASON_HEADER = "handover-reason";

    /** When a dead letter came in, ISO-8601 in UTC, with milliseconds. */
    static final String RECEIVED_AT_HEADER = "handover-received-at";

    /** Three digits of a second, always; Instant's own form leaves out a zero fraction. */
    private static final DateTimeFormatter MILLISECONDS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private static final Logger LOG = LoggerFactory.getLogger(DeliveryProducer.class);
    private static final Duration FLUSH_TIMEOUT = Duration.ofSeconds(5);

    private final Supplier<? extends Producer<String, byte[]>> producers;
    private final DeliveryMetrics metrics;
    private volatile Producer<String, byte[]> producer;
    private KafkaClientMetrics producerMetrics;
    private boolean closed;

    /** The producer that takes nothing any more, if there was one; it may have been replaced. */
    private volatile @Nullable Producer<String, byte[]> failedProducer;

    /** @param producers makes a producer, now and in place of each one that breaks */
    DeliveryProducer(Supplier<? extends Producer<String, byte[]>> producers, DeliveryMetrics metrics) {
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

    /** Stores the body as it is, under the time it came in. */
    void store(String key, byte[] body, Instant receivedAt, BiConsumer<DeliveryOutcome, @Nullable Exception> done) {
        send(
                new ProducerRecord<>(
                        Topics.EVENTS,
                        null,
                        receivedAt.toEpochMilli(),
                        key,
                        body,
                        List.of(RecordKind.DELIVERY.header())),
                DeliveryOutcome.STORED,
                done);
    }

    /** Keeps the body for people to look at. */
    void sendToDeadLetters(
            byte[] body,
            DeliveryDecision.DeadLetter deadLetter,
            Instant receivedAt,
            BiConsumer<DeliveryOutcome, @Nullable Exception> done) {
        send(
                new ProducerRecord<>(
                        Topics.DEAD_LETTERS,
                        null,
                        receivedAt.toEpochMilli(),
                        null,
                        body,
                        List.of(
                                header(REASON_HEADER, deadLetter.reason()),
                                header(RECEIVED_AT_HEADER, MILLISECONDS.format(receivedAt)))),
                deadLetter.outcome(),
                done);
    }

    /**
     * Asks for the partitions of a topic, so that the producer fetches what it does not know, in the background.
     *
     * @throws org.apache.kafka.common.KafkaException if it does not know them yet
     */
    void fetchMetadata(String topic) {
        producer.partitionsFor(topic);
    }

    /**
     * Puts a new producer in the place of a broken one. An idempotent producer that the brokers refuse once, because of
     * its permissions for example, refuses everything for ever, also when the permissions are back.
     */
    synchronized void replaceIfFailed() {
        Producer<String, byte[]> old = producer;
        if (closed || old != failedProducer) {
            return;
        }
        LOG.warn("The producer takes nothing any more, and is replaced by a new one");
        producerMetrics.close();
        old.close(Duration.ZERO);
        producer = producers.get();
        producerMetrics = bindMetrics(producer);
    }

    /** Stores what is under way, if that is soon done. */
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
            // The callback says all that the future would.
            Future<RecordMetadata> unused = current.send(deliveryRecord, (metadata, e) -> {
                metrics.produced(Duration.ofNanos(System.nanoTime() - sentNanos));
                done.accept(e == null ? stored : outcomeOf(e), e);
            });
        } catch (RuntimeException e) {
            // What concerns this record only is handed to the callback. What is thrown concerns the producer: it is
            // closed, or has failed for good.
            failedProducer = current;
            done.accept(outcomeOf(e), e);
        }
    }

    private static DeliveryOutcome outcomeOf(Exception e) {
        LOG.debug("A delivery could not be stored", e);
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
