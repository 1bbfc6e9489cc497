package io.handover.example.bot;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.handover.embeddedkafka.EmbeddedKafka;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests the consumer as a process, with a real broker and a bot that fails sometimes. */
class BotConsumerIT {

    private static final int PARTITIONS = 4;
    private static final int CONVERSATIONS = 40;
    private static final int KILLS = 100;
    private static final int COMMANDS_EACH_KILL = 20;
    private static final Duration SOON = Duration.ofSeconds(60);

    private static EmbeddedKafka kafka;

    @TempDir
    private Path logs;

    @BeforeAll
    static void startKafka(@TempDir Path folder) {
        kafka = EmbeddedKafka.start(folder.resolve("kafka"), 0);
    }

    @AfterAll
    static void stopKafka() {
        kafka.close();
    }

    @Test
    void shouldHandOverEachCommandInOrderAlthoughItIsKilledAHundredTimes() throws Exception {
        // Given
        String topic = createTopics("killed");
        try (FakeBot bot = new FakeBot(1);
                KafkaProducer<String, byte[]> producer = producer(Map.of())) {
            List<String> written = new ArrayList<>();

            // When
            for (int kill = 1; kill <= KILLS; kill++) {
                int before = written.size();
                // Each process gets commands of its own: a fast one could leave nothing to do for the next.
                for (int i = before; i < before + COMMANDS_EACH_KILL; i++) {
                    String conversation = "conversation-" + i % CONVERSATIONS;
                    String command = conversation + " " + i / CONVERSATIONS;
                    send(producer, command(topic, conversation, "id-" + i, "handover-ended", command));
                    written.add(command);
                }
                producer.flush();
                Process process = start(topic, bot);
                // Killed at once, another command each time: mostly before the offset is committed.
                assertThat(bot.awaitAccepted(before + 1 + kill % COMMANDS_EACH_KILL, SOON))
                        .as("hands over before kill " + kill)
                        .isTrue();
                process.destroyForcibly().waitFor();
            }
            Process last = start(topic, bot);
            await().atMost(SOON).until(() -> bot.inOrder().size() == written.size());
            stop(last);

            // Then
            assertThat(bot.repeated()).isPositive();
            assertThat(bot.inOrder()).containsExactlyInAnyOrderElementsOf(written);
            assertThat(byConversation(bot.inOrder())).isEqualTo(byConversation(written));
        }
    }

    @Test
    void shouldPutAsideWhatTheBotRejectsAndIgnoreUnknownTypes() throws Exception {
        // Given
        String topic = createTopics("rejected");
        try (FakeBot bot = new FakeBot(2);
                KafkaProducer<String, byte[]> producer = producer(Map.of())) {
            send(producer, command(topic, "c-1", "id-1", "handover-ended", "unwanted"));
            send(producer, command(topic, "c-1", "id-2", "handover-paused", "of a later release"));
            send(producer, new ProducerRecord<>(topic, "c-1", "without headers".getBytes(UTF_8)));
            send(producer, command(topic, "c-1", "id-3", "agent-updated", "wanted"));
            producer.flush();

            // When
            Process process = start(topic, bot);
            List<ConsumerRecord<String, byte[]>> deadLetters = read(topic + "-dead-letters", 2);
            await().atMost(SOON).until(() -> !bot.inOrder().isEmpty());
            stop(process);

            // Then
            assertThat(bot.inOrder()).containsExactly("wanted");
            assertThat(deadLetters)
                    .extracting(letter -> new String(letter.value(), UTF_8))
                    .containsExactly("unwanted", "without headers");
            assertThat(deadLetters)
                    .extracting(letter -> new String(
                            letter.headers()
                                    .lastHeader(BotConsumer.REASON_HEADER)
                                    .value(),
                            UTF_8))
                    .containsExactly("the bot answered 422", "not a command");
        }
    }

    @Test
    void shouldNotSeeTheCommandsOfAnAbortedTransactionAndReachTheEndOfTheTopic() throws Exception {
        // Given
        String topic = createTopics("aborted");
        try (FakeBot bot = new FakeBot(3);
                KafkaProducer<String, byte[]> producer = producer(Map.of("transactional.id", "aborted"))) {
            producer.initTransactions();
            producer.beginTransaction();
            send(producer, command(topic, "c-1", "id-1", "handover-ended", "aborted"));
            producer.flush();
            producer.abortTransaction();
            producer.beginTransaction();
            send(producer, command(topic, "c-1", "id-1", "handover-ended", "committed"));
            producer.commitTransaction();

            // When
            Process process = start(topic, bot);
            await().atMost(SOON).until(() -> !bot.inOrder().isEmpty());
            stop(process);

            // Then
            assertThat(bot.inOrder()).containsExactly("committed");
            assertThat(lags(topic)).containsOnly(0L);
        }
    }

