package io.handover.history.replay;

import io.handover.history.cluster.TransactionWriter;
import io.handover.history.sources.PastDelivery;
import io.handover.schema.RecordKind;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Writes deliveries to a topic, and commits the position of the replay with them. The position is an offset of
 * partition 0 of the topic.
 */
final class ReplayWriter implements AutoCloseable {

    private final TransactionWriter writer;
    private final TopicPartition first;
    private final @Nullable ReplayPosition position;

    /**
     * Connects to Kafka, and fences any other writer with the same name.
     *
     * @throws io.handover.terminal.CommandException if Kafka does not answer or rejects a request, or the group belongs
     *     to something else
     */
    ReplayWriter(Properties client, String name, String topic) {
        first = new TopicPartition(topic, 0);
        writer = new TransactionWriter(client, "replay", name, Set.of(first));
        try {
            OffsetAndMetadata offset = writer.positions().get(first);
            position = offset == null ? null : ReplayPosition.of(offset.offset(), offset.metadata());
        } catch (RuntimeException e) {
            writer.close();
            throw e;
        }
    }

    /**
     * Returns the position at the time when the writer connected; null if the replay had not begun, or Kafka had
     * deleted the position.
     */
    @Nullable
    ReplayPosition position() {
        return position;
    }

    void write(PastDelivery delivery) {
        RecordKind kind = delivery.order() != null
                ? RecordKind.OPERATOR_ORDER
                : delivery.profile() != null ? RecordKind.AGENT_PROFILE : RecordKind.DELIVERY;
        writer.write(
                delivery.source(),
                delivery.number(),
                new ProducerRecord<>(
                        first.topic(),
                        null,
                        delivery.time(),
                        String.valueOf(delivery.key()).getBytes(StandardCharsets.UTF_8),
                        delivery.json(),
                        List.of(kind.header())));
    }

    /** Returns whether the open transaction has reached the maximum number of deliveries or the maximum age. */
    boolean isCommitDue() {
        return writer.isCommitDue();
    }

    /**
     * Commits the written deliveries together with their position.
     *
     * @param reached the position after these deliveries
     */
    void commit(ReplayPosition reached) {
        writer.commit(Map.of(first, new OffsetAndMetadata(reached.published(), reached.metadata())));
    }

    /** Aborts the open transaction. Otherwise consumers would wait until Kafka times it out. */
    @Override
    public void close() {
        writer.close();
    }
}
