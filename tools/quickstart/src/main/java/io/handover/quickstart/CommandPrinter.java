package io.handover.quickstart;

import io.handover.schema.HandoverCommand;
import io.handover.schema.HandoverEnded;
import io.handover.schema.HandoverSerdes;
import io.handover.terminal.CommandException;
import io.handover.terminal.StopSignal;
import java.io.PrintStream;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/** Prints each command as soon as it is in the topic of the commands, one JSON document per line. */
final class CommandPrinter implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(200);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final List<TopicPartition> partitions;
    private final PrintStream out;
    private final StopSignal stop;
    private final Deserializer<HandoverCommand> deserializer =
            HandoverSerdes.commands().deserializer();
    private final Map<String, CompletableFuture<Void>> awaitedEnds = new ConcurrentHashMap<>();
    private final Thread thread = new Thread(this::run, "command-printer");
    private volatile Map<TopicPartition, Long> positions;
    private volatile @Nullable RuntimeException failure;

    private CommandPrinter(String bootstrapServers, String topic, PrintStream out, StopSignal stop) {
        this.out = out;
        this.stop = stop;
        this.consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrapServers,
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        "read_committed",
                        // A consumer without a group cannot commit offsets.
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                        false),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        this.partitions = consumer.partitionsFor(topic).stream()
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToEnd(partitions);
        // seekToEnd() is lazy. Reading the positions makes it happen now. A later seek would skip the first commands.
        this.positions = currentPositions();
    }

    /**
     * Starts a printer. It prints every command that is written after this method returns.
     *
     * @param topic the topic of the commands
     */
    static CommandPrinter start(String bootstrapServers, String topic, PrintStream out, StopSignal stop) {
        CommandPrinter printer = new CommandPrinter(bootstrapServers, topic, out, stop);
        printer.thread.start();
        return printer;
    }

    /**
     * Returns a future that completes when the next end of a handover of this conversation is printed. Call this before
     * the end can be printed, because an end that is already printed does not complete the future.
     */
    CompletableFuture<Void> ended(String conversationId) {
        return awaitedEnds.computeIfAbsent(conversationId, ignored -> new CompletableFuture<>());
    }

    /** Returns the partitions of the topic of the commands. */
    List<TopicPartition> partitions() {
        return partitions;
    }

    /**
     * Checks that the printer has not failed.
     *
     * @throws CommandException if the printer failed
     */
    void requireRunning() {
        RuntimeException reason = failure;
        if (reason != null) {
            throw new CommandException("Reading the commands failed: " + reason.getMessage(), reason);
        }
    }

    /**
     * Returns whether every command before these end offsets is printed.
     *
     * @throws CommandException if the printer failed
     */
    boolean hasRead(Map<TopicPartition, Long> ends) {
        requireRunning();
        Map<TopicPartition, Long> read = positions;
        return ends.entrySet().stream().allMatch(end -> read.getOrDefault(end.getKey(), 0L) >= end.getValue());
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

    private void run() {
        try (consumer) {
            while (true) {
                for (ConsumerRecord<byte[], byte[]> command : consumer.poll(POLL)) {
                    print(command);
                }
                out.flush();
                positions = currentPositions();
                // Standard output cannot be written any longer, for example because the reader of the pipe ended.
                if (out.checkError()) {
                    stop.request();
                }
            }
        } catch (WakeupException e) {
            // close() woke up the consumer.
            return;
        } catch (RuntimeException e) {
            failure = e;
        }
    }

    private void print(ConsumerRecord<byte[], byte[]> command) {
        out.write(command.value(), 0, command.value().length);
        out.write('\n');
        if (!awaitedEnds.isEmpty()
                && deserializer.deserialize(command.topic(), command.value()) instanceof HandoverEnded ended) {
            CompletableFuture<Void> awaited = awaitedEnds.remove(ended.conversationId());
            if (awaited != null) {
                awaited.complete(null);
            }
        }
    }

    private Map<TopicPartition, Long> currentPositions() {
        Map<TopicPartition, Long> current = new HashMap<>();
        partitions.forEach(partition -> current.put(partition, consumer.position(partition)));
        return Map.copyOf(current);
    }
}
