package io.handover.quickstart;

import io.handover.example.bot.Bot;
import io.handover.example.bot.BotConsumer;
import io.handover.schema.HandoverCommand;
import io.handover.schema.HandoverEnded;
import io.handover.schema.HandoverSerdes;
import io.handover.schema.Topics;
import io.handover.service.TopicNames;
import io.handover.terminal.CommandException;
import io.handover.terminal.StopSignal;
import java.io.PrintStream;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/** A bot that prints each command, one JSON document per line. The example of a consumer hands them over. */
final class CommandPrinter implements Bot, AutoCloseable {

    /** Not that of the example: a bot that is tried with the quickstart must get all commands, too. */
    static final String GROUP = "quickstart";

    /** A static member of the group: after {@code kill -9}, the next run does not wait for its session to expire. */
    private static final String INSTANCE = "quickstart";

    private final KafkaConsumer<String, byte[]> consumer;
    private final KafkaProducer<String, byte[]> producer;
    private final BotConsumer botConsumer;
    private final PrintStream out;
    private final StopSignal stop;
    private final Deserializer<HandoverCommand> deserializer =
            HandoverSerdes.commands().deserializer();
    private final Map<String, CompletableFuture<Void>> awaitedEnds = new ConcurrentHashMap<>();
    private final Thread thread;
    private volatile @Nullable Exception failure;

    private CommandPrinter(String bootstrapServers, TopicNames topics, PrintStream out, StopSignal stop) {
        this.out = out;
        this.stop = stop;
        Properties client = new Properties();
        client.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        Properties properties = BotConsumer.consumerProperties(client, INSTANCE);
        properties.put(ConsumerConfig.GROUP_ID_CONFIG, GROUP);
        consumer = new KafkaConsumer<>(properties, new StringDeserializer(), new ByteArrayDeserializer());
        producer = new KafkaProducer<>(client, new StringSerializer(), new ByteArraySerializer());
        botConsumer = new BotConsumer(consumer, producer, topics.deadLetters(), this);
        thread = new Thread(() -> run(topics.commands()), "command-printer");
    }

    /** Starts a printer. It goes on where the printer of an earlier run has stopped. */
    static CommandPrinter start(String bootstrapServers, TopicNames topics, PrintStream out, StopSignal stop) {
        CommandPrinter printer = new CommandPrinter(bootstrapServers, topics, out, stop);
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

    /**
     * Checks that the printer has not failed.
     *
     * @throws CommandException if the printer failed
     */
    void requireRunning() {
        Exception reason = failure;
        if (reason != null) {
            throw new CommandException("Reading the commands failed: " + reason.getMessage(), reason);
        }
    }

    @Override
    public void close() {
        botConsumer.stop();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run(String topic) {
        try (consumer;
                producer) {
            botConsumer.run(topic);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            failure = e;
        }
    }

    @Override
    public Answer handOver(String id, String type, byte[] command) {
        out.write(command, 0, command.length);
        out.write('\n');
        out.flush();
        // Standard output cannot be written any longer, for example because the reader of the pipe ended.
        if (out.checkError()) {
            stop.request();
        }
        if (!awaitedEnds.isEmpty()
                && deserializer.deserialize(Topics.COMMANDS, command) instanceof HandoverEnded ended) {
            CompletableFuture<Void> awaited = awaitedEnds.remove(ended.conversationId());
            if (awaited != null) {
                awaited.complete(null);
            }
        }
        return Answer.ACCEPTED;
    }
}
