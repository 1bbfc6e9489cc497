package io.handover.benchmark;

import io.handover.embeddedkafka.FreePorts;
import io.handover.schema.Topics;
import io.handover.terminal.CommandException;
import io.handover.terminal.KafkaCalls;
import io.handover.terminal.StopSignal;
import io.handover.traffic.GenesysEvent;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.LogDirDescription;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** The broker of a run, in a process of its own, with the topic of the events. */
final class MeasuredKafka implements AutoCloseable {

    /** The environment variable of options for the memory outside the Java heap. */
    static final String MALLOC = "GLIBC_TUNABLES";

    /** The times of the log are those of the conversations, so that holds last as long as in production. */
    static final String BY_PRODUCER = "CreateTime";

    /** As in production. The bridge accepts nothing else. */
    static final String BY_BROKER = "LogAppendTime";

    private static final int PARTITIONS = 4;
    private static final Duration PAUSE = Duration.ofMillis(50);

    /** Longer than the pause of the broker between two compactions, and a compaction. */
    private static final Duration COMPACTION = Duration.ofSeconds(20);

    private static final Duration LONGEST = Duration.ofMinutes(60);

    private final int port = FreePorts.free();
    private final String address = FreePorts.HOST + ":" + port;
    private final StopSignal stop;
    private final MeasuredProcess process;
    private final Admin admin;

    private MeasuredKafka(Path folder, boolean compacts, StopSignal stop) {
        this.stop = stop;
        List<String> broker = List.of(
                ChildMain.BROKER, folder.resolve("kafka").toString(), "" + port, "" + FreePorts.free(), "" + compacts);
        process = MeasuredProcess.start("broker", List.of("-Xmx1g", "-Xms1g"), broker, Map.of(), folder);
        admin = Admin.create(Map.of("bootstrap.servers", address));
    }

    /**
     * Starts a broker that does not compact, so that all bytes of the changelogs are counted.
     *
     * @param folder the folder of its data and its log
     * @param dates who dates the events, {@link #BY_PRODUCER} or {@link #BY_BROKER}
     */
    static MeasuredKafka start(Path folder, String dates, StopSignal stop) {
        return start(new MeasuredKafka(folder, false, stop), dates);
    }

    /** Starts a broker that compacts the changelogs, as in production. */
    static MeasuredKafka startCompacting(Path folder, String dates, StopSignal stop) {
        return start(new MeasuredKafka(folder, true, stop), dates);
    }

    /** Creates the topic of the events and {@link StreamsProcess#OUT}. */
    private static MeasuredKafka start(MeasuredKafka kafka, String dates) {
        try {
            kafka.await(kafka::listens, "started", kafka.process);
            NewTopic events = new NewTopic(Topics.EVENTS, PARTITIONS, (short) 1)
                    .configs(Map.of(
                            TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, dates, TopicConfig.RETENTION_MS_CONFIG, "-1"));
            NewTopic out = new NewTopic(StreamsProcess.OUT, PARTITIONS, (short) 1);
            KafkaCalls.await(kafka.admin.createTopics(List.of(events, out)).all(), "create the topics");
            return kafka;
        } catch (RuntimeException e) {
            kafka.close();
            throw e;
        }
    }

    /** On a busy machine, a broker can need longer to start than a call waits for its answer. */
    private boolean listens() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    String address() {
        return address;
    }

    /** The CPU time that the broker has used. */
    Duration cpu() {
        return process.cpu();
    }

    /**
     * The settings of a process, by environment variable.
     *
     * @param group its consumer group
     */
    Map<String, String> environment(String group) {
        return new HashMap<>(Map.of(
                "HANDOVER_KAFKA_BOOTSTRAP_SERVERS",
                address,
                "HANDOVER_APPLICATION_ID",
                group,
                "HANDOVER_TOPICS_CREATE",
                "true",
                "HANDOVER_TOPICS_PARTITIONS",
                "" + PARTITIONS,
                "HANDOVER_TOPICS_REPLICATION_FACTOR",
                "1",
                "HANDOVER_MANAGEMENT_PORT",
                "" + FreePorts.free()));
    }

