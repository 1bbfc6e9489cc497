package io.handover.history.sources;

import io.handover.schema.Delivery;
import io.handover.schema.Delivery.Relevance;
import io.handover.schema.HandoverRecord;
import io.handover.schema.HandoverSerdes;
import io.handover.schema.UnreadableRecordException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/**
 * Makes deliveries of what stands in a file or a topic.
 *
 * <p>Of a file, only those count that the bridge would have stored, under the key that it would have given them. A topic
 * has been through the bridge, so all of it counts, as it does for the application; and what it cannot read there moves
 * no time.
 */
public final class DeliveryReader {

    private static final byte[] NOTHING = new byte[0];

    private static final String NO_TIME =
            "Expected 'time' to say when it arrived, or 'eventTime' when it happened, but found neither";

    private final Selection selection;
    private final Deserializer<HandoverRecord> records = HandoverSerdes.recordDeserializer();

    public DeliveryReader(Selection selection) {
        this.selection = selection;
    }

    Chunk read(String source, List<RawEntry> entries) {
        Chunk chunk = new Chunk();
        for (RawEntry entry : entries) {
            if (entry.problem() != null) {
                chunk.broken.add(new BrokenEntry(source, entry.line(), entry.bytes(), entry.problem()));
                continue;
            }
            try {
                add(chunk, source, entry.line(), entry.bytes());
            } catch (UnreadableRecordException e) {
                addEach(chunk, source, entry, e);
            }
        }
        return chunk;
    }

    /** Some archives write objects without a line end between them. */
    private void addEach(Chunk chunk, String source, RawEntry entry, UnreadableRecordException whole) {
        List<byte[]> objects = ObjectEnd.split(entry.bytes());
        if (objects.size() < 2) {
            chunk.broken.add(new BrokenEntry(source, entry.line(), entry.bytes(), String.valueOf(whole.getMessage())));
            return;
        }
        for (byte[] object : objects) {
            try {
                add(chunk, source, entry.line(), object);
            } catch (UnreadableRecordException e) {
                chunk.broken.add(new BrokenEntry(source, entry.line(), object, String.valueOf(e.getMessage())));
            }
        }
    }

    private void add(Chunk chunk, String source, long line, byte[] json) {
        Delivery delivery = Delivery.read(json);
        Relevance relevance = delivery.relevance();
        if (relevance == Relevance.NO_KEY) {
            chunk.broken.add(new BrokenEntry(source, line, json, "Expected a conversation id, but found none"));
            return;
        }
        if (relevance != Relevance.WANTED) {
            chunk.unwanted++;
            return;
        }
        Long time = arrival(delivery);
        if (time == null) {
            chunk.broken.add(new BrokenEntry(source, line, json, NO_TIME));
            return;
        }
        String key = Objects.requireNonNull(delivery.key(), "Expected what is wanted to have a key, but it has none");
        if (selection.hasTime(time) && selection.has(delivery, key)) {
            chunk.deliveries.add(new PastDelivery(source, line, time, key, delivery, json));
        }
    }

    /** The old data action says no more than when it happened, if that. */
    private static @Nullable Long arrival(Delivery delivery) {
        Long time = delivery.timeMs();
        return time != null ? time : delivery.body().eventTimeMs();
    }

    Chunk read(String source, Iterable<ConsumerRecord<byte[], byte[]>> partition) {
        Chunk chunk = new Chunk();
        for (ConsumerRecord<byte[], byte[]> record : partition) {
            if (!selection.hasTime(record.timestamp())) {
                continue;
            }
            try {
                add(chunk, source, record);
            } catch (UnreadableRecordException e) {
                byte[] content = record.value() == null ? NOTHING : record.value();
                chunk.broken.add(new BrokenEntry(source, record.offset(), content, String.valueOf(e.getMessage())));
            }
        }
        return chunk;
    }

    private void add(Chunk chunk, String source, ConsumerRecord<byte[], byte[]> record) {
        HandoverRecord read = records.deserialize(record.topic(), record.headers(), record.value());
        Delivery delivery = read instanceof Delivery delivered ? delivered : null;
        String key = delivery == null ? null : key(record, delivery);
        if (delivery != null && (key == null || key.isBlank() || delivery.type() == null)) {
            chunk.unwanted++;
            delivery = null;
            key = null;
        }
        if (delivery == null || key == null || selection.has(delivery, key)) {
            chunk.deliveries.add(
                    new PastDelivery(source, record.offset(), record.timestamp(), key, delivery, record.value()));
        }
    }

    private static @Nullable String key(ConsumerRecord<byte[], byte[]> record, Delivery delivery) {
        return record.key() != null ? new String(record.key(), StandardCharsets.UTF_8) : delivery.key();
    }
}
