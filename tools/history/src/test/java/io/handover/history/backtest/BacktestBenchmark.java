package io.handover.history.backtest;

import io.handover.conversation.TransferPolicy;
import io.handover.conversation.fold.CustomerAddress;
import io.handover.history.options.SourceOptions;
import io.handover.history.report.Setting;
import io.handover.history.sources.PastDeliveries;
import io.handover.history.sources.PastDelivery;
import io.handover.schema.HandoverSerdes;
import io.handover.schema.Topics;
import io.handover.service.TopicNames;
import io.handover.streams.ConversationMetrics;
import io.handover.streams.ConversationTopology;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.stream.IntStream;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.TopologyTestDriver;
import picocli.CommandLine;

/**
 * A benchmark of back-tests, compared with plain reading of the same file and with a TopologyTestDriver, in one JVM. It is
 * run by hand, with a file and the number of deliveries for the driver, which is much slower.
 */
final class BacktestBenchmark {

    private static final int BLOCK = 1024 * 1024;

    private BacktestBenchmark() {}

    @SuppressWarnings("SystemOut")
    public static void main(String[] arguments) throws IOException {
        Path file = Path.of(arguments[0]);
        long mostThroughDriver = Long.parseLong(arguments[1]);
        measure("plain reading", () -> lines(file));
        measure("reading deliveries", () -> deliveries(file));
        measure("back-test, 1 setting", () -> backtest(file, 1));
        measure("back-test, 4 settings with hindsight", () -> backtest(file, 4));
        measure("TopologyTestDriver", () -> driver(file, mostThroughDriver));
    }

    @FunctionalInterface
    private interface Run {
        /** Returns the number of lines or deliveries. */
        long run() throws IOException;
    }

    private static void measure(String name, Run run) throws IOException {
        System.gc();
        heap().forEach(MemoryPoolMXBean::resetPeakUsage);
        long begin = System.nanoTime();
        long count = run.run();
        double seconds = (System.nanoTime() - begin) / 1e9;
        long peak =
                heap().stream().mapToLong(pool -> pool.getPeakUsage().getUsed()).sum();
        System.out.printf(
                Locale.ROOT,
                "%-40s %,12d in %7.1f s  %,12.0f/s  peak heap %,d MB%n",
                name,
                count,
                seconds,
                count / seconds,
                peak / BLOCK);
    }

    private static List<MemoryPoolMXBean> heap() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP)
                .toList();
    }

    private static long lines(Path file) throws IOException {
        long lines = 0;
        byte[] block = new byte[BLOCK];
        try (InputStream in = Files.newInputStream(file)) {
            for (int read = in.read(block); read >= 0; read = in.read(block)) {
                for (int i = 0; i < read; i++) {
                    lines += block[i] == '\n' ? 1 : 0;
                }
            }
        }
        return lines;
    }

    private static PastDeliveries open(Path file) {
        return CommandLine.populateCommand(new SourceOptions(), file.toString()).open(null);
    }

    private static long deliveries(Path file) {
        long count = 0;
        try (PastDeliveries past = open(file)) {
            while (past.next() != null) {
                count++;
            }
        }
        return count;
    }

    private static long backtest(Path file, int settings) {
        List<Setting> tried = IntStream.range(0, settings)
                .mapToObj(i -> new Setting("setting " + i, TransferPolicy.DEFAULT, CustomerAddress.DEFAULT))
                .toList();
        try (PastDeliveries past = open(file)) {
            Backtest backtest = new Backtest(
                    past,
                    tried,
                    Backtest.ALL_TOPICS,
                    Runtime.getRuntime().availableProcessors(),
                    settings == 1 ? Backtest.WITHOUT_HINDSIGHT : 600_000);
            var serializer = HandoverSerdes.commands().serializer();
            backtest.run(
                    (commands, setting) ->
                            commands.forEach(each -> serializer.serialize(Topics.COMMANDS, each.command())),
                    folded -> true);
            return backtest.deliveries();
        }
    }

    private static long driver(Path file, long most) throws IOException {
        Path state = Files.createTempDirectory("backtest-benchmark");
        Properties properties = new Properties();
        properties.putAll(Map.of(
                "application.id", "benchmark", "bootstrap.servers", "unused:9092", "state.dir", state.toString()));
        try (PastDeliveries past = open(file);
                TopologyTestDriver driver = new TopologyTestDriver(
                        ConversationTopology.build(
                                TopicNames.DEFAULT,
                                1,
                                TransferPolicy.DEFAULT,
                                CustomerAddress.DEFAULT,
                                new ConversationMetrics(new SimpleMeterRegistry())),
                        properties,
                        Instant.EPOCH)) {
            var events = driver.createInputTopic(Topics.EVENTS, new StringSerializer(), new ByteArraySerializer());
            var commands =
                    driver.createOutputTopic(Topics.COMMANDS, new StringDeserializer(), new ByteArrayDeserializer());
            long count = 0;
            for (PastDelivery next = past.next(); next != null && count < most; next = past.next()) {
                events.pipeInput(next.key(), next.json(), next.time());
                count++;
                if (count % 10_000 == 0) {
                    // The driver keeps all output in memory until it is read.
                    commands.readRecordsToList();
                }
            }
            return count;
        }
    }
}
