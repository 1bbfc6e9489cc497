package io.handover.torture;

import io.handover.reference.Command;
import io.handover.schema.Topics;
import io.handover.torture.Finding.Defect;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * A consumer that reads the commands as a bot platform does. It measures the time from the decision of each command to
 * its arrival.
 */
final class CommandWatch implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(100);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Thread thread = new Thread(this::run, "command-watch");
    private final AtomicLong seen = new AtomicLong();
    private final Queue<Finding> early = new ConcurrentLinkedQueue<>();
    private final List<Long> latenesses = Collections.synchronizedList(new ArrayList<>());

    private CommandWatch(String bootstrapServers) {
        consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrapServers,
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        "read_committed",
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                        false),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        List<TopicPartition> partitions = consumer.partitionsFor(Topics.COMMANDS).stream()
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
    }

    /** Starts to read the commands. The topic must exist. */
    static CommandWatch start(String bootstrapServers) {
        CommandWatch watch = new CommandWatch(bootstrapServers);
        watch.thread.setDaemon(true);
        watch.thread.start();
        return watch;
    }

    private void run() {
        try (consumer) {
            while (true) {
                for (ConsumerRecord<byte[], byte[]> command : consumer.poll(POLL)) {
                    Command read = Command.read(command.value());
                    long lateness = System.currentTimeMillis() - read.decidedAt();
                    latenesses.add(lateness);
                    if (lateness < 0) {
                        early.add(new Finding(
                                Defect.EARLY,
                                "command " + read.id() + " arrived " + -lateness
                                        + " ms before its decision by the clock of the brokers"));
                    }
                    seen.incrementAndGet();
                }
            }
        } catch (WakeupException e) {
            // close() wakes the consumer up.
            return;
        }
    }

    /** The number of commands that were read so far. */
    long seen() {
        return seen.get();
    }

    /** Returns the time from decision to arrival of each command, in ms, in ascending order. */
    List<Long> latenesses() {
        synchronized (latenesses) {
            return latenesses.stream().sorted().toList();
        }
    }

    /**
     * Returns the commands that arrived before the time of their decision. This process has the clock of the brokers. So
     * a wrong clock of another process has moved the time of the log.
     */
    List<Finding> early() {
        return List.copyOf(early);
    }

    @Override
    public void close() {
        consumer.wakeup();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
