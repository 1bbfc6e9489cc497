package io.handover.history.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.handover.embeddedkafka.EmbeddedKafka;
import io.handover.history.HistoryMain;
import io.handover.schema.Topics;
import io.handover.terminal.CommandRunner;
import io.handover.terminal.StopSignal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs {@code ./handover replay} on a real broker, and reads what is committed, as streams-app does. */
class ReplayPublishIT {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Instant START = Instant.parse("2026-01-15T10:00:00Z");
    private static final int CONVERSATIONS = 7;

    @TempDir
    private static Path brokerFolder;

    @TempDir
    private Path folder;

    private static EmbeddedKafka kafka;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeAll
    static void startBroker() {
        kafka = EmbeddedKafka.start(brokerFolder, 0);
    }

    @AfterAll
    static void stopBroker() {
        kafka.close();
    }

    @Test
    void shouldPublishEveryKindOfSourceInTheOrderOfTime() throws Exception {
        // Given
        List<String> lines = lines(60);
        write("sources/a.ndjson", every(lines, 0));
        try (OutputStream gzip = new GZIPOutputStream(Files.newOutputStream(folder.resolve("sources/b.ndjson.gz")))) {
            gzip.write(utf8(String.join("\n", every(lines, 1))));
        }
        write("sources/deeper/c.json", List.of("[" + String.join(",\n", every(lines, 2)) + "]"));
        // When
        int code = publish("every-kind", folder.resolve("sources").toString(), "--create-partitions", "3");
        // Then
        assertThat(text(err)).contains("Published 60 deliveries (2026-01-15T10:00:00Z to 2026-01-15T10:00:00.059Z)");
        assertThat(code).isEqualTo(CommandRunner.EXIT_OK);
        assertThat(text(out)).isEmpty();
        List<ConsumerRecord<String, String>> records = records("every-kind");
        assertThat(records).extracting(ConsumerRecord::value).containsExactlyInAnyOrderElementsOf(lines);
        assertInOrder(records);
        assertThat(records).allSatisfy(record -> {
            int number = lines.indexOf(record.value());
            assertThat(record.key()).isEqualTo(conversation(number));
            assertThat(record.timestamp()).isEqualTo(START.plusMillis(number).toEpochMilli());
            assertThat(Arrays.stream(record.headers().toArray()).map(Header::key))
                    .containsExactly("handover-record");
            assertThat(record.headers().lastHeader("handover-record").value()).isEqualTo(utf8("delivery"));
        });
    }

    @Test
    void shouldWriteABrokenLineToTheSideFileWithItsNumberAndReason() throws Exception {
        // Given
        List<String> lines = new ArrayList<>(lines(3));
        lines.add(1, "{\"detail\": {nonsense");
        Path source = write("with-broken.ndjson", lines);
        // When
        int code = publish("with-broken", source.toString(), "--create-partitions", "1");
        // Then
        assertThat(code).isEqualTo(CommandRunner.EXIT_OK);
        assertThat(text(err))
                .contains(
                        "Published 3 deliveries",
                        "1 entry that cannot be read, in " + broken() + "; the first is " + source
                                + ", line 2: Expected an EventBridge envelope");
        assertThat(records("with-broken")).extracting(ConsumerRecord::value).containsExactlyElementsOf(lines(3));
        assertThat(Files.readString(broken()))
                .contains("\"source\":\"" + source + "\",\"line\":2,\"reason\":\"Expected ", "{nonsense");
    }

    @Test
    void shouldHaveNoGapAndNoDuplicateAfterItWasKilled() throws Exception {
        // Given
        List<String> lines = lines(3_000);
        Path source = write("killed.ndjson", lines);
        createTopic("killed", Map.of());
        Process process = process("killed", source, "--speed", "0.1x");
        try {
            awaitPublished("killed", process);
        } finally {
            // SIGKILL
            process.destroyForcibly().waitFor();
        }
        int before = records("killed").size();
        assertThat(before).isLessThan(lines.size());
        // When
        int code = publish("killed", source.toString());
        // Then
        assertThat(text(err)).contains("resumes after ");
        assertThat(code).isEqualTo(CommandRunner.EXIT_OK);
        assertExactly(lines, "killed");
    }

