package io.handover.history.sources;

import io.handover.schema.AgentProfile;
import io.handover.schema.ClockTick;
import io.handover.schema.Delivery;
import io.handover.schema.Delivery.Relevance;
import io.handover.schema.HandoverRecord;
import io.handover.schema.HandoverSerdes;
import io.handover.schema.OperatorOrder;
import io.handover.schema.UnreadableRecordException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/**
 * Parses the entries of files and the records of topics as deliveries.
 *
 * <p>From a file it returns the deliveries that the bridge would have stored, each with the key that the bridge would
 * have set. From a topic it returns every record that streams-app could read, because each of these records moves
 * stream time. A {@link DeliveryFilter} can exclude some of both.
 */
public final class DeliveryReader {

    private static final byte[] EMPTY = new byte[0];

    private static final String NO_TIME =
            "Expected 'time' (when it arrived) or 'eventTime' (when it happened), but found neither";

    private final DeliveryFilter filter;
    private final Deserializer<HandoverRecord> records = HandoverSerdes.recordDeserializer();

    public DeliveryReader(DeliveryFilter filter) {
        this.filter = filter;
    }

    LogPiece read(String source, List<RawEntry> entries) {
        LogPiece piece = new LogPiece();
        for (RawEntry entry : entries) {
            if (entry.problem() != null) {
                piece.broken.add(new BrokenEntry(source, entry.line(), entry.bytes(), entry.problem()));
                continue;
            }
            try {
                add(piece, source, entry.line(), entry.bytes());
            } catch (UnreadableRecordException e) {
                addEach(piece, source, entry, e);
            }
        }
        return piece;
    }

    /**
     * Reads a line that has several objects, because some archives write no line end between them. A line with fewer
     * than two objects is one broken entry.
     */
    private void addEach(LogPiece piece, String source, RawEntry line, UnreadableRecordException reason) {
        List<RawEntry> objects = FileEntries.ofLine(line.bytes());
        if (objects.size() < 2) {
            piece.broken.add(new BrokenEntry(source, line.line(), line.bytes(), String.valueOf(reason.getMessage())));
            return;
        }
        for (RawEntry object : objects) {
            try {
                add(piece, source, line.line(), object.bytes());
            } catch (UnreadableRecordException e) {
                piece.broken.add(new BrokenEntry(source, line.line(), object.bytes(), String.valueOf(e.getMessage())));
            }
        }
    }

    private void add(LogPiece piece, String source, long line, byte[] json) {
        Delivery delivery = Delivery.read(json);
        Relevance relevance = delivery.relevance();
        if (relevance == Relevance.NO_KEY) {
            piece.broken.add(new BrokenEntry(source, line, json, "Expected a conversation id, but found none"));
            return;
        }
        if (relevance != Relevance.WANTED) {
            piece.count.addUnwanted(relevance);
            return;
        }
        Long time = arrival(delivery);
        if (time == null) {
            piece.broken.add(new BrokenEntry(source, line, json, NO_TIME));
            return;
        }
        String key =
                Objects.requireNonNull(delivery.key(), "Expected a wanted delivery to have a key, but it has none");
        if (filter.acceptsTime(time) && filter.accepts(delivery, key)) {
            piece.count.addWanted();
            piece.deliveries.add(new PastDelivery(source, line, time, key, delivery, null, null, json));
        } else {
            piece.count.addNotSelected();
        }
    }

    /**
     * Returns the time of a delivery, epoch ms: when it arrived, or when the event happened if the time of arrival is
     * absent. Most deliveries of the old data action have only the time of the event. Returns null if both are absent.
     */
    private static @Nullable Long arrival(Delivery delivery) {
        Long time = delivery.timeMs();
        return time != null ? time : delivery.body().eventTimeMs();
    }

    LogPiece read(String source, Iterable<ConsumerRecord<byte[], byte[]>> partition) {
        LogPiece piece = new LogPiece();
        for (ConsumerRecord<byte[], byte[]> record : partition) {
            if (!filter.acceptsTime(record.timestamp())) {
                piece.count.addNotSelected();
                continue;
            }
            try {
                add(piece, source, record);
            } catch (UnreadableRecordException e) {
                byte[] content = record.value() == null ? EMPTY : record.value();
                piece.broken.add(new BrokenEntry(source, record.offset(), content, String.valueOf(e.getMessage())));
            }
        }
        return piece;
    }

    private void add(LogPiece piece, String source, ConsumerRecord<byte[], byte[]> record) {
        HandoverRecord read = records.deserialize(record.topic(), record.headers(), record.value());
        Delivery delivery = read instanceof Delivery delivered ? delivered : null;
        AgentProfile profile = read instanceof AgentProfile described ? described : null;
        OperatorOrder order = read instanceof OperatorOrder ordered ? ordered : null;
        String key = key(record, read);
        if (delivery != null && (key == null || key.isBlank() || delivery.type() == null)) {
            piece.count.addUnwanted(delivery.type() == null ? Relevance.OTHER_TOPIC : Relevance.NO_KEY);
            delivery = null;
            key = null;
        } else if (!accepts(read, key)) {
            piece.count.addNotSelected();
            return;
        } else if (delivery != null) {
            piece.count.addWanted();
        } else if (profile != null) {
            piece.count.addProfile();
        } else if (order != null) {
            piece.count.addOrder();
        } else {
            piece.count.addTimeOnly();
        }
        piece.deliveries.add(new PastDelivery(
                source, record.offset(), record.timestamp(), key, delivery, profile, order, record.value()));
    }

    private boolean accepts(HandoverRecord read, @Nullable String key) {
        if (read instanceof Delivery delivery) {
            return key == null || filter.accepts(delivery, key);
        }
        return read instanceof ClockTick || filter.acceptsConversation(key);
    }

    /** Returns the conversation of a record as streams-app sees it; null if it has none. */
    private static @Nullable String key(ConsumerRecord<byte[], byte[]> record, HandoverRecord read) {
        if (read instanceof Delivery delivery) {
            return record.key() != null ? new String(record.key(), StandardCharsets.UTF_8) : delivery.key();
        }
        if (read instanceof AgentProfile profile) {
            return profile.conversationId();
        }
        return read instanceof OperatorOrder order ? order.conversationId() : null;
    }
}
