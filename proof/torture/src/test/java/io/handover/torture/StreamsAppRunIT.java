package io.handover.torture;

import static org.assertj.core.api.Assertions.assertThat;

import io.handover.schema.Topics;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an operator sees of a streams-app that runs: its log, and the memory of its state stores. */
class StreamsAppRunIT {

    private static final int PARTITIONS = 4;
    /** The conversations and the agents of each partition. */
    private static final int STORES = 2 * PARTITIONS;

    private static final long MEMORY = 32L * 1024 * 1024;
    private static final int CONVERSATIONS = 5_000;

    private static final String START = """
            {"version":"0","id":"%s","detail-type":"v2.detail.events.conversation.{id}.user.start",
             "source":"aws.partner/genesys.com/cloud/22222222-2222-4222-8222-222222222222/my-organization",
             "detail":{"topicName":"v2.detail.events.conversation.%s.user.start",
              "eventBody":{"eventTime":%d,"conversationId":"%s","participantId":"%s","sessionId":"%s",
               "mediaType":"MESSAGE","messageType":"OPEN","direction":"INBOUND","addressTo":"customer","userId":"%s"}}}
            """;

    @TempDir
    private static Path folder;

    private static BrokerCluster kafka;

    private Path logs = folder;
    private String group = "";

    @BeforeAll
    static void startBroker() {
        kafka = new BrokerCluster(folder, 1, Map.of());
        kafka.start();
    }

    @AfterAll
    static void stopBroker() {
        kafka.close();
    }

    @BeforeEach
    void createTopics() throws Exception {
        logs = Files.createTempDirectory(folder, "app");
        group = logs.getFileName().toString();
        kafka.createTopics();
    }

    @AfterEach
    void deleteTopics() throws Exception {
        kafka.deleteTopics();
    }

    @Test
    void shouldLogStatesTasksAndRestores() throws Exception {
        try (AppProcess app = start(Map.of())) {
            // Given
            app.awaitReady();
            publishStarts(100);
            awaitEvents(app, 100);

            // When
            app.stop();
            deleteState();
            app.restart();
            app.awaitReady();

            // Then
            assertThat(app.log())
                    .contains("Kafka Streams changed its state from=REBALANCING to=RUNNING")
                    .contains("Tasks assigned active=\"[0, 1, 2, 3]\" standby=[]")
                    .containsPattern("Restore started store=conversations partition=\\d records=\\d+")
                    .containsPattern("Restore ended store=conversations partition=\\d records=\\d+ seconds=\\d");
        }
    }

    @Test
    void shouldWarnOfUnknownKafkaSettings() throws Exception {
        // When
        try (AppProcess app = start(Map.of(
                "HANDOVER_KAFKA_SESION_TIMEOUT_MS", "45000",
                "HANDOVER_KAFKA_MAIN_CONSUMER_MAX_POLL_RECORDS", "500",
                "HANDOVER_KAFKA_TOPIC_SEGMENT_BYTES", "1048576"))) {
            app.awaitReady();

            // Then
            assertThat(app.log().lines())
                    .filteredOn(line -> line.contains("Unknown Kafka setting"))
                    .singleElement()
                    .asString()
                    .endsWith("name=kafka.sesion.timeout.ms nearest=kafka.session.timeout.ms");
        }
    }

    @Test
    void shouldBoundTheWriteBuffersOfAllStoresTogether() throws Exception {
        // Given
        try (AppProcess app = start(
                Map.of("HANDOVER_STATE_MEMORY_MAX_BYTES", String.valueOf(MEMORY), "HANDOVER_METRICS_KAFKA", "all"))) {
            app.awaitReady();

            // When
            publishStarts(CONVERSATIONS);
            awaitEvents(app, CONVERSATIONS);

            // Then
            // The metrics of new stores appear within a minute.
            Awaitility.await()
                    .atMost(BrokerCluster.PATIENCE)
                    .untilAsserted(() -> assertThat(gauge(app, "block_cache_capacity"))
                            .hasSize(STORES)
                            .containsOnly((double) MEMORY));
            List<Double> usage = gauge(app, "block_cache_usage");
            System.out.println("block_cache_usage " + usage);
            // Every store reports the usage of the shared cache. The scrape reads one store after the other.
            assertThat(usage).hasSize(STORES).allMatch(bytes -> bytes > 0 && bytes <= MEMORY);
            assertThat(usage.stream().max(Comparator.naturalOrder()).orElseThrow()
                            - usage.stream().min(Comparator.naturalOrder()).orElseThrow())
                    .isLessThan(MEMORY / 8.0);
        }
    }

