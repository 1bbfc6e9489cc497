package io.handover.history.repartition;

import io.handover.conversation.fold.IdEncoding;
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

/**
 * Copies the changelog of the states into the changelog of the new application: each state into the partition of its
 * conversation. The records of a key stay in their order, so the last one is the state. A repeated copy ends with the
 * same state.
 *
 * @param writer the writer of the cut-over: a second cut-over fences it, so the state of two cannot be mixed
 * @param partitions the number of partitions of the old changelog
 * @param newPartitions the number of partitions of the new changelog
 */
record StateCopy(Properties client, TransactionWriter writer, int partitions, int newPartitions) {

    private static final long PIECE_BYTES = 256 * 1024;

    /**
     * Copies a changelog.
     *
     * @param from the old changelog; its application is stopped
     * @return the number of records that were left out because they were in a wrong partition
     * @throws CommandException if Kafka cannot be read or written
     */
    long run(String from, String to, Progress progress) {
        long misplaced = 0;
        try (TopicReader reader = new TopicReader(client, TopicReader.Range.all(from, Map.of()), 0)) {
            for (TopicPartition partition : reader.partitions()) {
                List<ConsumerRecord<byte[], byte[]>> records = reader.take(partition, PIECE_BYTES);
                while (!records.isEmpty()) {
                    for (ConsumerRecord<byte[], byte[]> record : records) {
                        // Kafka Streams writes a state to the partition of its events, not to that of its encoded key.
                        byte[] conversation = id(from, record.key()).getBytes(StandardCharsets.UTF_8);
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

    private static String id(String changelog, byte[] key) {
        try {
            return IdEncoding.decode(key, 0);
        } catch (IllegalArgumentException e) {
            throw new CommandException(
                    changelog + " has a key that this release cannot read. Use the release of the old application.", e);
        }
    }
}
