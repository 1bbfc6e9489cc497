package io.handover.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import io.handover.embeddedkafka.EmbeddedKafka;
import io.handover.ingress.IngressBridge;
import io.handover.schema.AgentUpdated;
import io.handover.schema.HandoverCommand;
import io.handover.schema.HandoverEnded;
import io.handover.schema.HandoverSerdes;
import io.handover.schema.Topics;
import io.handover.streams.StreamsApp;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The whole way on a real broker: HTTP in, commands out, read as a bot platform should, with {@code read_committed}. */
class HandoverIT {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String API_KEY = "integration-test-key";
    private static final long TRANSFER_TIMEOUT_MS = 4_000;
    private static final int PARTITIONS = 4;

    @TempDir
    private static Path brokerFolder;

    @TempDir
    private Path stateFolder;

    private static EmbeddedKafka kafka;
    private static IngressBridge bridge;
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final AtomicReference<@Nullable Throwable> fatal = new AtomicReference<>();
    private final String conversation = UUID.randomUUID().toString();
    private @Nullable StreamsApp app;

    /** What is left of the local state when the application starts again. */
    enum LocalState {
        KEPT,
        LOST
    }

    /** The names of a second installation on the cluster. */
    private static final Map<String, String> STAGE = Map.of(
            "topic.events", "stage-events",
            "topic.commands", "stage-commands",
            "topic.dead.letters", "stage-dead-letters",
            "application.id", "stage");

    @BeforeAll
    static void startBrokerAndBridge() {
        kafka = EmbeddedKafka.start(brokerFolder, 0);
        bridge = startBridge(Map.of());
    }

    private static IngressBridge startBridge(Map<String, String> names) {
        Map<String, String> settings = common();
        settings.putAll(names);
        settings.put("http.port", "0");
        settings.put("api.key", API_KEY);
        settings.put("organization.id", "example-organization");
        IngressBridge started = IngressBridge.start(IngressBridge.settings().load(null, Map.of(), settings));
        Awaitility.await().atMost(PATIENCE).until(started::ready);
        return started;
    }

    @AfterAll
    static void stopBrokerAndBridge() {
        bridge.close();
        kafka.close();
    }

    @BeforeEach
    void startApp() {
        app = startApp(Map.of());
    }

    private StreamsApp startApp(Map<String, String> names) {
        Map<String, String> settings = common();
        settings.putAll(names);
        settings.put("state.dir", stateFolder.toString());
        settings.put("transfer.timeout.ms", String.valueOf(TRANSFER_TIMEOUT_MS));
        StreamsApp started = StreamsApp.start(StreamsApp.settings().load(null, Map.of(), settings), fatal::set);
        Awaitility.await().atMost(PATIENCE).until(started::ready);
        return started;
    }

    @AfterEach
    void stopApp() {
        if (app != null) {
            app.close();
            app = null;
        }
        assertThat(fatal.get()).isNull();
    }

    private static Map<String, String> common() {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("kafka.bootstrap.servers", kafka.bootstrapServers());
        settings.put("management.port", "0");
        settings.put("topics.create", "true");
        settings.put("topics.partitions", String.valueOf(PARTITIONS));
        return settings;
    }

    @Test
    void shouldTurnDeliveriesIntoCommands() throws Exception {
        // Given
        Instant now = Instant.now();
        deliver("user.start", "anna", now.minusSeconds(60), "");
        deliver(
                "user.end",
                "anna",
                now.minusSeconds(2),
                ", \"disconnectType\": \"CLIENT\", \"interactingDurationMs\": 58000");
        // When
        deliver("acw", "anna", now.minusSeconds(1), "");
        // Then
        assertThat(commandsUntil("after-call-work")).containsExactly("agent-updated anna #1", "after-call-work #1");
    }