    @Test
    void shouldBeNotReadyWhileItsOnlyBrokerIsDown() throws Exception {
        // Given
        try (BrokerCluster alone = new BrokerCluster(Files.createDirectory(folder.resolve("alone")), 1, Map.of())) {
            alone.start();
            alone.createTopics();
            try (AppProcess app = AppProcess.start(logs, "app", alone.bootstrapServers(), Map.of())) {
                app.awaitReady();

                // When
                alone.broker(1).kill();

                // Then
                Awaitility.await()
                        .atMost(BrokerCluster.PATIENCE)
                        .until(() -> app.get("/health/ready").statusCode() == 503);
                assertThat(app.get("/health/ready").body()).contains("Kafka does not answer.");
                assertThat(app.get("/health/live").statusCode()).isEqualTo(200);

                // When
                alone.broker(1).start();

                // Then
                app.awaitReady();
                assertThat(app.log()).contains("Kafka is ready");
            }
        }
    }

    @Test
    void shouldNameTheMissingTopicAndStop() throws Exception {
        // Given
        kafka.admin().deleteTopics(List.of(Topics.COMMANDS)).all().get();

        // When
        try (AppProcess app = start(Map.of())) {

            // Then
            assertThat(app.awaitEnd(BrokerCluster.PATIENCE)).endsWith("exit code 1");
            assertThat(app.log()).contains("streams-app: Topic handover-commands does not exist");
        }
    }

    @Test
    void shouldStopWhenTheEventsGrow() throws Exception {
        // Given
        try (AppProcess app = start(Map.of())) {
            app.awaitReady();

            // When
            kafka.admin()
                    .createPartitions(Map.of(Topics.EVENTS, NewPartitions.increaseTo(PARTITIONS + 2)))
                    .all()
                    .get();

            // Then
            assertThat(app.awaitEnd(BrokerCluster.PATIENCE)).endsWith("exit code 1");
            assertThat(app.log()).contains("has 6 partitions", "./handover repartition");
        }
    }

    private AppProcess start(Map<String, String> settings) {
        Map<String, String> all = new HashMap<>(settings);
        all.put("HANDOVER_APPLICATION_ID", group);
        return AppProcess.start(logs, "app", kafka.bootstrapServers(), all);
    }

    private void deleteState() throws IOException {
        try (Stream<Path> files = Files.walk(logs.resolve("app"))) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    /** Publishes the starts of agents in so many conversations. */
    private static void publishStarts(int conversations) {
        kafka.publish(IntStream.range(0, conversations)
                .mapToObj(number -> new UUID(3, number).toString())
                .map(id -> new ProducerRecord<>(
                        Topics.EVENTS,
                        id,
                        START.formatted(id, id, System.currentTimeMillis(), id, id, id, id)
                                .getBytes(StandardCharsets.UTF_8))));
    }

    private static void awaitEvents(AppProcess app, int events) {
        Pattern outcomes = Pattern.compile("(?m)^handover_events_total\\{[^}]*} (\\S+)$");
        Awaitility.await()
                .atMost(BrokerCluster.PATIENCE)
                .until(() -> outcomes.matcher(app.get("/metrics").body())
                                .results()
                                .mapToDouble(sample -> Double.parseDouble(sample.group(1)))
                                .sum()
                        >= events);
    }

    /** The values of a metric of the state stores. */
    private static List<Double> gauge(AppProcess app, String name) throws IOException, InterruptedException {
        return Pattern.compile("(?m)^kafka_stream_state_" + name + "\\{[^}]*} (\\S+)$")
                .matcher(app.get("/metrics").body())
                .results()
                .map(sample -> Double.parseDouble(sample.group(1)))
                .toList();
    }
}
