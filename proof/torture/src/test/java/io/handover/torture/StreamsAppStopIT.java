package io.handover.torture;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.handover.reference.UnreliableDelivery;
import io.handover.schema.RecordKind;
import io.handover.schema.Topics;
import io.handover.torture.Script.Conversation;
import io.handover.traffic.Tempo;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A streams-app that stops, by itself or on request, stops soon and says why. Its partitions are free at once. */
class StreamsAppStopIT {

    private static final int PARTITIONS = 4;

    /** Below a session (45 s), and below the time for which a producer waits for metadata (60 s). */
    private static final Duration SOON = Duration.ofSeconds(30);

    private static final Map<String, String> NONE = Map.of();

    @TempDir
    private static Path folder;

    private static BrokerCluster kafka;

    private Path logs = folder;

    /** The application id. Each test has its own, because a killed app stays in its group for a while. */
    private String group = "";

    @BeforeAll
    static void startBroker() {
        kafka = new BrokerCluster(folder, 1, KafkaRefusalIT.AUTHORIZING);
        kafka.start();
    }

    @AfterAll
    static void stopBroker() {
        kafka.close();
    }

    @BeforeEach
    void nameTheApplication() throws Exception {
        logs = Files.createTempDirectory(folder, "app");
        group = logs.getFileName().toString();
    }

    @AfterEach
    void restoreBroker() throws Exception {
        kafka.admin().deleteAcls(List.of(AclBindingFilter.ANY)).all().get();
        kafka.deleteTopics();
    }

    @Test
    void shouldStopSoonWhenACommandIsTooLargeForItsTopic() throws Exception {
        // Given
        kafka.createTopics();
        kafka.alterTopic(Topics.COMMANDS, TopicConfig.MAX_MESSAGE_BYTES_CONFIG, "100");
        try (AppProcess app = start("app", NONE)) {
            app.awaitReady();

            // When
            kafka.publish(conversation(0));

            // Then
            assertRefused(app, Topics.COMMANDS, "The request included a message larger than the max message size");
        }
    }

    @Test
    void shouldStopSoonWhenADeadLetterHasNoKeyForItsCompactedTopic() throws Exception {
        // Given
        kafka.createTopics();
        try (AppProcess app = start("app", NONE)) {
            app.awaitReady();
            kafka.alterTopic(
                    Topics.DEAD_LETTERS, TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT);

            // When
            kafka.publish(Stream.of(new ProducerRecord<>(Topics.EVENTS, null, new byte[] {'?'})));

            // Then
            assertRefused(app, Topics.DEAD_LETTERS, "");
        }
    }

    @Test
    void shouldStopSoonWhenItMayNoLongerWriteCommands() throws Exception {
        // Given
        kafka.createTopics();
        Map<String, String> settings = new HashMap<>(KafkaRefusalIT.AS_BRIDGE);
        settings.put("HANDOVER_KAFKA_BOOTSTRAP_SERVERS", kafka.linkedBootstrapServers());
        try (AppProcess app = start("app", settings)) {
            app.awaitReady();
            ResourcePattern commands = new ResourcePattern(ResourceType.TOPIC, Topics.COMMANDS, PatternType.LITERAL);
            kafka.admin()
                    .createAcls(List.of(
                            KafkaRefusalIT.entry(commands, "User:bridge", AclOperation.WRITE, AclPermissionType.DENY)))
                    .all()
                    .get();

            // When
            kafka.publish(conversation(0));

            // Then
            assertStopped(
                    app,
                    "Topic handover-commands does not permit Write to this user: run kafka-acls.sh",
                    "Missing right in Kafka, stopping the application");
        }
    }

    private void assertRefused(AppProcess app, String topic, String reason) throws Exception {
        assertStopped(
                app,
                "Kafka refused a record for the topic " + topic + ": " + reason,
                "Record refused by Kafka, stopping the application",
                "topic=" + topic,
                reason);
    }

    /** The process ends with one sentence, after one log line. Then the group has no member. */
    private void assertStopped(AppProcess app, String sentence, String... logged) throws Exception {
        long sentNs = System.nanoTime();
        assertThat(app.awaitEnd(SOON)).endsWith("exit code 1");
        System.out.printf("%s: ended after %.1f s%n", sentence, secondsSince(sentNs));
        assertThat(members()).isEmpty();
        List<String> log = app.log().lines().toList();
        assertThat(log.get(log.size() - 1)).startsWith("streams-app: " + sentence);
        assertThat(log)
                .filteredOn(line -> line.contains("ERROR StreamsShutdown"))
                .singleElement()
                .asString()
                .contains(logged);
        assertThat(log).noneMatch(line -> line.contains("at org.apache.kafka.streams"));
    }

