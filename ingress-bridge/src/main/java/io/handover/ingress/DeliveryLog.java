package io.handover.ingress;

import io.handover.schema.RecordKind;
import io.handover.schema.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.BufferExhaustedException;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where deliveries are kept: the events, and the dead letters. The outcome comes back on any thread, perhaps before the
 * call returns, and only after Kafka acknowledged or refused.
 */
final class DeliveryLog {

    /** Why a dead letter could not be read. */
    static final String REASON_HEADER = "handover-reason";

    /** When a dead letter came in, ISO-8601 in UTC, with milliseconds. */
    static final String RECEIVED_AT_HEADER = "handover-received-at";

    /** Three digits of a second, always; Instant's own form leaves out a zero fraction. */
    private static final DateTimeFormatter MILLISECONDS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private static final Logger LOG = LoggerFactory.getLogger(DeliveryLog.class);

    private final Producer<String, byte[]> producer;

    DeliveryLog(Producer<String, byte[]> producer) {
        this.producer = producer;
    }

    /** Stores the body as it is, under the time it came in. */
    void store(String key, byte[] body, Instant receivedAt, Consumer<Outcome> done) {
        send(
                new ProducerRecord<>(
                        Topics.EVENTS,
                        null,
                        receivedAt.toEpochMilli(),
                        key,
                        body,
                        List.of(RecordKind.DELIVERY.header())),
                Outcome.STORED,
                done);
    }

    /** Keeps the body for people to look at. */
    void bury(byte[] body, Verdict.DeadLetter verdict, Instant receivedAt, Consumer<Outcome> done) {
        send(
                new ProducerRecord<>(
                        Topics.DEAD_LETTERS,
                        null,
                        receivedAt.toEpochMilli(),
                        null,
                        body,
                        List.of(
                                header(REASON_HEADER, verdict.reason()),
                                header(RECEIVED_AT_HEADER, MILLISECONDS.format(receivedAt)))),
                verdict.outcome(),
                done);
    }

    private void send(ProducerRecord<String, byte[]> deliveryRecord, Outcome stored, Consumer<Outcome> done) {
        try {
            // The callback says all that the future would.
            Future<RecordMetadata> unused =
                    producer.send(deliveryRecord, (metadata, e) -> done.accept(e == null ? stored : outcomeOf(e)));
        } catch (RuntimeException e) {
            // What is not of the broker's making is thrown instead of handed to the callback: a producer that is
            // closed.
            done.accept(outcomeOf(e));
        }
    }

    private static Outcome outcomeOf(Exception e) {
        LOG.debug("A delivery could not be stored", e);
        if (e instanceof RecordTooLargeException) {
            return Outcome.TOO_LARGE;
        }
        return e instanceof BufferExhaustedException ? Outcome.BUSY : Outcome.KAFKA_UNAVAILABLE;
    }

    private static Header header(String name, String value) {
        return new RecordHeader(name, value.getBytes(StandardCharsets.UTF_8));
    }
}
