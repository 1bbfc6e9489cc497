package io.handover.benchmark;

import io.handover.embeddedkafka.FreePorts;
import io.handover.schema.Topics;
import io.handover.terminal.CommandException;
import io.handover.terminal.KafkaCalls;
import io.handover.terminal.StopSignal;
import io.handover.traffic.GenesysEvent;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.ToDoubleFunction;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.LogDirDescription;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Runs the contenders one after the other, round by round, over the same log. */
final class TopologyBenchmark {

    private static final int PARTITIONS = 4;
    private static final double CONVERSATIONS_PER_SECOND = 40;
    private static final Duration PAUSE = Duration.ofMillis(50);
    private static final Duration LONGEST = Duration.ofMinutes(20);
    private static final double MICROS_PER_SECOND = 1e6;

    private final Settings settings;
    private final Path folder;
    private final PrintStream err;
    private final StopSignal stop;

    /**
     * How a run is made.
     *
     * @param records the number of deliveries in the log
     * @param warmUp how many of them are read before the measurement begins
     * @param rounds how often each contender is measured
     * @param contenders who is measured
     * @param environment further settings of every contender, by environment variable
     */
    record Settings(
            int records,
            int warmUp,
            int rounds,
            long seed,
            Set<Contender> contenders,
            Map<String, String> environment) {}

    TopologyBenchmark(Settings settings, Path folder, PrintStream err, StopSignal stop) {
        this.settings = settings;
        this.folder = folder;
        this.err = err;
        this.stop = stop;
    }

    /**
     * Measures each contender.
     *
     * @throws CommandException if a process ends, or the run was stopped
     */
    Map<Contender, List<Figures>> run() {
        Map<Contender, List<Figures>> all = new EnumMap<>(Contender.class);
        int port = FreePorts.free();
        List<String> broker =
                List.of(ChildMain.BROKER, folder.resolve("kafka").toString(), "" + port, "" + FreePorts.free());
        try (MeasuredProcess kafka =
                        MeasuredProcess.start("broker", List.of("-Xmx1g", "-Xms1g"), broker, Map.of(), folder);
                Admin admin = Admin.create(Map.of("bootstrap.servers", FreePorts.HOST + ":" + port))) {
            createTopics(admin);
            preload(port, settings.records(), settings.seed(), err);
            for (int round = 1; round <= settings.rounds(); round++) {
                for (Contender contender : settings.contenders()) {
                    err.printf("round %d of %d: %s ...%n", round, settings.rounds(), contender.label());
                    all.computeIfAbsent(contender, key -> new ArrayList<>())
                            .add(measure(contender, round, port, kafka, admin));
                }
            }
        }
        return all;
    }

    /** Creates the topic of the deliveries, and the topic of those that write others. */
    static void createTopics(Admin admin) {
        // The times of the log are those of the conversations, so that holds last as long as in production.
        NewTopic events = new NewTopic(Topics.EVENTS, PARTITIONS, (short) 1)
                .configs(Map.of(
                        TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG,
                        "CreateTime",
                        TopicConfig.RETENTION_MS_CONFIG,
                        "-1"));
        NewTopic out = new NewTopic(StreamsProcess.OUT, PARTITIONS, (short) 1);
        KafkaCalls.await(admin.createTopics(List.of(events, out)).all(), "create the topics");
    }

    /** Writes the log. The same seed gives the same log. */
    static void preload(int port, int records, long seed, PrintStream err) {
        err.printf("writing %,d deliveries ...%n", records);
        long span = Math.round(records / (20 * CONVERSATIONS_PER_SECOND) * 1_000);
        Traffic traffic = new Traffic(
                seed, System.currentTimeMillis() - span - Duration.ofHours(1).toMillis(), CONVERSATIONS_PER_SECOND);
        Map<String, Object> producer =
                Map.of("bootstrap.servers", FreePorts.HOST + ":" + port, "linger.ms", 20, "batch.size", 262_144);
        AtomicReference<Exception> refused = new AtomicReference<>();
        try (KafkaProducer<String, byte[]> kafka =
                new KafkaProducer<>(producer, new StringSerializer(), new ByteArraySerializer())) {
            for (int i = 0; i < records; i++) {
                GenesysEvent event = traffic.next();
                String eventId = UUID.nameUUIDFromBytes((seed + "-" + i).getBytes(StandardCharsets.UTF_8))
                        .toString();
                Future<?> unused = kafka.send(
                        new ProducerRecord<>(
                                Topics.EVENTS,
                                null,
                                event.time(),
                                event.conversationId(),
                                event.envelope(eventId, null)),
                        (metadata, failure) -> refused.compareAndSet(null, failure));
            }
        }
        Exception failure = refused.get();
        if (failure != null) {
            throw new CommandException("Kafka did not take the deliveries: " + failure.getMessage(), failure);
        }
    }

