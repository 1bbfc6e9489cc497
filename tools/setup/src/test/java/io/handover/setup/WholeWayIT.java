package io.handover.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.handover.embeddedkafka.EmbeddedKafka;
import io.handover.fakeaws.Behaviour;
import io.handover.ingress.IngressBridge;
import io.handover.schema.Topics;
import io.handover.setup.Clouds.Result;
import io.handover.streams.StreamsApp;
import io.handover.terminal.CommandRunner;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The fake clouds with both real processes and a broker: from an empty account to commands, and back. */
class WholeWayIT {

    private static final String NEW_KEY = "second-key-91b3";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    @Test
    void shouldGoFromNothingToCommandsAndBackToNothing() throws Exception {
        Path keys = folder.resolve("keys");
        Files.writeString(keys, Clouds.KEY + "\n");
        try (EmbeddedKafka kafka = EmbeddedKafka.start(folder.resolve("kafka"), 0);
                IngressBridge bridge = bridge(kafka, keys);
                StreamsApp app = app(kafka);
                BridgeStub proxy = new BridgeStub(folder);
                Clouds clouds = new Clouds(folder, "eu-central-1", Behaviour.USUAL)) {
            // Given
            assertThat(app.managementPort()).isPositive();
            proxy.forwardTo(URI.create("http://127.0.0.1:" + bridge.port()));
            clouds.aws.trust(proxy.certificate());
            clouds.settings.put("endpoint.url", proxy.url());
            clouds.settings.put("bridge.metrics.urls", "http://127.0.0.1:" + bridge.managementPort() + "/metrics");
            clouds.settings.remove("api.key");
            clouds.settings.put("api.key.file", keys.toString());
            await().atMost(PATIENCE).until(() -> clouds.run("plan").code() == 2);
            // When
            Result applied = clouds.run("apply", "--yes");
            Result empty = clouds.run("plan");
            await().atMost(PATIENCE)
                    .untilAsserted(() ->
                            assertThat(clouds.run("verify", "--canary").code()).isEqualTo(CommandRunner.EXIT_OK));
            // Then
            assertThat(applied.code()).as(applied.err()).isEqualTo(CommandRunner.EXIT_OK);
            assertThat(empty.code()).as(empty.out()).isEqualTo(CommandRunner.EXIT_OK);

            // When
            AtomicBoolean done = new AtomicBoolean();
            AtomicInteger published = new AtomicInteger();
            CompletableFuture<Void> load = CompletableFuture.runAsync(() -> {
                while (!done.get()) {
                    converse(clouds, published.incrementAndGet());
                    await().atMost(PATIENCE).until(() -> clouds.aws.openDeliveries() < 10);
                }
            });
            await().atMost(PATIENCE).until(() -> ended(kafka).size() >= 5);
            rotate(clouds, keys);
            int ended = ended(kafka).size();
            await().atMost(PATIENCE).until(() -> ended(kafka).size() >= ended + 5);
            done.set(true);
            load.join();
            // Then
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(ended(kafka)).hasSize(published.get()));
            assertThat(clouds.dlq("list").out()).contains("No dead letters.");
            assertThat(clouds.dlq("list", "--from", "topic", "--bootstrap-server", kafka.bootstrapServers())
                            .out())
                    .contains("No dead letters.");

            // When
            resendFromTheTopic(clouds, kafka);
            Result destroyed = clouds.run("destroy", "--yes", "--with-archive", "--with-queue");
            // Then
            assertThat(destroyed.code()).as(destroyed.err()).isEqualTo(CommandRunner.EXIT_OK);
            assertThat(clouds.aws.resources()).isEmpty();
            assertThat(clouds.genesys.integrations().all()).isEmpty();
            assertThat(String.join("", clouds.printed)).doesNotContain(Clouds.KEY, NEW_KEY);
        }
    }

    /** Both keys in the file of the bridge, rotate-key, the new key alone. */
    private static void rotate(Clouds clouds, Path keys) throws Exception {
        replace(keys, NEW_KEY + "\n" + Clouds.KEY + "\n");
        await().atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(clouds.run("rotate-key", "--yes").code()).isEqualTo(CommandRunner.EXIT_OK));
        replace(keys, NEW_KEY + "\n");
    }

    private static void replace(Path file, String content) throws Exception {
        Path next = file.resolveSibling("next");
        Files.writeString(next, content);
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** A letter that can be read now is delivered, one that cannot stays in the topic. */
    private static void resendFromTheTopic(Clouds clouds, EmbeddedKafka kafka) throws Exception {
        int before = ended(kafka).size();
        try (KafkaProducer<String, byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers()),
                new StringSerializer(),
                new ByteArraySerializer())) {
            for (String body : List.of("not JSON", envelope("user.start", "late"), envelope("customer.end", "late"))) {
                producer.send(new ProducerRecord<>(
                                Topics.DEAD_LETTERS, 0, "key", body.getBytes(StandardCharsets.UTF_8)))
                        .get();
            }
        }
        Result resent = clouds.dlq("resend", "--from", "topic", "--bootstrap-server", kafka.bootstrapServers());
        assertThat(resent.out()).as(resent.err()).contains("Sent 2 letters.", "Kept 1 letters: still unreadable");
        await().atMost(PATIENCE).until(() -> ended(kafka).size() == before + 1);
        assertThat(clouds.dlq("list", "--from", "topic", "--bootstrap-server", kafka.bootstrapServers())
                        .out())
                .contains("No dead letters.");
    }

    private static void converse(Clouds clouds, int number) {
        clouds.aws.publish(envelope("user.start", "c-" + number));
        clouds.aws.publish(envelope("customer.end", "c-" + number));
    }

    private static String envelope(String topic, String conversation) {
        long time = System.currentTimeMillis() + (topic.equals("customer.end") ? 1 : 0);
        return """
                {"source":"%s","detail-type":"v2.detail.events.conversation.{id}.%s","resources":[],\
                "detail":{"topicName":"v2.detail.events.conversation.%s.%s",\
                "eventBody":{"eventTime":%d,"conversationId":"%s","sessionId":"s-%s","participantId":"%s-p",\
                "userId":"agent","disconnectType":"PEER","mediaType":"MESSAGE","messageType":"OPEN"}}}""".formatted(Clouds.SOURCE, topic, conversation, topic, time, conversation, topic, topic);
    }

    private static IngressBridge bridge(EmbeddedKafka kafka, Path keys) {
        return IngressBridge.start(IngressBridge.settings()
                .load(
                        null,
                        Map.of(),
                        Map.of(
                                "kafka.bootstrap.servers",
                                kafka.bootstrapServers(),
                                "topics.create",
                                "true",
                                "http.port",
                                "0",
                                "management.port",
                                "0",
                                "organization.id",
                                Clouds.SUFFIX,
                                "api.key.file",
                                keys.toString())));
    }

    private StreamsApp app(EmbeddedKafka kafka) {
        Map<String, String> settings = new HashMap<>();
        settings.put("kafka.bootstrap.servers", kafka.bootstrapServers());
        settings.put("topics.create", "true");
        settings.put("management.port", "0");
        settings.put("state.dir", folder.resolve("state").toString());
        return StreamsApp.start(StreamsApp.settings().load(null, Map.of(), settings), failure -> {});
    }

    /** The conversations whose handover has ended. */
    private static Set<String> ended(EmbeddedKafka kafka) {
        Set<String> ended = new TreeSet<>();
        try (KafkaConsumer<String, byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers(), "isolation.level", "read_committed"),
                new StringDeserializer(),
                new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = new ArrayList<>();
            consumer.partitionsFor(Topics.COMMANDS)
                    .forEach(one -> partitions.add(new TopicPartition(one.topic(), one.partition())));
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                consumer.poll(Duration.ofMillis(100)).forEach(record -> {
                    if (new String(record.value(), StandardCharsets.UTF_8).contains("handover-ended")) {
                        ended.add(record.key());
                    }
                });
            }
        }
        return ended;
    }
}