    @ParameterizedTest
    @EnumSource(LocalState.class)
    void shouldFireAHoldOnceOverARestart(LocalState localState) throws Exception {
        // Given
        deliver("acw", "anna", Instant.now(), "");
        Awaitility.await().atMost(PATIENCE).until(() -> app != null && app.held() == 1);
        // When
        stopApp();
        if (localState == LocalState.LOST) {
            EmptyFolder.empty(stateFolder);
        }
        startApp();
        // Then
        assertThat(commandsUntil("transfer-timeout")).containsExactly("transfer-timeout #1");
        deliver("user.start", "ben", Instant.now(), "");
        assertThat(commandsUntil("agent-updated")).containsExactly("transfer-timeout #1", "agent-updated ben #2");
    }

    @Test
    void shouldServeTwoInstallationsOnOneCluster() throws Exception {
        // Given
        try (IngressBridge stageBridge = startBridge(STAGE);
                StreamsApp stageApp = startApp(STAGE)) {
            // When
            deliver("user.start", "anna", Instant.now(), "");
            deliver(stageBridge, "user.start", "ben", Instant.now(), "");
            deliver(stageBridge, "customer.end", "customer", Instant.now(), ", \"disconnectType\": \"PEER\"");
            // Then
            assertThat(stageApp.ready()).isTrue();
            assertThat(commandsUntil("stage-commands", "customer-end"))
                    .containsExactly("agent-updated ben #1", "customer-end #1");
            assertThat(commandsUntil("agent-updated")).containsExactly("agent-updated anna #1");
            deliver("customer.end", "customer", Instant.now(), ", \"disconnectType\": \"PEER\"");
            assertThat(commandsUntil("customer-end")).containsExactly("agent-updated anna #1", "customer-end #1");
        }
    }

    /** In the topic of a replay, records have the times of then. */
    @Test
    void shouldNotFireEarlyBehindABacklog() throws Exception {
        // Given
        stopApp();
        Map<String, String> replay = Map.of("topic.events", "replayed-events", "application.id", "replay");
        createTopicWithTimesOfThen("replayed-events");
        Instant hourAgo = Instant.now().minusSeconds(3_600);
        publish("replayed-events", delivery("acw", "anna", hourAgo, ""), hourAgo);
        publish(
                "replayed-events",
                delivery("user.start", "ben", hourAgo.plusSeconds(1), ""),
                hourAgo.plusMillis(TRANSFER_TIMEOUT_MS - 1));
        // When
        app = startApp(replay);
        publish(
                "replayed-events",
                delivery("customer.end", "customer", Instant.now(), ", \"disconnectType\": \"PEER\""),
                Instant.now());
        // Then
        assertThat(commandsUntil("customer-end")).containsExactly("agent-updated ben #1", "customer-end #1");
    }

