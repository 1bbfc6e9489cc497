package io.handover.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.handover.embeddedkafka.EmbeddedKafka;
import io.handover.schema.Topics;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One of two instances goes away: what is missing is named, and nothing is answered wrongly. */
class InstanceFailureIT {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int CONVERSATIONS = 24;

    @TempDir
    private Path folder;

    private EmbeddedKafka kafka;
    private final List<AppInstance> apps = new ArrayList<>();

    @BeforeEach
    void start() {
        kafka = EmbeddedKafka.start(folder.resolve("kafka"), 0);
    }

    @AfterEach
    void stop() {
        apps.forEach(AppInstance::close);
        kafka.close();
    }

    private AppInstance startApp(String name, Map<String, String> settings) {
        AppInstance app = new AppInstance(kafka.bootstrapServers(), folder.resolve(name), settings);
        apps.add(app);
        return app;
    }

    private void open() {
        try (KafkaProducer<String, byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers()),
                new StringSerializer(),
                new ByteArraySerializer())) {
            for (int i = 0; i < CONVERSATIONS; i++) {
                String delivery = Deliveries.userStart("c-" + i, "anna", Instant.now());
                Future<RecordMetadata> unused = producer.send(
                        new ProducerRecord<>(Topics.EVENTS, "c-" + i, delivery.getBytes(StandardCharsets.UTF_8)));
            }
        }
    }

    private static JsonObject counts(AppInstance asked) throws Exception {
        return asked.json("/handovers/counts", "/handovers/counts");
    }

    private static Set<Integer> missing(JsonObject answer) {
        Set<Integer> missing = new TreeSet<>();
        for (Object each : answer.getJsonArray("unreachable")) {
            ((JsonObject) each).getJsonArray("partitions").forEach(number -> missing.add((Integer) number));
        }
        return missing;
    }

    @Test
    void shouldNameWhatIsMissingUntilTheOtherInstanceHasIt() throws Exception {
        // Given
        AppInstance stays = startApp("stays", Map.of());
        AppInstance leaves = startApp("leaves", Map.of());
        await().atMost(PATIENCE).until(() -> partitions(stays) == 2 && partitions(leaves) == 2);
        open();
        await().atMost(PATIENCE).until(() -> counts(stays).getInteger("open") == CONVERSATIONS);
        // When
        apps.remove(leaves);
        Thread closing = new Thread(leaves::close);
        closing.start();
        // Then
        await().atMost(PATIENCE).until(() -> {
            JsonObject answer = countsOrNull(stays);
            if (answer == null) {
                return false;
            }
            int open = answer.getInteger("open");
            // An answer is complete, or says what is missing.
            assertThat(open == CONVERSATIONS || !missing(answer).isEmpty())
                    .as("complete or not: %s", answer)
                    .isTrue();
            return open == CONVERSATIONS && missing(answer).isEmpty() && partitions(stays) == AppInstance.PARTITIONS;
        });
        closing.join();
        for (int i = 0; i < CONVERSATIONS; i++) {
            assertThat(stays.conversation("c-" + i).getString("answeredBy")).isEqualTo(stays.name());
        }
    }

    /** Answers with 503 are right while partitions move. */
    private static @Nullable JsonObject countsOrNull(AppInstance asked) throws Exception {
        HttpResponse<String> response = asked.get("/handovers/counts", "/handovers/counts");
        assertThat(response.statusCode()).isIn(200, 503);
        return response.statusCode() == 200 ? new JsonObject(response.body()) : null;
    }

    @Test
    void shouldNameAnInstanceThatDoesNotAnswer() throws Exception {
        // Given
        AppInstance asked = startApp("asked", Map.of());
        AppInstance hidden = startApp("hidden", Map.of("management.advertised.address", "127.0.0.1:1"));
        await().atMost(PATIENCE).until(() -> partitions(asked) == 2 && partitions(hidden) == 2);
        open();
        await().atMost(PATIENCE)
                .until(() -> counts(asked).getInteger("open") + counts(hidden).getInteger("open") >= CONVERSATIONS);
        // When
        JsonObject counts = counts(asked);
        JsonArray instances = asked.json("/instances", "/instances").getJsonArray("instances");
        // Then
        assertThat(counts.getJsonArray("unreachable")).singleElement().satisfies(each -> {
            assertThat(((JsonObject) each).getString("instance")).isEqualTo("127.0.0.1:1");
            assertThat(((JsonObject) each).getJsonArray("partitions")).hasSize(2);
        });
        assertThat(instances)
                .extracting(each -> ((JsonObject) each).getBoolean("reachable"))
                .containsExactlyInAnyOrder(true, false);
        assertThat(statuses(asked)).containsExactlyInAnyOrder(200, 503);
        // The hidden one reaches the other.
        assertThat(statuses(hidden)).containsExactly(200);
        assertThat(counts(hidden).getInteger("open")).isEqualTo(CONVERSATIONS);
    }

    @Test
    void shouldAnswerFromAStandbyWhileTheActiveInstanceDoesNotAnswer() throws Exception {
        // Given
        Map<String, String> standby = Map.of("kafka.num.standby.replicas", "1");
        Map<String, String> hiding =
                Map.of("kafka.num.standby.replicas", "1", "management.advertised.address", "127.0.0.1:1");
        AppInstance asked = startApp("asked", standby);
        AppInstance hidden = startApp("hidden", hiding);
        await().atMost(PATIENCE).until(() -> partitions(asked) == 2 && partitions(hidden) == 2);
        open();
        // When / Then
        await().atMost(PATIENCE).untilAsserted(() -> {
            Set<Boolean> stale = new TreeSet<>();
            for (int i = 0; i < CONVERSATIONS; i++) {
                JsonObject conversation = asked.conversation("c-" + i);
                assertThat(conversation.getString("reading")).isEqualTo("served");
                assertThat(conversation.containsKey("recent")).isNotEqualTo(conversation.getBoolean("stale"));
                stale.add(conversation.getBoolean("stale"));
            }
            assertThat(stale).containsExactly(false, true);
        });
    }

    private static Set<Integer> statuses(AppInstance asked) throws Exception {
        Set<Integer> statuses = new TreeSet<>();
        for (int i = 0; i < CONVERSATIONS; i++) {
            statuses.add(
                    asked.get("/conversations/{id}", "/conversations/c-" + i).statusCode());
        }
        return statuses;
    }

    private static int partitions(AppInstance asked) throws Exception {
        for (Object instance : asked.json("/instances", "/instances").getJsonArray("instances")) {
            if (((JsonObject) instance).getBoolean("self")) {
                return ((JsonObject) instance).getJsonArray("partitions").size();
            }
        }
        return 0;
    }
}
