package io.handover.quickstart;

import io.handover.embeddedkafka.EmbeddedKafka;
import io.handover.embeddedkafka.FreePorts;
import io.handover.ingress.IngressBridge;
import io.handover.schema.AgentLookup;
import io.handover.schema.HandoverSerdes;
import io.handover.service.TopicNames;
import io.handover.streams.StreamsApp;
import io.handover.terminal.CommandException;
import io.handover.terminal.KafkaCalls;
import io.handover.terminal.StopSignal;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringSerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs a Kafka broker, the ingress bridge, streams-app and a {@link CommandPrinter} in this JVM. */
final class Quickstart implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Quickstart.class);

    private static final String ENDPOINT_PATH = "/handover/genesysCloudOM";
    private static final Duration READY_WITHIN = Duration.ofMinutes(2);
    private static final Duration DRAINED_WITHIN = Duration.ofSeconds(10);
    private static final Duration LOOKED_UP_WITHIN = Duration.ofSeconds(10);
    private static final Duration LOOK_EVERY = Duration.ofMillis(50);

    /** The running parts, in the order in which they are stopped. */
    private final Deque<AutoCloseable> running = new ArrayDeque<>();

    private final EmbeddedKafka kafka;
    private final Admin admin;
    private final IngressBridge bridge;
    private final StreamsApp streams;
    private final CommandPrinter commands;
    private final TopicNames topics;
    private final List<TopicPartition> events;
    private final String streamsGroup;
    private final String directoryGroup;
    private final StopSignal stop;
    private final AtomicReference<Throwable> fatal = new AtomicReference<>();

    private Quickstart(
            QuickstartOptions options, Map<String, String> genesys, Path folder, PrintStream out, StopSignal stop) {
        this.stop = stop;
        try {
            kafka = opened(EmbeddedKafka.start(folder.resolve("kafka"), options.kafkaPort));
            QuickstartSettings settings =
                    QuickstartSettings.of(options, kafka.bootstrapServers(), genesys, folder.resolve("streams"));
            topics = settings.topics();
            streamsGroup = settings.streamsGroup();
            directoryGroup = settings.directoryGroup();
            admin = opened(
                    Admin.create(Map.of(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrapServers())));
            removeMembersOfEarlierRuns();
            bridge = IngressBridge.start(settings.bridge());
            opened(bridge);
            events = partitionsOf(topics.events());
            // The printer needs the topics, which the bridge has created.
            commands = opened(CommandPrinter.start(kafka.bootstrapServers(), topics, out, stop));
            running.push(this::drain);
            streams = opened(StreamsApp.start(settings.streams(), fatal::set));
            // The bridge must stop first. Otherwise, it could store deliveries that streams-app no longer processes.
            running.remove(bridge);
            running.push(bridge);
            awaitReady("ingress bridge", bridge::ready, stop);
            awaitReady("streams-app", streams::ready, stop);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /**
     * Starts all parts. Returns when they are ready, or when {@code stop} is requested.
     *
     * @param genesys the settings of the agent directory; empty for none
     * @param folder the folder for the data of the broker and of streams-app
     * @param out the stream on which the commands are printed
     * @throws CommandException if a part is not ready in time, or fails
     */
    static Quickstart start(
            QuickstartOptions options, Map<String, String> genesys, Path folder, PrintStream out, StopSignal stop) {
        return new Quickstart(options, genesys, folder, out, stop);
    }

    /**
     * Removes the members of an earlier run from the consumer group. If that run was killed, and {@code folder}
     * contains its data, its members are still in the group. Without their removal, streams-app would wait until their
     * sessions expire.
     */
    private void removeMembersOfEarlierRuns() {
        try {
            KafkaCalls.await(
                    admin.removeMembersFromConsumerGroup(streamsGroup, new RemoveMembersFromConsumerGroupOptions())
                            .all(),
                    "remove the members of the group " + streamsGroup);
        } catch (CommandException | KafkaException e) {
            LOG.atDebug().setCause(e).log("Members of earlier runs were not removed");
        }
    }

    private <T extends AutoCloseable> T opened(T resource) {
        running.push(resource);
        return resource;
    }

    private void awaitReady(String process, BooleanSupplier ready, StopSignal stop) {
        long deadline = System.nanoTime() + READY_WITHIN.toNanos();
        while (!ready.getAsBoolean() && !stop.await(LOOK_EVERY)) {
            requireRunning();
            if (System.nanoTime() > deadline) {
                throw new CommandException(
                        "The " + process + " was not ready within " + READY_WITHIN.toSeconds() + " seconds.");
            }
        }
    }

    /** Returns the URL to which deliveries are posted. */
    URI endpoint() {
        return URI.create("http://" + FreePorts.HOST + ":" + bridge.port() + ENDPOINT_PATH);
    }

    /** Returns the {@code bootstrap.servers} for Kafka clients. */
    String bootstrapServers() {
        return kafka.bootstrapServers();
    }

    int bridgeManagementPort() {
        return bridge.managementPort();
    }

    int streamsManagementPort() {
        return streams.managementPort();
    }

    CommandPrinter commands() {
        return commands;
    }

    /**
     * Checks that streams-app and the printer have not failed.
     *
     * @throws CommandException if one of them failed
     */
    void requireRunning() {
        Throwable reason = fatal.get();
        if (reason != null) {
            throw new CommandException("streams-app failed and stopped: " + reason.getMessage(), reason);
        }
        commands.requireRunning();
    }

    /**
     * Asks the agent directory for agents before they are announced, as if they had served in the same partitions before.
     * So already their first announcement has a name. Returns when all lookups are done, so that all profiles are in the
     * log, or after 10 s.
     */
    void lookUp(List<AgentLookup> lookups) {
        try (KafkaProducer<String, AgentLookup> producer = new KafkaProducer<>(
                Map.of(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrapServers()),
                new StringSerializer(),
                HandoverSerdes.agentLookups().serializer())) {
            lookups.forEach(lookup -> {
                Future<RecordMetadata> unused =
                        producer.send(new ProducerRecord<>(topics.agentLookups(), lookup.agentId(), lookup));
            });
        }
        long deadline = System.nanoTime() + LOOKED_UP_WITHIN.toNanos();
        List<TopicPartition> partitions = partitionsOf(topics.agentLookups());
        while (!hasRead(directoryGroup, partitions, IsolationLevel.READ_UNCOMMITTED)
                && System.nanoTime() < deadline
                && !stop.await(LOOK_EVERY)) {
            requireRunning();
        }
    }

    /** Returns the number of conversations with a held end. */
    long held() {
        return streams.held();
    }

    /**
     * Returns whether every stored delivery is processed, no end is held, and every command is printed.
     *
     * <p>The order of the checks matters. The offsets of streams-app are committed in the same transaction as its
     * commands. If the committed offsets have reached the end of the events, all commands of these events are written.
     * A counter of processed records would reach the end too early. After that check, no command can follow if no end
     * is held. But the last deadline can fire between these two checks, with a record whose offset is not committed
     * yet. So the offsets are checked again. Only then is it certain which commands must be printed.
     */
    boolean settled() {
        requireRunning();
        return isProcessed() && streams.held() == 0 && isProcessed() && isPrinted();
    }

    /** Whether every command is printed. The end of an open transaction does not count. */
    private boolean isPrinted() {
        requireRunning();
        return hasRead(CommandPrinter.GROUP, partitionsOf(topics.commands()), IsolationLevel.READ_COMMITTED);
    }

    private boolean isProcessed() {
        return hasRead(streamsGroup, events, IsolationLevel.READ_UNCOMMITTED);
    }

    /** Whether the committed offsets of a group have reached the ends of the partitions. */
    private boolean hasRead(String group, List<TopicPartition> partitions, IsolationLevel isolation) {
        Map<TopicPartition, Long> ends = offsets(partitions, OffsetSpec.latest(), isolation);
        Map<TopicPartition, Long> starts = offsets(partitions, OffsetSpec.earliest(), IsolationLevel.READ_UNCOMMITTED);
        Map<TopicPartition, OffsetAndMetadata> committed = KafkaCalls.await(
                admin.listConsumerGroupOffsets(group, new ListConsumerGroupOffsetsOptions().requireStable(true))
                        .partitionsToOffsetAndMetadata(),
                "list the offsets of the group " + group);
        return ends.entrySet().stream().allMatch(end -> {
            OffsetAndMetadata reached = committed.get(end.getKey());
            long done = reached == null ? starts.getOrDefault(end.getKey(), 0L) : reached.offset();
            return done >= end.getValue();
        });
    }

    private List<TopicPartition> partitionsOf(String topic) {
        return KafkaCalls.await(admin.describeTopics(List.of(topic)).allTopicNames(), "describe the topic " + topic)
                .values()
                .stream()
                .flatMap(description -> description.partitions().stream())
                .map(partition -> new TopicPartition(topic, partition.partition()))
                .toList();
    }

    private Map<TopicPartition, Long> offsets(
            List<TopicPartition> partitions, OffsetSpec which, IsolationLevel isolation) {
        Map<TopicPartition, OffsetSpec> questions = new HashMap<>();
        partitions.forEach(partition -> questions.put(partition, which));
        Map<TopicPartition, Long> offsets = new HashMap<>();
        KafkaCalls.await(
                        admin.listOffsets(questions, new ListOffsetsOptions(isolation))
                                .all(),
                        "list offsets")
                .forEach((partition, answer) -> offsets.put(partition, answer.offset()));
        return offsets;
    }

    /** Waits at most 10 s until the last commands are printed. They are committed while streams-app stops. */
    private void drain() throws InterruptedException {
        long deadline = System.nanoTime() + DRAINED_WITHIN.toNanos();
        while (!isPrinted() && System.nanoTime() < deadline) {
            TimeUnit.MILLISECONDS.sleep(LOOK_EVERY.toMillis());
        }
    }

    /** Stops all parts: the bridge first, the broker last. */
    @Override
    public void close() {
        while (!running.isEmpty()) {
            AutoCloseable next = running.pop();
            try {
                next.close();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (Exception e) {
                // One failure must not prevent the other parts from being stopped.
                LOG.atWarn()
                        .setCause(e)
                        .addKeyValue("part", next.getClass().getSimpleName())
                        .log("Stopping failed");
            }
        }
    }
}
