package io.handover.history.repartition;

import io.handover.history.cluster.TransactionWriter;
import io.handover.schema.KeyPartition;
import io.handover.terminal.Progress;
import io.handover.terminal.StopSignal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.zip.CRC32C;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * Copies records of the old topic to the new one. Key, value and headers stay as they are. The time of a copy is the
 * time at which the record counted: the stream time of its old partition. So a decision about the copy does not depend
 * on the records that are now in other partitions, and on the clock ticks, which are not copied.
 */
final class EventCopy {

    private final TransactionWriter writer;
    private final String to;
    private final int partitions;
    private final OldLog old;
    private final StopSignal stop;
    private final Map<TopicPartition, CopyPosition> positions;
    private long copied;

    /** Which records a copy is about. */
    enum Part {
        /** The records that the application has decided. */
        DECIDED,
        /** The other records. */
        UNDECIDED
    }

    /**
     * @param partitions the number of partitions of the new topic
     * @param positions the position of each partition of the old topic that is copied
     */
    EventCopy(
            TransactionWriter writer,
            String to,
            int partitions,
            OldLog old,
            Map<TopicPartition, CopyPosition> positions,
            StopSignal stop) {
        this.writer = writer;
        this.to = to;
        this.partitions = partitions;
        this.old = old;
        this.positions = new HashMap<>(positions);
        this.stop = stop;
    }

    /**
     * Copies records, and commits them.
     *
     * @param isEnd whether the copy ends before this record
     * @return false if a stop was requested
     */
    boolean run(TimeOrder records, Part part, Predicate<TimeOrder.Entry> isEnd, Progress progress) {
        // Without a position, a repeated command would refuse what an aborted transaction leaves in the new topic.
        commit();
        boolean goesOn = true;
        while (goesOn) {
            TimeOrder.Entry entry = records.peek();
            goesOn = !stop.isRequested() && entry != null && !isEnd.test(entry);
            if (goesOn && entry != null) {
                records.advance();
                copy(entry, part);
                progress.advanced(1);
                if (writer.isCommitDue()) {
                    commit();
                }
            }
        }
        commit();
        return !stop.isRequested();
    }

    private void copy(TimeOrder.Entry entry, Part part) {
        ConsumerRecord<byte[], byte[]> record = entry.record();
        TopicPartition partition = new TopicPartition(record.topic(), record.partition());
        CopyPosition position = Objects.requireNonNull(positions.get(partition), "position");
        byte[] key = OldLog.key(record);
        if (key == null) {
            positions.put(partition, position.passed(record.offset(), entry.time()));
        } else if (old.isDecided(record, key) == (part == Part.DECIDED)) {
            writer.write(
                    partition.toString(),
                    record.offset(),
                    new ProducerRecord<>(
                            to,
                            KeyPartition.of(key, partitions),
                            entry.time(),
                            record.key(),
                            record.value(),
                            record.headers()));
            copied++;
            positions.put(partition, position.copied(record.offset(), entry.time(), checksum(record, entry.time())));
        } else if (part == Part.DECIDED) {
            positions.put(partition, position.skipped(record.offset(), entry.time()));
        } else {
            positions.put(partition, position.passed(record.offset(), entry.time()));
        }
    }

    /** Commits the positions, with the records that were written since the last commit. */
    private void commit() {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        positions.forEach((partition, position) -> offsets.put(partition, position.encode()));
        writer.commit(offsets);
    }

    /** Returns the checksum of a record and its time. The sum over all records does not depend on their order. */
    static long checksum(ConsumerRecord<byte[], byte[]> record, long time) {
        CRC32C checksum = new CRC32C();
        add(checksum, record.key());
        add(checksum, record.value());
        for (Header header : record.headers()) {
            add(checksum, header.key().getBytes(StandardCharsets.UTF_8));
            add(checksum, header.value());
        }
        checksum.update(ByteBuffer.allocate(Long.BYTES).putLong(0, time));
        return checksum.getValue();
    }

    private static void add(CRC32C checksum, byte @Nullable [] bytes) {
        checksum.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, bytes == null ? -1 : bytes.length));
        if (bytes != null) {
            checksum.update(bytes);
        }
    }

    /** Returns the number of records that this run has copied. */
    long copied() {
        return copied;
    }
}
