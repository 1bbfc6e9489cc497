package io.handover.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.handover.embeddedkafka.EmbeddedKafka;
import io.handover.schema.HandoverCommand;
import io.handover.schema.HandoverEnded;
import io.handover.schema.HandoverSerdes;
import io.handover.schema.KeyPartition;
import io.handover.schema.Topics;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Two instances of the application on a real broker, asked and ordered over HTTP. */
class LiveQueriesIT {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String CONVERSATION = "/conversations/{id}";
    private static final String END = "/conversations/{id}/end";
    private static final String RELEASE = "/conversations/{id}/release";
    private static final JsonObject WHY =
            new JsonObject().put("operator", "ops@example.com").put("reason", "stuck");

    @TempDir
    private static Path folder;

    private static EmbeddedKafka kafka;
    private static AppInstance first;
    private static AppInstance second;
    private static KafkaProducer<String, byte[]> producer;

    @BeforeAll
    static void start() {
        kafka = EmbeddedKafka.start(folder.resolve("kafka"), 0);
        first = new AppInstance(kafka.bootstrapServers(), folder.resolve("first"), Map.of());
        second = new AppInstance(kafka.bootstrapServers(), folder.resolve("second"), Map.of());
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers()),
                new StringSerializer(),
                new ByteArraySerializer());
        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(partitions(first)).hasSize(AppInstance.PARTITIONS / 2);
            assertThat(partitions(second)).hasSize(AppInstance.PARTITIONS / 2);
            assertThat(first.json("/handovers/counts", "/handovers/counts").getJsonArray("unreachable"))
                    .isEmpty();
        });
    }

    @AfterAll
    static void stop() {
        producer.close();
        first.close();
        second.close();
        kafka.close();
    }

    /** The partitions that an instance says are its own. */
    private static Set<Integer> partitions(AppInstance asked) throws Exception {
        Set<Integer> numbers = new TreeSet<>();
        for (Object instance : asked.json("/instances", "/instances").getJsonArray("instances")) {
            JsonObject json = (JsonObject) instance;
            if (json.getBoolean("self")) {
                json.getJsonArray("partitions")
                        .forEach(each -> numbers.add(((JsonObject) each).getInteger("partition")));
            }
        }
        return numbers;
    }

    private static void deliver(String conversation, String delivery) {
        try {
            producer.send(new ProducerRecord<>(Topics.EVENTS, conversation, delivery.getBytes(StandardCharsets.UTF_8)))
                    .get();
        } catch (Exception e) {
            throw new AssertionError("Expected Kafka to store a delivery", e);
        }
    }

    private static String served() {
        String conversation = UUID.randomUUID().toString();
        deliver(conversation, Deliveries.userStart(conversation, "anna", Instant.now()));
        awaitKnown(conversation);
        return conversation;
    }

    private static String held() {
        String conversation = UUID.randomUUID().toString();
        deliver(conversation, Deliveries.acw(conversation, "anna", Instant.now()));
        awaitKnown(conversation);
        return conversation;
    }

    private static void awaitKnown(String conversation) {
        await().atMost(PATIENCE)
                .until(() -> first.get(CONVERSATION, "/conversations/" + conversation)
                                .statusCode()
                        == 200);
    }

    private static AppInstance owner(String conversation) throws Exception {
        int partition = KeyPartition.of(conversation.getBytes(StandardCharsets.UTF_8), AppInstance.PARTITIONS);
        return partitions(first).contains(partition) ? first : second;
    }

    private static AppInstance other(AppInstance instance) {
        return instance == first ? second : first;
    }

    @Test
    void shouldAnswerTheSameWhicheverInstanceIsAsked() throws Exception {
        // Given
        String conversation = served();
        AppInstance owner = owner(conversation);
        // When
        JsonObject own = owner.conversation(conversation);
        JsonObject forwarded = other(owner).conversation(conversation);
        // Then
        assertThat(own.getString("answeredBy")).isEqualTo(owner.name());
        assertThat(forwarded.copy().put("now", "")).isEqualTo(own.copy().put("now", ""));
        assertThat(own.getBoolean("stale")).isFalse();
        assertThat(own.getBoolean("open")).isTrue();
        assertThat(own.getString("reading")).isEqualTo("served");
        assertThat(own.getJsonObject("announced").getString("agentId")).isEqualTo("anna");
        assertThat(own.getJsonObject("customer").getString("userId")).isEqualTo("customer-of-" + conversation);
        JsonObject outcome = own.getJsonArray("recent").getJsonObject(0);
        assertThat(outcome.getString("outcome")).isEqualTo("agent-started");
        assertThat(outcome.getString("topic")).isEqualTo("user.start");
        assertThat(outcome.getJsonArray("commands").getJsonObject(0).getString("type"))
                .isEqualTo("agent-updated");
    }

    @Test
    void shouldListWhatIsHeldAndOpenInBothInstancesPageByPage() throws Exception {
        // Given
        Set<String> held = new HashSet<>();
        Set<String> open = new HashSet<>();
        for (int i = 0; i < 20; i++) {
            held.add(held());
            open.add(served());
        }
        open.addAll(held);
        // When
        List<JsonObject> heldItems = pages(second, "/handovers/held", 7);
        List<JsonObject> openItems = pages(first, "/handovers/open", 9);
        // Then
        assertThat(heldItems).extracting(item -> item.getString("deadline")).isSorted();
        assertThat(openItems).extracting(item -> item.getString("openedAt")).isSorted();
        assertThat(heldItems)
                .extracting(item -> item.getString("conversationId"))
                .doesNotHaveDuplicates()
                .containsAll(held);
        assertThat(openItems)
                .extracting(item -> item.getString("conversationId"))
                .doesNotHaveDuplicates()
                .containsAll(open);
        assertThat(heldItems).extracting(item -> item.getInteger("partition")).contains(0, 1, 2, 3);
        assertThat(heldItems).extracting(item -> item.getString("reason")).containsOnly("transfer-timeout");
        // When
        JsonObject counts = first.json("/handovers/counts", "/handovers/counts");
        // Then
        assertThat(counts.getLong("open")).isEqualTo(openItems.size());
        assertThat(counts.getJsonObject("held").getInteger("transfer-timeout")).isEqualTo(heldItems.size());
        assertThat(counts.getJsonObject("held").getInteger("agent-left")).isZero();
        assertThat(counts.getJsonObject("readings").getInteger("served")).isGreaterThanOrEqualTo(20);
        assertThat(counts.getJsonObject("readings").stream()
                        .mapToInt(reading -> (Integer) reading.getValue())
                        .sum())
                .isEqualTo(openItems.size());
        assertThat(first.app().held() + second.app().held()).isEqualTo(heldItems.size());
    }

    @Test
    void shouldNotListAnEndThatWasRefuted() throws Exception {
        // Given
        String refuted = held();
        String stillHeld = held();
        // When
        deliver(refuted, Deliveries.userStart(refuted, "ben", Instant.now().plusSeconds(1)));
        await().atMost(PATIENCE).until(() -> !first.conversation(refuted).containsKey("held"));
        // Then
        assertThat(pages(first, "/handovers/held", 3))
                .extracting(item -> item.getString("conversationId"))
                .contains(stillHeld)
                .doesNotContain(refuted);
    }

    private static List<JsonObject> pages(AppInstance asked, String path, int limit) throws Exception {
        List<JsonObject> items = new ArrayList<>();
        String after = "";
        for (int page = 0; page < 200; page++) {
            JsonObject json = asked.json(path, path + "?limit=" + limit + after);
            assertThat(json.getJsonArray("unreachable")).isEmpty();
            assertThat(json.getJsonArray("items").size()).isLessThanOrEqualTo(limit);
            json.getJsonArray("items").forEach(item -> items.add((JsonObject) item));
            if (!json.containsKey("next")) {
                return items;
            }
            after = "&after=" + json.getString("next");
        }
        throw new AssertionError("Expected the pages to end");
    }

    @Test
    void shouldShowTheInstancesAndTheTopology() throws Exception {
        // When
        JsonArray instances = first.json("/instances", "/instances").getJsonArray("instances");
        JsonObject topology = first.json("/topology", "/topology");
        // Then
        assertThat(instances).hasSize(2).allSatisfy(each -> {
            JsonObject instance = (JsonObject) each;
            assertThat(instance.getBoolean("reachable")).isTrue();
            assertThat(instance.getBoolean("ready")).isTrue();
            assertThat(instance.getBoolean("self"))
                    .isEqualTo(instance.getString("instance").equals(first.name()));
            assertThat(instance.getJsonArray("partitions")).hasSize(2);
        });
        assertThat(topology.getJsonArray("nodes"))
                .contains(
                        new JsonObject().put("name", "handover-events").put("type", "topic"),
                        new JsonObject().put("name", "conversation").put("type", "processor"),
                        new JsonObject().put("name", "conversations").put("type", "store"));
        assertThat(topology.getJsonArray("edges"))
                .contains(
                        new JsonObject().put("from", "conversation").put("to", "commands"),
                        new JsonObject().put("from", "clock-ticks").put("to", "handover-events"));
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            /handovers/held,   /handovers/held?limit=50
            /handovers/open,   /handovers/open?limit=50
            /handovers/counts, /handovers/counts
            /instances,        /instances
            """)
    void shouldReadOnceForAllWhoAcceptASharedAnswer(String template, String path) throws Exception {
        // Given
        AtomicReference<String> shared = new AtomicReference<>("");
        // When / Then
        await().atMost(PATIENCE).until(() -> {
            shared.set(first.shared(template, path).body());
            return first.shared(template, path).body().equals(shared.get());
        });
        // When
        JsonObject fresh = first.json(template, path);
        // Then
        assertThat(fresh.getString("now")).isGreaterThan(new JsonObject(shared.get()).getString("now"));
        assertThat(fresh.fieldNames()).isEqualTo(new JsonObject(shared.get()).fieldNames());
        // When / Then
        await().atMost(PATIENCE)
                .until(() -> !first.shared(template, path).body().equals(shared.get()));
    }

    @Test
    void shouldShareTheAnswersOfTheOtherInstanceToo() throws Exception {
        // Given
        Set<String> held = new HashSet<>();
        for (int i = 0; i < 8; i++) {
            held.add(held());
        }
        // When / Then
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(
                                new JsonObject(first.shared("/handovers/held", "/handovers/held?limit=500")
                                                .body())
                                        .getJsonArray("items"))
                        .extracting(item -> ((JsonObject) item).getString("conversationId"))
                        .containsAll(held));
    }

    @Test
    void shouldNotKnowAConversationThatWasNeverSeen() throws Exception {
        for (int i = 0; i < 8; i++) {
            assertThat(first.get(CONVERSATION, "/conversations/" + UUID.randomUUID())
                            .statusCode())
                    .isEqualTo(404);
        }
    }

    @Test
    void shouldFindAConversationWhoseIdNeedsEncoding() throws Exception {
        // Given
        String conversation = "a b/c+d%é?";
        deliver(conversation, Deliveries.userStart(conversation, "anna", Instant.now()));
        // When / Then
        await().atMost(PATIENCE).untilAsserted(() -> {
            for (AppInstance instance : List.of(first, second)) {
                assertThat(instance.conversation("a%20b%2Fc+d%25%C3%A9%3F").getString("conversationId"))
                        .isEqualTo(conversation);
            }
        });
    }

    @Test
    void shouldEndAHandoverThatAnOperatorOrdersToEndOnce() throws Exception {
        // Given
        String conversation = served();
        AppInstance asked = other(owner(conversation));
        JsonObject order = WHY.copy().put("orderId", UUID.randomUUID().toString());
        // When
        HttpResponse<String> response = asked.post(END, "/conversations/" + conversation + "/end", order);
        HttpResponse<String> again = asked.post(
                END, "/conversations/" + conversation + "/end", order.copy().put("cycle", 1));
        // Then
        assertThat(response.statusCode()).isEqualTo(202);
        assertThat(again.statusCode()).isEqualTo(202);
        assertThat(new JsonObject(response.body()).getString("orderId")).isEqualTo(order.getString("orderId"));
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(outcomes(asked.conversation(conversation)))
                        .containsExactly("agent-started", "operator-ended", "duplicate"));
        JsonObject ended = asked.conversation(conversation);
        assertThat(ended.getBoolean("open")).isFalse();
        assertThat(ended.getJsonObject("lastEnd").getBoolean("final")).isTrue();
        assertThat(commands(conversation))
                .singleElement()
                .satisfies(command -> assertThat(command.reason()).isEqualTo("operator"));
    }

    @Test
    void shouldReleaseAnEndThatIsHeld() throws Exception {
        // Given
        String conversation = held();
        // When
        HttpResponse<String> response = first.post(RELEASE, "/conversations/" + conversation + "/release", WHY);
        // Then
        assertThat(response.statusCode()).isEqualTo(202);
        await().atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(outcomes(second.conversation(conversation))).endsWith("operator-released"));
        assertThat(commands(conversation))
                .singleElement()
                .satisfies(command -> assertThat(command.reason()).isEqualTo("transfer-timeout"));
    }

    @Test
    void shouldRefuseAnOrderForWhichThereIsNothing() throws Exception {
        // Given
        String conversation = served();
        // When / Then
        assertThat(first.post(RELEASE, "/conversations/" + conversation + "/release", WHY)
                        .statusCode())
                .isEqualTo(409);
        assertThat(first.post(END, "/conversations/" + UUID.randomUUID() + "/end", WHY)
                        .statusCode())
                .isEqualTo(404);
        // When
        first.post(END, "/conversations/" + conversation + "/end", WHY);
        await().atMost(PATIENCE).until(() -> !first.conversation(conversation).getBoolean("open"));
        // Then
        assertThat(first.post(END, "/conversations/" + conversation + "/end", WHY)
                        .statusCode())
                .isEqualTo(409);
    }

    @Test
    void shouldOrderEveryPartitionToForgetAnAgent() throws Exception {
        // When
        HttpResponse<String> response = first.post("/agents/{id}/forget", "/agents/anna/forget", WHY);
        // Then
        assertThat(response.statusCode()).isEqualTo(202);
        assertThat(new JsonObject(response.body()).getInteger("partitions")).isEqualTo(AppInstance.PARTITIONS);
    }

    private static List<String> outcomes(JsonObject conversation) {
        return conversation.getJsonArray("recent").stream()
                .map(each -> ((JsonObject) each).getString("outcome"))
                .toList();
    }

    /** The ends of a conversation in the topic of commands. */
    private static List<HandoverEnded> commands(String conversation) {
        List<HandoverEnded> found = new ArrayList<>();
        try (KafkaConsumer<String, HandoverCommand> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers(), "isolation.level", "read_committed"),
                new StringDeserializer(),
                HandoverSerdes.commands().deserializer())) {
            List<TopicPartition> partitions = IntStream.range(0, AppInstance.PARTITIONS)
                    .mapToObj(number -> new TopicPartition(Topics.COMMANDS, number))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(each -> consumer.position(each) < ends.getOrDefault(each, 0L))) {
                consumer.poll(Duration.ofMillis(200)).forEach(read -> {
                    if (read.key().equals(conversation) && read.value() instanceof HandoverEnded ended) {
                        found.add(ended);
                    }
                });
            }
        }
        return found;
    }

    @ParameterizedTest
    @CsvSource(nullValues = "-", textBlock = """
            -,                  401, 401
            wrong,              401, 401
            read-token,         200, 403
            steer-token,        200, 409
            steer-token-before, 200, 409
            steer-token-befor,  401, 401
            """)
    void shouldPermitWhatTheTokenPermits(String token, int toRead, int toSteer) throws Exception {
        // Given
        String conversation = served();
        // When
        HttpResponse<String> read =
                OpenApiDocument.checked("/handovers/counts", first.send(first.request("/handovers/counts", token)));
        HttpResponse<String> steer = OpenApiDocument.checked(
                RELEASE,
                first.send(first.request("/conversations/" + conversation + "/release", token)
                        .POST(HttpRequest.BodyPublishers.ofString(WHY.encode()))));
        // Then
        assertThat(read.statusCode()).isEqualTo(toRead);
        assertThat(steer.statusCode()).isEqualTo(toSteer);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "null",
                "{}",
                "{\"operator\":\"o\"}",
                "{\"operator\":\" \",\"reason\":\"r\"}",
                "{\"operator\":1,\"reason\":\"r\"}",
                "{\"operator\":\"o\",\"reason\":\"r\",\"cycle\":0}",
                "{\"operator\":\"o\",\"reason\":\"r\",\"cycle\":\"1\"}",
                "{\"operator\":\"o\",\"reason\":\"r\",\"cylce\":1}",
                "{\"operator\":\"o\",\"reason\":\"r\",\"orderId\":\"1-1-1-1-1\"}"
            })
    void shouldRefuseABodyThatIsNoOrder(String body) throws Exception {
        assertThat(OpenApiDocument.checked(
                                END,
                                first.send(first.request("/conversations/c/end", AppInstance.STEER)
                                        .POST(HttpRequest.BodyPublishers.ofString(body))))
                        .statusCode())
                .isEqualTo(400);
    }

    @Test
    void shouldRefuseALargeBody() throws Exception {
        assertThat(OpenApiDocument.checked(
                                END,
                                first.send(first.request("/conversations/c/end", AppInstance.STEER)
                                        .POST(HttpRequest.BodyPublishers.ofString("x".repeat(9_000)))))
                        .statusCode())
                .isEqualTo(413);
    }

    @Test
    void shouldServeItsDocumentWithoutAToken() throws Exception {
        // When
        HttpResponse<String> response = first.send(first.request("/openapi.yaml", null));
        // Then
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEqualTo(OpenApiDocument.TEXT);
    }

    @Test
    void shouldStreamCountsAndInstances() throws Exception {
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), first.app().managementPort())) {
            // Given
            socket.setSoTimeout(20_000);
            String request =
                    "GET /changes HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer " + AppInstance.READ + "\r\n\r\n";
            // When
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            BufferedReader lines =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            List<String> events = new ArrayList<>();
            while (events.size() < 4) {
                String line = lines.readLine();
                if (line.startsWith("event: ")) {
                    events.add(line);
                } else if (line.startsWith("data: ")) {
                    String schema = events.get(events.size() - 1).substring("event: ".length());
                    assertThat(OpenApiDocument.errors("/components/schemas/" + schema, line.substring(6)))
                            .isEmpty();
                }
            }
            // Then
            assertThat(events)
                    .containsExactly("event: counts", "event: instances", "event: counts", "event: instances");
        }
    }

    @Test
    void shouldLimitTheStreams() throws Exception {
        List<Socket> sockets = new ArrayList<>();
        try {
            // Given
            for (int i = 0; i < 16; i++) {
                Socket socket = new Socket(
                        InetAddress.getLoopbackAddress(), second.app().managementPort());
                sockets.add(socket);
                socket.setSoTimeout(20_000);
                socket.getOutputStream()
                        .write(("GET /changes HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer " + AppInstance.READ
                                        + "\r\n\r\n")
                                .getBytes(StandardCharsets.US_ASCII));
                assertThat(socket.getInputStream().read()).isEqualTo('H');
            }
            // When / Then
            assertThat(second.get("/changes", "/changes").statusCode()).isEqualTo(503);
        } finally {
            for (Socket socket : sockets) {
                socket.close();
            }
        }
    }
}