    @Test
    void shouldFreeItsPartitionsAtOnceWhenItFails() throws Exception {
        // Given
        kafka.createTopics();
        Map<String, String> failing = Map.of("HANDOVER_KAFKA_PRODUCER_MAX_REQUEST_SIZE", "200");
        try (AppProcess app = start("failing", failing);
                AppProcess other = start("other", NONE)) {
            app.awaitReady();
            other.awaitReady();
            awaitPartitions("failing", PARTITIONS / 2, BrokerCluster.PATIENCE);

            // When
            kafka.publish(Stream.iterate(0, i -> i + 1).limit(20).flatMap(StreamsAppStopIT::conversation));

            // Then
            assertThat(app.awaitEnd(SOON)).endsWith("exit code 1");
            long endedNs = System.nanoTime();
            awaitPartitions("other", PARTITIONS, SOON);
            System.out.printf("failed: partitions taken over after %.1f s%n", secondsSince(endedNs));
            assertThat(members()).allMatch(member -> member.clientId().startsWith("other"));
        }
    }

    @Test
    void shouldFreeItsPartitionsAtOnceWhenItIsStopped() throws Exception {
        // Given
        kafka.createTopics();
        try (AppProcess app = start("stopped", NONE);
                AppProcess other = start("other", NONE)) {
            app.awaitReady();
            other.awaitReady();
            awaitPartitions("stopped", PARTITIONS / 2, BrokerCluster.PATIENCE);

            // When
            app.stop();

            // Then
            long endedNs = System.nanoTime();
            awaitPartitions("other", PARTITIONS, SOON);
            System.out.printf("stopped: partitions taken over after %.1f s%n", secondsSince(endedNs));
            assertThat(members()).allMatch(member -> member.clientId().startsWith("other"));
        }
    }

    @Test
    void shouldKeepThePartitionsOfAStaticMemberThatIsStopped() throws Exception {
        // Given
        kafka.createTopics();
        try (AppProcess app = start("static", Map.of("HANDOVER_KAFKA_GROUP_INSTANCE_ID", "one"));
                AppProcess other = start("other", Map.of("HANDOVER_KAFKA_GROUP_INSTANCE_ID", "two"))) {
            app.awaitReady();
            other.awaitReady();
            awaitPartitions("static", PARTITIONS / 2, BrokerCluster.PATIENCE);

            // When
            app.stop();

            // Then
            assertThat(partitionsOf("static")).isEqualTo(PARTITIONS / 2);
            assertThat(partitionsOf("other")).isEqualTo(PARTITIONS / 2);

            // When
            app.restart();
            app.awaitReady();

            // Then
            assertThat(partitionsOf("static")).isEqualTo(PARTITIONS / 2);
        }
    }

    private AppProcess start(String name, Map<String, String> settings) {
        Map<String, String> all = new HashMap<>(settings);
        all.put("HANDOVER_APPLICATION_ID", group);
        return AppProcess.start(logs, name, kafka.bootstrapServers(), all);
    }

    private static double secondsSince(long ns) {
        return Duration.ofNanos(System.nanoTime() - ns).toMillis() / 1_000.0;
    }

    /** The deliveries of a conversation in which agents serve. */
    private static Stream<ProducerRecord<String, byte[]>> conversation(int number) {
        Script script = new Script(
                1, System.currentTimeMillis(), 0, new Tempo(100, 100, 100, 100, 14_000), UnreliableDelivery.NONE);
        Conversation conversation = script.conversation(number);
        return conversation.planned().stream()
                .map(arrival -> new ProducerRecord<>(
                        Topics.EVENTS,
                        null,
                        conversation.id(),
                        arrival.envelope(),
                        List.of(RecordKind.DELIVERY.header())));
    }

    private Collection<MemberDescription> members() throws ExecutionException, InterruptedException {
        return requireNonNull(kafka.admin()
                        .describeConsumerGroups(List.of(group))
                        .all()
                        .get()
                        .get(group))
                .members();
    }

    /** The number of partitions of the events that the app with this name has. */
    private long partitionsOf(String app) throws ExecutionException, InterruptedException {
        return members().stream()
                .filter(member -> member.clientId().startsWith(app))
                .flatMap(member -> member.assignment().topicPartitions().stream())
                .filter(partition -> partition.topic().equals(Topics.EVENTS))
                .count();
    }

    private void awaitPartitions(String app, int partitions, Duration atMost) {
        Awaitility.await().atMost(atMost).until(() -> partitionsOf(app) == partitions);
    }
}