    /** The lag of the group in each partition that has records. The end of a transaction counts as a record. */
    private static List<Long> lags(String topic) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
            for (int partition = 0; partition < PARTITIONS; partition++) {
                latest.put(new TopicPartition(topic, partition), OffsetSpec.latest());
            }
            Map<TopicPartition, OffsetAndMetadata> committed = admin.listConsumerGroupOffsets(BotConsumer.GROUP)
                    .partitionsToOffsetAndMetadata()
                    .get();
            List<Long> lags = new ArrayList<>();
            admin.listOffsets(latest).all().get().forEach((partition, end) -> {
                if (end.offset() > 0) {
                    lags.add(end.offset()
                            - Objects.requireNonNull(committed.get(partition)).offset());
                }
            });
            assertThat(lags).isNotEmpty();
            return lags;
        }
    }

    private static String createTopics(String topic) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            admin.createTopics(List.of(
                            new NewTopic(topic, PARTITIONS, (short) 1),
                            new NewTopic(topic + "-dead-letters", 1, (short) 1)))
                    .all()
                    .get();
        }
        return topic;
    }

    private static KafkaProducer<String, byte[]> producer(Map<String, String> more) {
        Properties properties = new Properties();
        properties.put("bootstrap.servers", kafka.bootstrapServers());
        properties.putAll(more);
        return new KafkaProducer<>(properties, new StringSerializer(), new ByteArraySerializer());
    }

    private static void send(KafkaProducer<String, byte[]> producer, ProducerRecord<String, byte[]> sent) {
        Future<RecordMetadata> unused = producer.send(sent);
    }

    private static ProducerRecord<String, byte[]> command(
            String topic, String conversation, String id, String type, String value) {
        ProducerRecord<String, byte[]> command = new ProducerRecord<>(topic, conversation, value.getBytes(UTF_8));
        command.headers().add("ce_id", id.getBytes(UTF_8));
        command.headers().add("ce_type", ("io.handover." + type).getBytes(UTF_8));
        return command;
    }

    private Process start(String topic, FakeBot bot) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        BotConsumerMain.class.getName())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        logs.resolve("consumer.log").toFile()));
        builder.environment()
                .putAll(Map.of(
                        "KAFKA_BOOTSTRAP_SERVERS",
                        kafka.bootstrapServers(),
                        "BOT_URL",
                        bot.url().toString(),
                        "BOT_INSTANCE",
                        "bot-0",
                        "COMMANDS_TOPIC",
                        topic,
                        "DEAD_LETTERS_TOPIC",
                        topic + "-dead-letters"));
        return builder.start();
    }

    /** Stops the process with SIGTERM. It must end by itself. */
    private static void stop(Process process) throws InterruptedException {
        process.destroy();
        assertThat(process.waitFor(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }

    private static List<ConsumerRecord<String, byte[]>> read(String topic, int records) {
        List<ConsumerRecord<String, byte[]>> all = new ArrayList<>();
        Properties client = new Properties();
        client.put("bootstrap.servers", kafka.bootstrapServers());
        Properties properties = BotConsumer.consumerProperties(client, null);
        properties.put("group.id", topic);
        try (KafkaConsumer<String, byte[]> consumer =
                new KafkaConsumer<>(properties, new StringDeserializer(), new ByteArrayDeserializer())) {
            consumer.subscribe(List.of(topic));
            await().atMost(SOON).until(() -> {
                consumer.poll(Duration.ofMillis(100)).forEach(all::add);
                return all.size() >= records;
            });
        }
        return all;
    }

    private static Map<String, List<String>> byConversation(List<String> commands) {
        Map<String, List<String>> all = new HashMap<>();
        commands.forEach(
                command -> all.computeIfAbsent(command.substring(0, command.indexOf(' ')), ignored -> new ArrayList<>())
                        .add(command));
        return all;
    }
}
