package io.handover.streams;

import io.handover.schema.AgentProfile;
import io.handover.schema.HandoverSerdes;
import io.handover.schema.KeyPartition;
import io.handover.schema.OperatorOrder;
import io.handover.service.Settings;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/**
 * Writes the orders of operators to the events, and waits until all in-sync replicas have them. The producer is created at
 * the first order, and replaced after an error. The methods block, so they are called on a worker.
 */
final class OrderWriter implements AutoCloseable {

    private static final String CLIENT_ID = "handover-streams-app-orders";
    private static final int REQUEST_TIMEOUT_MS = 2_000;
    private static final int DELIVERY_TIMEOUT_MS = 3_500;
    private static final int MAX_BLOCK_MS = 1_500;
    private static final long ANSWER_TIMEOUT_MS = 5_000;

    private final Map<String, Object> config;
    private final String topic;
    private boolean isClosed;
    private @Nullable KafkaProducer<String, byte[]> producer;

    OrderWriter(Settings settings, String topic) {
        this.topic = topic;
        config = new HashMap<>(settings.kafka());
        config.keySet().retainAll(ProducerConfig.configNames());
        config.keySet()
                .removeAll(List.of(ProducerConfig.TRANSACTIONAL_ID_CONFIG, ProducerConfig.PARTITIONER_CLASS_CONFIG));
        config.put(ProducerConfig.CLIENT_ID_CONFIG, CLIENT_ID);
        config.put(ProducerConfig.ACKS_CONFIG, "all");
        config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        config.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        config.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, REQUEST_TIMEOUT_MS);
        config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, DELIVERY_TIMEOUT_MS);
        config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, MAX_BLOCK_MS);
    }

    /**
     * Writes an order to the partition of its conversation, and returns where it is.
     *
     * @param partitions the number of partitions of the events
     * @throws RequestException if Kafka did not acknowledge it in time
     */
    RecordMetadata write(OperatorOrder order, int partitions) {
        RecordHeaders headers = new RecordHeaders();
        byte[] value = HandoverSerdes.operatorOrderSerializer().serialize(topic, headers, order);
        int partition = KeyPartition.of(order.conversationId().getBytes(StandardCharsets.UTF_8), partitions);
        return write(List.of(new ProducerRecord<>(topic, partition, null, order.conversationId(), value, headers)))
                .get(0);
    }

    /** Makes every partition forget an agent. The parameter and the error are as in {@link #write}. */
    void forget(String agentId, int partitions) {
        AgentProfile unknown = new AgentProfile(null, agentId, null, null);
        List<ProducerRecord<String, byte[]>> records = new ArrayList<>();
        for (int partition = 0; partition < partitions; partition++) {
            RecordHeaders headers = new RecordHeaders();
            byte[] value = HandoverSerdes.agentProfileSerializer().serialize(topic, headers, unknown);
            records.add(new ProducerRecord<>(topic, partition, null, null, value, headers));
        }
        write(records);
    }

    private List<RecordMetadata> write(List<ProducerRecord<String, byte[]>> records) {
        KafkaProducer<String, byte[]> current = producer();
        try {
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            for (ProducerRecord<String, byte[]> unsent : records) {
                Future<RecordMetadata> sending = current.send(unsent);
                if (sending.isDone()) {
                    // It has failed after max.block.ms, and the others would wait as long.
                    sending.get();
                }
                sent.add(sending);
            }
            List<RecordMetadata> stored = new ArrayList<>();
            for (Future<RecordMetadata> each : sent) {
                stored.add(each.get(ANSWER_TIMEOUT_MS, TimeUnit.MILLISECONDS));
            }
            return stored;
        } catch (ExecutionException | TimeoutException | KafkaException | IllegalStateException e) {
            if (!(cause(e) instanceof RetriableException)) {
                // After such an error, an idempotent producer may reject every later record. After others, it must
                // stay: a
                // new one would have to connect again.
                replace(current);
            }
            throw unacknowledged(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw stopping();
        }
    }

    private static RequestException unacknowledged(Exception e) {
        return new RequestException(
                RequestException.UNAVAILABLE,
                "Kafka did not acknowledge the order in time ("
                        + cause(e).getClass().getSimpleName()
                        + "), but may still store it: send it again with the same orderId.");
    }

    private static Throwable cause(Exception e) {
        return e instanceof ExecutionException && e.getCause() != null ? e.getCause() : e;
    }

    private synchronized KafkaProducer<String, byte[]> producer() {
        if (isClosed) {
            throw stopping();
        }
        KafkaProducer<String, byte[]> current = producer;
        if (current == null) {
            try {
                current = new KafkaProducer<>(config, new StringSerializer(), new ByteArraySerializer());
            } catch (KafkaException e) {
                // The name of a broker cannot be resolved, for example.
                throw unacknowledged(e);
            }
            producer = current;
        }
        return current;
    }

    private static RequestException stopping() {
        return new RequestException(
                RequestException.UNAVAILABLE, "This instance is stopping: send the order to another one.");
    }

    private synchronized void replace(KafkaProducer<String, byte[]> failed) {
        if (producer == failed) {
            producer = null;
        }
        failed.close(Duration.ZERO);
    }

    @Override
    public synchronized void close() {
        isClosed = true;
        KafkaProducer<String, byte[]> last = producer;
        producer = null;
        if (last != null) {
            Utils.closeQuietly(() -> last.close(Duration.ofMillis(ANSWER_TIMEOUT_MS)), CLIENT_ID);
        }
    }
}