    @Test
    void shouldStopWhenTheSameReplayIsStartedAgain() throws Exception {
        // Given
        List<String> lines = lines(3_000);
        Path source = write("twice.ndjson", lines);
        createTopic("twice", Map.of());
        Process process = process("twice", source, "--speed", "0.1x");
        try {
            awaitPublished("twice", process);
            // When
            int code = publish("twice", source.toString());
            // Then
            assertThat(code).isEqualTo(CommandRunner.EXIT_OK);
            assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(CommandRunner.EXIT_FAILURE);
            assertThat(Files.readString(folder.resolve("twice.log"))).contains("has taken over the replay");
            assertExactly(lines, "twice");
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void shouldResumeWhereItWasStoppedAndDetectThatItIsComplete() throws Exception {
        // Given
        List<String> lines = lines(3_000);
        Path source = write("stopped.ndjson", lines);
        createTopic("stopped", Map.of());
        StopSignal stop = new StopSignal();
        CompletableFuture<Integer> running = CompletableFuture.supplyAsync(
                () -> run(stop, arguments("stopped", source.toString(), "--speed", "0.1x")));
        awaitPublished("stopped", null);
        // When
        stop.request();
        // Then
        assertThat(running.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo(130);
        assertThat(text(err)).contains("Stopped after ", "the same command resumes there");
        assertThat(publish("stopped", source.toString())).isEqualTo(CommandRunner.EXIT_OK);
        assertExactly(lines, "stopped");
        // When
        err.reset();
        assertThat(publish("stopped", source.toString())).isEqualTo(CommandRunner.EXIT_OK);
        // Then
        assertThat(text(err)).contains("is already complete: 3,000 deliveries");
        assertThat(records("stopped")).hasSize(3_000);
        // When
        assertThat(publish("stopped", source.toString(), "--again")).isEqualTo(CommandRunner.EXIT_OK);
        // Then
        assertThat(records("stopped")).hasSize(6_000);
    }

    @Test
    void shouldRefuseToResumeWithOtherSources() throws Exception {
        // Given
        Path source = write("changed.ndjson", lines(3_000));
        createTopic("changed", Map.of());
        StopSignal stop = new StopSignal();
        CompletableFuture<Integer> running = CompletableFuture.supplyAsync(
                () -> run(stop, arguments("changed", source.toString(), "--speed", "0.1x")));
        awaitPublished("changed", null);
        stop.request();
        running.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        int published = records("changed").size();
        // When
        write("changed.ndjson", lines(3_001));
        int larger = publish("changed", source.toString());
        // Then
        assertThat(larger).isEqualTo(CommandRunner.EXIT_FAILURE);
        assertThat(text(err)).contains("has other sources, or another selection");
        // When
        List<String> ofTheSameSize = new ArrayList<>(lines(3_000));
        ofTheSameSize.set(0, ofTheSameSize.get(0).replace("PureCloud", "purecloud"));
        write("changed.ndjson", ofTheSameSize);
        int changed = publish("changed", source.toString());
        // Then
        assertThat(changed).isEqualTo(CommandRunner.EXIT_FAILURE);
        assertThat(text(err)).contains("The sources no longer begin with the ");
        assertThat(records("changed")).hasSize(published);
    }

    @Test
    void shouldRefuseATopicThatDoesNotKeepDeliveriesUnchanged() throws Exception {
        // Given
        createTopic("append-time", Map.of("message.timestamp.type", "LogAppendTime"));
        createTopic("compacted", Map.of("cleanup.policy", "compact"));
        createTopic("short-retention", Map.of("retention.ms", "86400000"));
        createTopic("young", Map.of("retention.ms", "-1", "message.timestamp.before.max.ms", "86400000"));
        createTopic(Topics.EVENTS, Map.of("message.timestamp.type", "LogAppendTime"));
        createTopic("live", Map.of());
        String source = write("refused.ndjson", lines(1)).toString();
        // When / Then
        assertRefused("Choose a topic with CreateTime; --create-partitions creates one", "append-time", source);
        assertRefused("is compacted", "compacted", source);
        assertRefused("deletes records older than 1 d (retention.ms)", "short-retention", source);
        assertRefused("message.timestamp.before.max.ms", "young", source);
        assertRefused("add --into-live-topic", Topics.EVENTS, source);
        assertRefused("live is the live topic", "live", source, "--topic-events", "live");
        assertRefused("There is no topic unknown-topic on this cluster", "unknown-topic", source);
        assertRefused("is the source, and cannot be the target too", "young", "topic:young");
        assertThat(publish("short-retention", source, "--despite-retention")).isEqualTo(CommandRunner.EXIT_OK);
        assertThat(publish(Topics.EVENTS, source, "--into-live-topic")).isEqualTo(CommandRunner.EXIT_OK);
        assertThat(text(err))
                .contains("Warning: handover-events is the live topic.")
                .contains("The broker dates these deliveries with the time of publishing");
    }

    @Test
    void shouldPublishUnderTheSameNameAfterTheSourcesAreCorrected() throws Exception {
        // Given
        Path source = write("corrected.ndjson", List.of("{\"topic\":\"v2.users.presence\",\"userId\":\"u\"}"));
        // When
        int nothing = publish("corrected", source.toString(), "--create-partitions", "1");
        String sentence = text(err).strip();
        write("corrected.ndjson", lines(2));
        int corrected = publish("corrected", source.toString());
        // Then
        assertThat(nothing).isEqualTo(CommandRunner.EXIT_FAILURE);
        assertThat(sentence).endsWith("handover: No wanted delivery was found, only 1 of another topic.");
        assertThat(corrected).as(() -> text(err)).isEqualTo(CommandRunner.EXIT_OK);
        assertThat(records("corrected")).hasSize(2);
    }

    @Test
    void shouldNameTheLineThatIsTooLargeAndLeaveNothingOpen() throws Exception {
        // Given
        createTopic("small", Map.of("max.message.bytes", "2000", "compression.type", "uncompressed"));
        List<String> lines = new ArrayList<>(lines(3));
        StringBuilder large = new StringBuilder();
        new Random(1).ints(20_000, 'a', 'z').forEach(letter -> large.append((char) letter));
        lines.set(1, lines.get(1).replace("PureCloud", large));
        // When
        String source = write("too-large.ndjson", lines).toString();
        // Then
        assertRefused(source + ", number 2, has ", "small", source);
    }

    @Test
    @SuppressWarnings("FutureReturnValueIgnored") // closing the producer waits for them
    void shouldReadTheSameFileThatWasPublished() throws Exception {
        // Given
        List<String> lines = lines(50);
        createTopic("recorded", Map.of());
        String dataAction = "{\"topic\":\"v2.detail.events.conversation.id.acw\", \"userId\":\"customer-1\"}";
        try (KafkaProducer<String, byte[]> producer = new KafkaProducer<>(
                // The leader of a new partition can reject the first batch, accept the second, and then reject every
                // retry of the first.
                Map.of("bootstrap.servers", kafka.bootstrapServers(), "max.in.flight.requests.per.connection", "1"),
                new StringSerializer(),
                new ByteArraySerializer())) {
            for (int i = 0; i < lines.size(); i++) {
                String value = i % 10 == 3 ? lines.get(i).replace(", ", ",\r\n  ") : lines.get(i);
                producer.send(new ProducerRecord<>("recorded", null, at(i), conversation(i), utf8(value)));
            }
            ProducerRecord<String, byte[]> tick = new ProducerRecord<>(
                    "recorded", 0, at(60), null, utf8("{\"partition\":0,\"time\":\"2026-01-15T10:00:01Z\"}"));
            tick.headers().add("handover-record", utf8("clock-tick"));
            producer.send(tick);
            producer.send(new ProducerRecord<>("recorded", null, at(70), "customer-1", utf8(dataAction)));
            producer.send(new ProducerRecord<>("recorded", null, at(80), "x", utf8("nonsense")));
        }
        Path first = folder.resolve("first.ndjson.zst");
        Path second = folder.resolve("second.ndjson");
        // When
        assertThat(read("recorded", first)).isEqualTo(CommandRunner.EXIT_OK);
        // Then
        assertThat(text(err)).contains("Wrote 51 deliveries", "1 other records left out");
        assertThat(Files.readString(broken())).contains("\"source\":\"recorded-", "nonsense");
        // When
        assertThat(publish("republished", first.toString(), "--create-partitions", "2"))
                .isEqualTo(CommandRunner.EXIT_OK);
        assertThat(read("republished", second)).isEqualTo(CommandRunner.EXIT_OK);
        // Then
        List<String> expected = new ArrayList<>(lines);
        IntStream.of(3, 13, 23, 33, 43)
                .forEach(i -> expected.set(i, lines.get(i).replace(", ", ",  ")));
        expected.add("{\"time\":\"2026-01-15T10:00:00.070Z\"," + dataAction.substring(1));
        assertThat(Files.readAllLines(second)).containsExactlyElementsOf(expected);
        // When
        assertThat(read("recorded", folder.resolve("uncompressed.ndjson"))).isEqualTo(CommandRunner.EXIT_OK);
        // Then
        assertThat(folder.resolve("uncompressed.ndjson")).hasSameBinaryContentAs(second);
    }

    @Test
    void shouldReadARange() throws Exception {
        // Given
        String source = write("range.ndjson", lines(20)).toString();
        assertThat(publish("range", source, "--create-partitions", "1")).isEqualTo(CommandRunner.EXIT_OK);
        // When
        run(readArguments("range", "--partition", "0", "--from-offset", "5", "--to-offset", "8"));
        run(readArguments("range", "--from", "2026-01-15T10:00:00.010Z", "--to", "2026-01-15T10:00:00.012Z"));
        // Then
        assertThat(text(out).lines())
                .containsExactlyElementsOf(
                        IntStream.of(5, 6, 7, 10, 11).mapToObj(lines(20)::get).toList());
        // When
        int code = run(readArguments("range", "--partition", "1"));
        // Then
        assertThat(code).isEqualTo(CommandRunner.EXIT_FAILURE);
        assertThat(text(err)).contains("The topic range has no partition 1, only 1.");
    }

    /** Asserts that the topic has each line once, in the order of time per partition. */
    private static void assertExactly(List<String> lines, String topic) {
        List<ConsumerRecord<String, String>> records = records(topic);
        assertThat(records).hasSameSizeAs(lines);
        assertThat(new HashSet<>(records.stream().map(ConsumerRecord::value).toList()))
                .isEqualTo(new HashSet<>(lines));
        assertInOrder(records);
    }

    private static void assertInOrder(List<ConsumerRecord<String, String>> records) {
        assertThat(records)
                .isSortedAccordingTo(Comparator.<ConsumerRecord<String, String>>comparingInt(ConsumerRecord::partition)
                        .thenComparingLong(ConsumerRecord::timestamp));
    }

    private void assertRefused(String sentence, String topic, String source, String... more) {
        err.reset();
        assertThat(publish(topic, source, more)).isEqualTo(CommandRunner.EXIT_FAILURE);
        assertThat(text(err).strip().lines().reduce((first, last) -> last).orElse(""))
                .startsWith("handover: ")
                .contains(sentence);
        if (!topic.startsWith("unknown")) {
            assertThat(records(topic)).isEmpty();
        }
    }

    private static void awaitPublished(String topic, @Nullable Process process) {
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> !records(topic).isEmpty() || (process != null && !process.isAlive()));
        assertThat(process == null || process.isAlive()).isTrue();
    }

    /** Starts a JVM of its own, as {@code ./handover} does. */
    private Process process(String topic, Path source, String... more) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                HistoryMain.class.getName()));
        command.addAll(List.of(arguments(topic, source.toString(), more)));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve(topic + ".log").toFile())
                .start();
    }

    private int publish(String topic, String source, String... more) {
        return run(arguments(topic, source, more));
    }

    private String[] arguments(String topic, String source, String... more) {
        return with(
                more,
                "replay",
                "publish",
                source,
                "--topic",
                topic,
                "--bootstrap-server",
                kafka.bootstrapServers(),
                "--broken",
                broken().toString());
    }

    private int read(String topic, Path file) {
        return run(readArguments(topic, "--out", file.toString()));
    }

    private String[] readArguments(String topic, String... more) {
        return with(
                more,
                "replay",
                "read",
                "--topic",
                topic,
                "--bootstrap-server",
                kafka.bootstrapServers(),
                "--broken",
                broken().toString());
    }

    private static String[] with(String[] more, String... first) {
        List<String> all = new ArrayList<>(List.of(first));
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }

    private int run(String... arguments) {
        return run(new StopSignal(), arguments);
    }

    private int run(StopSignal stop, String... arguments) {
        return HistoryMain.run(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                stop,
                arguments);
    }

    private Path broken() {
        return folder.resolve("broken.ndjson");
    }

    private static void createTopic(String name, Map<String, String> more) throws Exception {
        Map<String, String> config = new HashMap<>(Map.of("retention.ms", "-1"));
        config.putAll(more);
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            admin.createTopics(List.of(new NewTopic(name, 2, (short) 1).configs(config)))
                    .all()
                    .get(1, TimeUnit.MINUTES);
        }
    }

    /** Returns the committed records by partition. */
    private static List<ConsumerRecord<String, String>> records(String topic) {
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers(), "isolation.level", "read_committed"),
                new StringDeserializer(),
                new StringDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(partition -> new TopicPartition(topic, partition.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            List<ConsumerRecord<String, String>> records = new ArrayList<>();
            Awaitility.await().pollDelay(Duration.ZERO).atMost(PATIENCE).until(() -> {
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
                return ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
            });
            records.sort(Comparator.<ConsumerRecord<String, String>>comparingInt(ConsumerRecord::partition)
                    .thenComparingLong(ConsumerRecord::offset));
            return records;
        }
    }

    /** Returns deliveries that are one millisecond apart. */
    private static List<String> lines(int count) {
        return IntStream.range(0, count).mapToObj(ReplayPublishIT::line).toList();
    }

    private static String line(int number) {
        return ("{\"id\":\"event-%1$d\", \"detail-type\":\"v2.detail.events.conversation.{id}.acw\", \"time\":\"%2$s\","
                        + " \"source\":\"aws.partner/genesys.com/cloud/genesys/example\", \"detail\":{\"eventBody\":"
                        + "{\"conversationId\":\"%3$s\", \"provider\":\"PureCloud\", \"eventTime\":%4$d}}}")
                .formatted(number, START.plusMillis(number), conversation(number), at(number));
    }

    private static String conversation(int number) {
        return "conversation-" + number % CONVERSATIONS;
    }

    private static long at(int number) {
        return START.plusMillis(number).toEpochMilli();
    }

    private static List<String> every(List<String> lines, int third) {
        return IntStream.range(0, lines.size())
                .filter(i -> i % 3 == third)
                .mapToObj(lines::get)
                .toList();
    }

    private Path write(String name, List<String> lines) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.write(file, lines);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(ByteArrayOutputStream stream) {
        return stream.toString(StandardCharsets.UTF_8);
    }
}