    private static void createTopicWithTimesOfThen(String topic) throws ExecutionException, InterruptedException {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            admin.createTopics(List.of(new NewTopic(topic, PARTITIONS, (short) 1)
                            .configs(Map.of("message.timestamp.type", "CreateTime"))))
                    .all()
                    .get();
            Awaitility.await()
                    .atMost(PATIENCE)
                    .ignoreExceptions()
                    .until(() -> !admin.describeTopics(List.of(topic))
                            .allTopicNames()
                            .get()
                            .isEmpty());
        }
    }

    @Test
    void shouldPutABrokenRecordAsideAndGoOn() throws Exception {
        // Given
        String broken = "{\"detail\": {\"topicName\": 7} nonsense of " + conversation;
        publish(Topics.EVENTS, broken, Instant.now());
        // When
        deliver("customer.end", "customer", Instant.now(), ", \"disconnectType\": \"PEER\"");
        // Then
        assertThat(commandsUntil("customer-end")).containsExactly("customer-end #1");
        ConsumerRecord<String, byte[]> deadLetter = deadLetter();
        assertThat(deadLetter.value()).asString(StandardCharsets.UTF_8).isEqualTo(broken);
        assertThat(deadLetter.headers().lastHeader("__streams.errors.message").value())
                .asString(StandardCharsets.UTF_8)
                .startsWith("Expected an EventBridge envelope");
        assertThat(app != null && app.ready()).isTrue();
    }

    private void deliver(String type, String session, Instant eventTime, String more)
            throws IOException, InterruptedException {
        deliver(bridge, type, session, eventTime, more);
    }

    private void deliver(IngressBridge receiver, String type, String session, Instant eventTime, String more)
            throws IOException, InterruptedException {
        HttpResponse<String> response = HTTP.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + receiver.port() + "/handover/genesysCloudOM"))
                        .header("Authorization", API_KEY)
                        .POST(HttpRequest.BodyPublishers.ofString(delivery(type, session, eventTime, more)))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).isEqualTo(200);
    }

    /** Past the bridge: a record that another producer wrote, at a time of its choice. */
    private void publish(String topic, String value, Instant time) throws ExecutionException, InterruptedException {
        try (KafkaProducer<String, byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers()),
                new StringSerializer(),
                new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(
                            topic, null, time.toEpochMilli(), conversation, value.getBytes(StandardCharsets.UTF_8)))
                    .get();
        }
    }

    private String delivery(String type, String session, Instant eventTime, String more) {
        return """
                {"version": "0", "id": "%1$s", "detail-type": "v2.detail.events.conversation.{id}.%2$s",
                 "source": "aws.partner/genesys.com/cloud/genesys/example-organization", "account": "123456789012",
                 "time": "%3$s", "region": "eu-central-1", "resources": [],
                 "detail": {"topicName": "v2.detail.events.conversation.%4$s.%2$s", "version": "2",
                  "timestamp": "%3$s", "metadata": {},
                  "eventBody": {"eventTime": %5$d, "conversationId": "%4$s", "participantId": "participant-%6$s",
                   "sessionId": "session-%6$s", "userId": "%6$s", "mediaType": "MESSAGE", "messageType": "OPEN"%7$s}}}
                """.formatted(UUID.randomUUID(), type, eventTime, conversation, eventTime.toEpochMilli(), session, more);
    }

    /** Every command of the conversation so far, once the newest one is of that type or reason. */
    private List<String> commandsUntil(String typeOrReason) {
        return commandsUntil(Topics.COMMANDS, typeOrReason);
    }

    private List<String> commandsUntil(String topic, String typeOrReason) {
        List<String> commands = new ArrayList<>();
        readUntil(topic, record -> {
            HandoverCommand command =
                    HandoverSerdes.commands().deserializer().deserialize(record.topic(), record.value());
            commands.add(
                    command instanceof AgentUpdated updated
                            ? "agent-updated " + updated.agent().id() + " #" + updated.cycle()
                            : ((HandoverEnded) command).reason() + " #" + command.cycle());
            return commands.get(commands.size() - 1).startsWith(typeOrReason);
        });
        return commands;
    }

    private ConsumerRecord<String, byte[]> deadLetter() {
        return readUntil(Topics.DEAD_LETTERS, record -> true);
    }

    private interface Condition {
        boolean isMetBy(ConsumerRecord<String, byte[]> record);
    }

    /** Reads the conversation's records from the beginning until one meets the condition. */
    private ConsumerRecord<String, byte[]> readUntil(String topic, Condition condition) {
        try (KafkaConsumer<String, byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers(), "isolation.level", "read_committed"),
                new StringDeserializer(),
                new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(partition -> new TopicPartition(topic, partition.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            List<ConsumerRecord<String, byte[]>> found = new ArrayList<>();
            Awaitility.await().pollDelay(Duration.ZERO).atMost(PATIENCE).until(() -> {
                for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofMillis(100))) {
                    if (conversation.equals(record.key()) && condition.isMetBy(record)) {
                        found.add(record);
                    }
                }
                return !found.isEmpty();
            });
            return found.get(0);
        }
    }

    /** A folder without its contents, as after the loss of a disk. */
    private static final class EmptyFolder {

        private EmptyFolder() {}

        static void empty(Path folder) throws IOException {
            try (var files = Files.walk(folder)) {
                for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
                    if (!file.equals(folder)) {
                        Files.delete(file);
                    }
                }
            }
        }
    }
}
