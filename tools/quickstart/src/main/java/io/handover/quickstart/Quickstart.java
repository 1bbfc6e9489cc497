package io.handover.quickstart;

import io.handover.embeddedkafka.EmbeddedKafka;
import io.handover.embeddedkafka.FreePorts;
import io.handover.ingress.IngressBridge;
import io.handover.schema.Topics;
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
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The whole product in this JVM: broker, bridge and streams app, with a printer of the commands. */
final class Quickstart implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Quickstart.class);

    private static final String ENDPOINT_PATH = "/handover/genesysCloudOM";
    private static final Duration READY_WITHIN = Duration.ofMinutes(2);
    private static final Duration DRAINED_WITHIN = Duration.ofSeconds(10);
    private static final Duration LOOK_EVERY = Duration.ofMillis(50);

    /** What runs, the latest first: the order in which to stop. */
    private final Deque<AutoCloseable> running = new ArrayDeque<>();

    private final EmbeddedKafka kafka;
    private final Admin admin;
    private final IngressBridge bridge;
    private final StreamsApp streams;
    private final CommandPrinter commands;
    private final List<TopicPartition> events;
    private final String streamsGroup;
    private final AtomicReference<Throwable> fatal = new AtomicReference<>();

    private Quickstart(QuickstartOptions options, Path folder, PrintStream out, StopSignal stop) {
        try {
            kafka = opened(EmbeddedKafka.start(folder.resolve("kafka"), options.kafkaPort));
            QuickstartSettings settings =
                    QuickstartSettings.of(options, kafka.bootstrapServers(), folder.resolve("streams"));
            streamsGroup = settings.streamsGroup();
            admin = opened(
                    Admin.create(Map.of(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrapServers())));
            forgetMembersOfEarlierRuns();
            bridge = IngressBridge.start(settings.bridge());
            opened(bridge);
            events = partitionsOf(Topics.EVENTS);
            // The bridge has made the topics. What the streams app finds due at its start is printed too.
            commands = opened(CommandPrinter.start(kafka.bootstrapServers(), out, stop));
            running.push(this::drain);
            streams = opened(StreamsApp.start(settings.streams(), fatal::set));
            // Closed before the streams app, so that what it took in is still worked off.
            running.remove(bridge);
            running.push(bridge);
            awaitReady("ingress bridge", bridge::ready, stop);
            awaitReady("streams app", streams::ready, stop);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /**
     * Starts everything, and returns when it is ready, or when {@code stop} was asked for.
     *
     * @param folder where the data live
     * @param out where the commands are printed
     */
    static Quickstart start(QuickstartOptions options, Path folder, PrintStream out, StopSignal stop) {
        return new Quickstart(options, folder, out, stop);
    }

    /**
     * An application that was killed is still a member of its group: with the data of such a run, the new one would
     * wait until the session of the old one has expired, which takes 45 s.
     */
    private void forgetMembersOfEarlierRuns() {
        try {
            KafkaCalls.await(
                    admin.removeMembersFromConsumerGroup(streamsGroup, new RemoveMembersFromConsumerGroupOptions())
                            .all(),
                    "remove the members of the group " + streamsGroup);
        } catch (CommandException | KafkaException e) {
            LOG.debug("No members of an earlier run", e);
        }
    }

    private <T extends AutoCloseable> T opened(T resource) {
        running.push(resource);
        return resource;
    }

    private void awaitReady(String what, BooleanSupplier ready, StopSignal stop) {
        long deadline = System.nanoTime() + READY_WITHIN.toNanos();
        while (!ready.getAsBoolean() && !stop.await(LOOK_EVERY)) {
            requireRunning();
            if (System.nanoTime() > deadline) {
                throw new CommandException(
                        "The " + what + " was not ready within " + READY_WITHIN.toSeconds() + " seconds.");
            }
        }
    }

    /** Where deliveries are posted. */
    URI endpoint() {
        return URI.create("http://" + FreePorts.HOST + ":" + bridge.port() + ENDPOINT_PATH);
    }

    /** What Kafka clients connect to. */
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
     * Checks that everything still works.
     *
     * @throws CommandException if it does not
     */
    void requireRunning() {
        Throwable reason = fatal.get();
        if (reason != null) {
            throw new CommandException("The streams app had to stop: " + reason.getMessage(), reason);
        }
        commands.requireRunning();
    }

    /** How many conversations wait for the deadline that decides their end. */
    long held() {
        return streams.held();
    }

    /**
     * Whether all that was stored has had its effect, and every command is printed.
     *
     * <p>The order of the questions matters. Offsets are committed together with the commands that they led to: when
     * they have reached the end of the events, no command of these events is still on its way, while a count of
     * records processed gets there before the commands do. Only then does nothing held mean that nothing will come;
     * and as the last deadline may have fired in between, with a record not yet committed, the first question is
     * asked again.
     */
    boolean settled() {
        requireRunning();
        return workedOff() && streams.held() == 0 && workedOff() && commands.hasRead(endOfCommands());
    }

    private boolean workedOff() {
        Map<TopicPartition, Long> ends = offsets(events, OffsetSpec.latest(), IsolationLevel.READ_UNCOMMITTED);
        Map<TopicPartition, Long> starts = offsets(events, OffsetSpec.earliest(), IsolationLevel.READ_UNCOMMITTED);
        Map<TopicPartition, OffsetAndMetadata> committed = KafkaCalls.await(
                admin.listConsumerGroupOffsets(streamsGroup, new ListConsumerGroupOffsetsOptions().requireStable(true))
                        .partitionsToOffsetAndMetadata(),
                "list the offsets of the group " + streamsGroup);
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

    private Map<TopicPartition, Long> endOfCommands() {
        return offsets(commands.partitions(), OffsetSpec.latest(), IsolationLevel.READ_COMMITTED);
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

    /** Prints what the streams app has still committed while it stopped. */
    private void drain() throws InterruptedException {
        Map<TopicPartition, Long> ends = endOfCommands();
        long deadline = System.nanoTime() + DRAINED_WITHIN.toNanos();
        while (!commands.hasRead(ends) && System.nanoTime() < deadline) {
            TimeUnit.MILLISECONDS.sleep(LOOK_EVERY.toMillis());
        }
    }

    /** Stops everything: first what takes in, last what keeps. */
    @Override
    public void close() {
        while (!running.isEmpty()) {
            AutoCloseable next = running.pop();
            try {
                next.close();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (Exception e) {
                // the others shall stop all the same
                LOG.warn("Stopping {} failed", next.getClass().getSimpleName(), e);
            }
        }
    }
}
