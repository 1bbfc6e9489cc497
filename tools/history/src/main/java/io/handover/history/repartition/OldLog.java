package io.handover.history.repartition;

import io.handover.schema.Delivery;
import io.handover.schema.HandoverRecord;
import io.handover.schema.HandoverSerdes;
import io.handover.schema.KeyPartition;
import io.handover.schema.RecordKind;
import io.handover.schema.UnreadableRecordException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/**
 * The old topic as the application sees it.
 *
 * @param partitions the number of partitions of the application's state; the topic can have more if it has grown
 * @param decided the offset that the application has committed, by partition
 */
record OldLog(String topic, int partitions, Map<Integer, Long> decided) {

    private static final Deserializer<HandoverRecord> RECORDS = HandoverSerdes.recordDeserializer();

    OldLog {
        decided = Map.copyOf(decided);
    }

    /** Returns whether the application does not decide a record of this key in this partition. */
    boolean isMisplaced(int partition, byte[] key) {
        return partition >= partitions || KeyPartition.of(key, partitions) != partition;
    }

    /** Returns whether the application has decided a record of this key. */
    boolean isDecided(ConsumerRecord<byte[], byte[]> record, byte[] key) {
        return !isMisplaced(record.partition(), key)
                && record.offset() < decided.getOrDefault(record.partition(), CopyPosition.NONE);
    }

    /**
     * Returns the key to which a record belongs; null for a record that belongs to no conversation, such as a clock
     * tick. A delivery without a record key belongs to its conversation, as in streams-app.
     */
    static byte @Nullable [] key(ConsumerRecord<byte[], byte[]> record) {
        Header kind = record.headers().lastHeader(RecordKind.HEADER);
        if (kind != null
                && Arrays.equals(kind.value(), RecordKind.CLOCK_TICK.header().value())) {
            return null;
        }
        if (record.key() != null) {
            return record.key();
        }
        try {
            HandoverRecord read = RECORDS.deserialize(record.topic(), record.headers(), record.value());
            String key = read instanceof Delivery delivery ? delivery.key() : null;
            return key == null || key.isBlank() ? null : key.getBytes(StandardCharsets.UTF_8);
        } catch (UnreadableRecordException e) {
            return null;
        }
    }
}