    /** The same of a process with state stores, and what {@code bin/handover} and the image set for it. */
    Map<String, String> environment(String group, Path state) {
        Map<String, String> environment = environment(group);
        environment.put("HANDOVER_STATE_DIR", state.toString());
        environment.put(MALLOC, "glibc.malloc.hugetlb=1");
        return environment;
    }

    /**
     * Writes deliveries, dated as their events.
     *
     * @param seed makes the ids of the deliveries
     * @param first the number of the first delivery
     */
    void write(int records, long seed, long first, Supplier<GenesysEvent> events) {
        Map<String, Object> producer = Map.of("bootstrap.servers", address, "linger.ms", 20, "batch.size", 262_144);
        AtomicReference<Exception> refused = new AtomicReference<>();
        try (KafkaProducer<String, byte[]> kafka =
                new KafkaProducer<>(producer, new StringSerializer(), new ByteArraySerializer())) {
            for (int i = 0; i < records; i++) {
                GenesysEvent event = events.get();
                String eventId = UUID.nameUUIDFromBytes((seed + "-" + (first + i)).getBytes(StandardCharsets.UTF_8))
                        .toString();
                byte[] envelope = event.envelope(eventId, null);
                Future<?> unused = kafka.send(
                        new ProducerRecord<>(Topics.EVENTS, null, event.time(), event.conversationId(), envelope),
                        (metadata, failure) -> refused.compareAndSet(null, failure));
                if (stop.isRequested()) {
                    throw new CommandException("Stopped.");
                }
            }
        }
        Exception failure = refused.get();
        if (failure != null) {
            throw new CommandException("Kafka did not take the deliveries: " + failure.getMessage(), failure);
        }
    }

    /** The number of deliveries that a contender has committed. */
    long read(String group) {
        Map<?, OffsetAndMetadata> offsets = KafkaCalls.await(
                admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata(), "return the offsets");
        return offsets.values().stream()
                .mapToLong(offset -> offset == null ? 0 : offset.offset())
                .sum();
    }

    void awaitRead(long records, String group, MeasuredProcess contender) {
        await(() -> read(group) >= records, "read the log", contender);
    }

    /**
     * Waits until a contender has done something.
     *
     * @param action in words that follow "has not"
     */
    void await(BooleanSupplier done, String action, MeasuredProcess contender) {
        long start = System.nanoTime();
        while (!done.getAsBoolean()) {
            contender.requireAlive();
            process.requireAlive();
            pause(PAUSE);
            if (System.nanoTime() - start > LONGEST.toNanos()) {
                throw new CommandException(
                        contender.name() + " has not " + action + " in " + LONGEST.toMinutes() + " minutes.");
            }
        }
    }

    /** @throws CommandException if the run was stopped meanwhile */
    void pause(Duration duration) {
        if (stop.await(duration)) {
            throw new CommandException("Stopped.");
        }
    }

    /** The size of all changelogs of a contender. */
    long changelogBytes(String group) {
        Map<Integer, Map<String, LogDirDescription>> nodes =
                KafkaCalls.await(admin.describeLogDirs(List.of(1)).allDescriptions(), "return the sizes of its logs");
        return nodes.values().stream()
                .flatMap(folders -> folders.values().stream())
                .flatMap(folder -> folder.replicaInfos().entrySet().stream())
                .filter(log -> log.getKey().topic().startsWith(group)
                        && log.getKey().topic().endsWith("-changelog"))
                .mapToLong(log -> log.getValue().size())
                .sum();
    }

    /** Waits until the broker has compacted what it compacts by itself: closed segments, every 15 seconds. */
    void awaitCompaction(String group) {
        long before;
        long now = changelogBytes(group);
        do {
            before = now;
            pause(COMPACTION);
            now = changelogBytes(group);
        } while (now < before);
    }

    void deleteChangelogs(String group) {
        List<String> own = KafkaCalls.await(admin.listTopics().names(), "list the topics").stream()
                .filter(topic -> topic.startsWith(group))
                .toList();
        KafkaCalls.await(admin.deleteTopics(own).all(), "delete the changelogs");
    }

    @Override
    public void close() {
        admin.close();
        process.close();
    }
}