    private Figures measure(Contender contender, int round, int port, MeasuredProcess kafka, Admin admin) {
        String group = "benchmark-" + contender.label() + "-" + round;
        Map<String, String> environment = environment(group, port, FreePorts.free(), folder);
        environment.putAll(settings.environment());
        GarbageLog garbage = GarbageLog.of(group, folder);
        try (MeasuredProcess process = MeasuredProcess.start(
                group, List.of("-Xmx1g", "-Xms1g", garbage.flag()), List.of(contender.label()), environment, folder)) {
            awaitRead(settings.warmUp(), group, process, kafka, admin);
            Machine machine = new Machine();
            long start = System.nanoTime();
            long first = read(group, admin);
            long allocated = garbage.allocated();
            Duration cpu = process.cpu();
            Duration brokerCpu = kafka.cpu();
            awaitRead(settings.records(), group, process, kafka, admin);
            double seconds = (System.nanoTime() - start) / 1e9;
            long records = read(group, admin) - first;
            double ownCpu = seconds(process.cpu().minus(cpu));
            double itsBrokerCpu = seconds(kafka.cpu().minus(brokerCpu));
            return new Figures(
                    records / seconds,
                    ownCpu / records * MICROS_PER_SECOND,
                    itsBrokerCpu / records * MICROS_PER_SECOND,
                    (double) (garbage.allocated() - allocated) / records,
                    (double) changelogBytes(group, admin) / settings.records(),
                    machine.foreign(ownCpu + itsBrokerCpu));
        } finally {
            deleteTopics(group, admin);
        }
    }

    /** Deletes the changelogs of a contender, so that the disk does not fill. */
    static void deleteTopics(String group, Admin admin) {
        Set<String> topics = KafkaCalls.await(admin.listTopics().names(), "list the topics");
        List<String> own =
                topics.stream().filter(topic -> topic.startsWith(group)).toList();
        KafkaCalls.await(admin.deleteTopics(own).all(), "delete the changelogs");
    }

    /** The settings of a streams-app. */
    static Map<String, String> environment(String group, int port, int managementPort, Path folder) {
        return new HashMap<>(Map.of(
                "HANDOVER_KAFKA_BOOTSTRAP_SERVERS",
                FreePorts.HOST + ":" + port,
                "HANDOVER_APPLICATION_ID",
                group,
                "HANDOVER_TOPICS_CREATE",
                "true",
                "HANDOVER_TOPICS_PARTITIONS",
                "" + PARTITIONS,
                "HANDOVER_TOPICS_REPLICATION_FACTOR",
                "1",
                "HANDOVER_MANAGEMENT_PORT",
                "" + managementPort,
                "HANDOVER_STATE_DIR",
                folder.resolve(group).toString()));
    }

    static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }

    private void awaitRead(long records, String group, MeasuredProcess process, MeasuredProcess kafka, Admin admin) {
        long start = System.nanoTime();
        while (read(group, admin) < records) {
            process.requireAlive();
            kafka.requireAlive();
            if (stop.await(PAUSE)) {
                throw new CommandException("Stopped.");
            }
            if (System.nanoTime() - start > LONGEST.toNanos()) {
                throw new CommandException(group + " has not read the log in " + LONGEST.toMinutes() + " minutes.");
            }
        }
    }

    /** The number of deliveries that a contender has committed. */
    static long read(String group, Admin admin) {
        Map<?, OffsetAndMetadata> offsets = KafkaCalls.await(
                admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata(), "return the offsets");
        return offsets.values().stream()
                .mapToLong(offset -> offset == null ? 0 : offset.offset())
                .sum();
    }

    private static long changelogBytes(String group, Admin admin) {
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

    /** The result as a text: a line per contender, and the ratios of the product to the others. */
    static String text(Map<Contender, List<Figures>> all) {
        StringBuilder text = new StringBuilder();
        text.append(String.format(
                Locale.ROOT,
                "%-28s  %-24s  %-20s  %-20s  %-15s  %s%n",
                "",
                "records/s (min med max)",
                "CPU us/record, own",
                "CPU us, broker",
                "bytes allocated",
                "changelog bytes"));
        all.forEach((contender, runs) -> text.append(String.format(
                Locale.ROOT,
                "%-28s  %s   %s     %s     %-15.0f  %.0f%n",
                contender.label(),
                Spread.of(runs, Figures::perSecond).text("%7.0f"),
                Spread.of(runs, Figures::ownCpuUs).text("%5.1f"),
                Spread.of(runs, Figures::brokerCpuUs).text("%5.1f"),
                median(runs, Figures::allocatedBytes),
                median(runs, Figures::changelogBytes))));
        List<Figures> app = all.get(Contender.APP);
        if (app == null) {
            return text.toString();
        }
        for (Contender other : EnumSet.complementOf(EnumSet.of(Contender.APP))) {
            Optional.ofNullable(all.get(other))
                    .ifPresent(runs -> text.append(String.format(
                            Locale.ROOT,
                            "streams-app / %s: rate %.2f, CPU of both %.2f%n",
                            other.label(),
                            median(app, Figures::perSecond) / median(runs, Figures::perSecond),
                            median(app, Figures::cpuUs) / median(runs, Figures::cpuUs))));
        }
        return text.toString();
    }

    static double foreign(Map<Contender, List<Figures>> all) {
        return all.values().stream()
                .flatMap(List::stream)
                .mapToDouble(Figures::foreign)
                .max()
                .orElse(0);
    }

    private static double median(List<Figures> runs, ToDoubleFunction<Figures> figure) {
        return Spread.of(runs, figure).median();
    }
}
