package io.handover.history.repartition;

import io.handover.conversation.fold.IdEncoding;
import io.handover.conversation.fold.StateStores;
import io.handover.history.cluster.TransactionWriter;
import io.handover.history.sources.TopicReader;
import io.handover.schema.KeyPartition;
import io.handover.terminal.CommandException;
import io.handover.terminal.Progress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Copies the changelog of a state store into the changelog of the new application: each entry into the partition of its
 * conversation. The records of a key stay in their order, so the last one is the state. A repeated copy ends with the
 * same state.
 *
 * @param writer the writer of the cut-over: a second cut-over fences it, so the state of two cannot be mixed
 * @param partitions the number of partitions of the old changelog
 * @param newPartitions the number of partitions of the new changelog
 */
record StateCopy(Properties client, TransactionWriter writer, int partitions, int newPartitions) {

    private static final long PIECE_BYTES = 256 * 1024;

    /** The first byte after the deadline in the key of an agent's timer. */
    private static final byte AGENT = (byte) 0xff;

    /**
     * Copies a changelog.
     *
     * @param from the old changelog; its application is stopped
     * @return the number of records that were left out because they were in a wrong partition
     * @throws CommandException if Kafka cannot be read or written
     */
    long run(String from, String to, Progress progress) {
        boolean beginsWithTime = from.endsWith('-' + StateStores.TIMERS + "-changelog")
                || from.endsWith('-' + StateStores.OPEN + "-changelog");
        long misplaced = 0;
        try (TopicReader reader = new TopicReader(client, TopicReader.Range.all(from, Map.of()), 0)) {
            for (TopicPartition partition : reader.partitions()) {
                List<ConsumerRecord<byte[], byte[]>> records = reader.take(partition, PIECE_BYTES);
                while (!records.isEmpty()) {
                    for (ConsumerRecord<byte[], byte[]> record : records) {
                        String id = beginsWithTime ? idAfterTime(from, record.key()) : id(from, record.key(), 0);
                        if (id == null) {
                            continue;
                        }
                        // Kafka Streams writes an entry to the partition of the events, not to that of its own key.
                        byte[] conversation = id.getBytes(StandardCharsets.UTF_8);
                        if (KeyPartition.of(conversation, partitions) != partition.partition()) {
                            misplaced++;
                            continue;
                        }
                        writer.write(
                                partition.toString(),
                                record.offset(),
                                new ProducerRecord<>(
                                        to,
                                        KeyPartition.of(conversation, newPartitions),
                                        record.timestamp(),
                                        record.key(),
                                        record.value(),
                                        record.headers()));
                        progress.advanced(1);
                        if (writer.isCommitDue()) {
                            writer.commit(Map.of());
                        }
                    }
                    records = reader.take(partition, PIECE_BYTES);
                }
            }
        }
        writer.commit(Map.of());
        return misplaced;
    }

    /**
     * Returns the conversation id in the key of a timer or of an open handover. Null for the stored bound of the timers,
     * which only saves time, and for the timer of an agent: the new application asks for the profiles again.
     */
    private static @Nullable String idAfterTime(String changelog, byte[] key) {
        return key.length <= Long.BYTES || key[Long.BYTES] == AGENT ? null : id(changelog, key, Long.BYTES);
    }

    private static String id(String changelog, byte[] key, int begin) {
        try {
            return IdEncoding.decode(key, begin);
        } catch (IllegalArgumentException e) {
            throw new CommandException(
                    changelog + " has a key that this release cannot read. Use the release of the old application.", e);
        }
    }
}
