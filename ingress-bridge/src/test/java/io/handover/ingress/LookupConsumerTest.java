package io.handover.ingress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.handover.genesys.GenesysConnection;
import io.handover.genesys.GenesysRegion;
import io.handover.genesys.GenesysUser;
import io.handover.schema.AgentLookup;
import io.handover.schema.AgentProfile;
import io.handover.schema.HandoverSerdes;
import io.handover.schema.Topics;
import io.handover.service.TopicNames;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.NotEnoughReplicasException;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LookupConsumerTest {

    private static final TopicPartition ZERO = new TopicPartition(Topics.AGENT_LOOKUPS, 0);
    private static final TopicPartition ONE = new TopicPartition(Topics.AGENT_LOOKUPS, 1);
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:06.789Z");
    private static final Duration MAX_AGE = Duration.ofMinutes(5);
    private static final DirectorySettings SETTINGS = new DirectorySettings(
            new GenesysConnection(GenesysRegion.of("eu-central-1"), null, null, 150), "id", null, null, MAX_AGE, 96);
    private static final GenesysUser ANNA = new GenesysUser(
            "anna",
            "Anna",
            List.of(
                    new GenesysUser.Image(48, "https://pictures.example/48"),
                    new GenesysUser.Image(128, "https://pictures.example/128")));

    private final AtomicLong nanos = new AtomicLong();
    private final BrokerTime time = new BrokerTime(nanos::get);
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final DirectoryMetrics metrics = new DirectoryMetrics(registry);
    private volatile UserCache.Users users = id -> id.equals("anna") ? Optional.of(ANNA) : Optional.empty();
    private final UserCache cache = new UserCache(id -> users.user(id), SETTINGS, time, metrics, nanos::get);
    private final MockConsumer<byte[], byte[]> kafka = new MockConsumer<>("earliest");
    private final MockProducer<String, AgentProfile> producer =
            new MockProducer<>(false, null, new StringSerializer(), HandoverSerdes.agentProfileSerializer());
    private final LookupConsumer lookups = new LookupConsumer(
            kafka, producer, TopicNames.DEFAULT, new LookupConsumer.Directory(cache, time, 96), metrics);
    private volatile boolean isWanted = true;
    private CompletableFuture<Void> running;
    private long offset;

    @BeforeEach
    void start() {
        kafka.updateBeginningOffsets(Map.of(ZERO, 0L, ONE, 0L));
        kafka.schedulePollTask(() -> kafka.rebalance(List.of(ZERO, ONE)));
        CountDownLatch assigned = new CountDownLatch(1);
        running = CompletableFuture.runAsync(() -> lookups.run(() -> isWanted, assigned::countDown));
        await().until(() -> assigned.getCount() == 0);
    }

    @AfterEach
    void stop() {
        isWanted = false;
        await().until(running::isDone);
        lookups.close();
        cache.close();
        assertLedgerCloses();
    }

    @Test
    void shouldWriteNameAndPictureUnderTheConversation() {
        // Given
        // When
        read("conversation-1", "anna");

        // Then
        ProducerRecord<String, AgentProfile> profile = sent(0);
        assertThat(profile.topic()).isEqualTo(Topics.EVENTS);
        assertThat(profile.partition()).isNull();
        assertThat(profile.key()).isEqualTo("conversation-1");
        assertThat(profile.value())
                .isEqualTo(new AgentProfile("conversation-1", "anna", "Anna", "https://pictures.example/128"));
        producer.completeNext();
        awaitOutcomes(Map.of("answered", 1L));
    }

    @Test
    void shouldWriteAProfileWithoutANameForAnUnknownAgent() {
        // Given
        // When
        read("conversation-1", "nobody");

        // Then
        assertThat(sent(0).value()).isEqualTo(new AgentProfile("conversation-1", "nobody", null, null));
        producer.completeNext();
        awaitOutcomes(Map.of("unknown", 1L));
    }

    @Test
    void shouldCommitOnlyWhatIsAcknowledged() {
        // Given
        time.acknowledged(NOW.toEpochMilli());
        read("conversation-1", "anna");
        sent(0);
        read("conversation-2", "anna");
        sent(1);

        // When
        producer.completeNext();

        // Then
        await().untilAsserted(() -> assertThat(committed()).isEqualTo(new OffsetAndMetadata(1)));
        assertThat(pending()).isEqualTo(1);
        producer.completeNext();
        await().untilAsserted(() -> assertThat(committed()).isEqualTo(new OffsetAndMetadata(2)));
    }

    @Test
    void shouldCountAFailureOfGenesysAsDone() {
        // Given
        users = id -> {
            throw new IllegalStateException("Genesys is down.");
        };

        // When
        read("conversation-1", "anna");

        // Then
        awaitOutcomes(Map.of("failed", 1L));
        await().untilAsserted(() -> assertThat(committed()).isEqualTo(new OffsetAndMetadata(1)));
        assertThat(producer.history()).isEmpty();
    }

    @Test
    void shouldPassAnUnreadableLookupWithoutShowingIt() {
        try (LogCapture log = new LogCapture(LookupConsumer.class)) {
            // Given
            // When
            read("{\"conversationId\":\"secret\"".getBytes(StandardCharsets.UTF_8));
            read((byte @Nullable []) null);

            // Then
            awaitOutcomes(Map.of("failed", 2L));
            assertThat(log.values("reason"))
                    .hasSize(2)
                    .allSatisfy(reason -> assertThat(reason).doesNotContain("secret"));
            assertThat(log.values("offset")).containsExactly("0", "1");
        }
    }

    @Test
    void shouldDropALookupThatIsTooOld() {
        // Given
        time.acknowledged(NOW.plus(MAX_AGE).plusMillis(1).toEpochMilli());

        // When
        read("conversation-1", "anna");

        // Then
        awaitOutcomes(Map.of("too-old", 1L));
        assertThat(producer.history()).isEmpty();
    }

    @Test
    void shouldAnswerANewerLookupWhoseSharedRequestWasTooOld() {
        // Given
        CountDownLatch answer = new CountDownLatch(1);
        CountDownLatch asked = new CountDownLatch(8);
        users = id -> {
            asked.countDown();
            answer.await();
            return Optional.of(ANNA);
        };
        time.acknowledged(NOW.toEpochMilli());
        for (int i = 0; i < 8; i++) {
            read("busy", "agent-" + i);
        }
        await().until(() -> asked.getCount() == 0);
        read("older", "anna");
        readAt("newer", "anna", NOW.plus(MAX_AGE));
        await().until(() -> pending() == 10);

        // When
        nanos.addAndGet(MAX_AGE.toNanos() + Duration.ofMillis(1).toNanos());
        answer.countDown();

        // Then
        await().until(() -> producer.history().size() == 9);
        assertThat(producer.history())
                .extracting(ProducerRecord::key)
                .contains("newer")
                .doesNotContain("older");
        while (producer.completeNext()) {
            // acknowledges each
        }
        awaitOutcomes(Map.of("answered", 9L, "too-old", 1L));
    }

    @Test
    void shouldReadOnlyAFewLookupsWhileTheTimeIsUnknown() {
        // Given
        CountDownLatch answer = new CountDownLatch(1);
        users = id -> {
            answer.await();
            return Optional.of(ANNA);
        };

        // When
        read("conversation-1", "anna");

        // Then
        await().until(() -> kafka.paused().containsAll(Set.of(ZERO, ONE)));
        answer.countDown();
        sent(0);
        producer.completeNext();
        await().until(() -> kafka.paused().isEmpty());
    }

    @Test
    void shouldStopReadingWhenManyArePending() {
        // Given
        time.acknowledged(NOW.toEpochMilli());

        // When
        for (int i = 0; i < LookupConsumer.MAX_PENDING - LookupConsumer.MAX_POLL_RECORDS + 1; i++) {
            read("conversation-" + i, "anna");
        }

        // Then
        await().until(() -> kafka.paused().containsAll(Set.of(ZERO, ONE)));
        sent(LookupConsumer.MAX_PENDING - LookupConsumer.MAX_POLL_RECORDS);
        producer.completeNext();
        await().until(() -> kafka.paused().isEmpty());
    }

    @Test
    void shouldForgetWhatIsPendingInARevokedPartition() {
        // Given
        time.acknowledged(NOW.toEpochMilli());
        read("conversation-1", "anna");
        sent(0);
        read("conversation-2", "anna");
        sent(1);
        producer.completeNext();
        await().until(() -> pending() == 1);

        // When
        kafka.schedulePollTask(() -> kafka.rebalance(List.of(ONE)));

        // Then
        awaitOutcomes(Map.of("answered", 1L, "forgotten", 1L));
        producer.completeNext();
        kafka.schedulePollTask(() -> kafka.rebalance(List.of(ZERO, ONE)));
        await().untilAsserted(() -> assertThat(committed()).isEqualTo(new OffsetAndMetadata(1)));
    }

    @Test
    void shouldFailWhenKafkaDoesNotStoreAProfile() {
        // Given
        read("conversation-1", "anna");
        sent(0);

        // When
        producer.errorNext(new NotEnoughReplicasException("Too few."));

        // Then
        assertThatThrownBy(() -> running.get(10, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(KafkaException.class)
                .hasMessageContaining("Kafka did not store a profile: Too few.");
        lookups.close();
        assertThat(outcomes()).isEqualTo(Map.of("forgotten", 1L));
    }

    @Test
    void shouldCommitAndForgetWhenItCloses() {
        // Given
        time.acknowledged(NOW.toEpochMilli());
        read("conversation-1", "anna");
        sent(0);
        read("conversation-2", "anna");
        sent(1);
        producer.completeNext();
        await().until(() -> pending() == 1);
        isWanted = false;
        await().until(running::isDone);

        // When
        lookups.close();

        // Then
        assertThat(kafka.closed()).isTrue();
        assertThat(producer.closed()).isTrue();
        assertThat(outcomes()).isEqualTo(Map.of("answered", 1L, "forgotten", 1L));
    }

    private void read(String conversationId, String agentId) {
        readAt(conversationId, agentId, NOW);
    }

    private void readAt(String conversationId, String agentId, Instant askedAt) {
        AgentLookup lookup = new AgentLookup(conversationId, agentId, askedAt);
        read(HandoverSerdes.agentLookups().serializer().serialize(Topics.AGENT_LOOKUPS, lookup));
    }

    private void read(byte @Nullable [] value) {
        ConsumerRecord<byte[], byte[]> next =
                new ConsumerRecord<>(Topics.AGENT_LOOKUPS, ZERO.partition(), offset++, new byte[0], value);
        kafka.schedulePollTask(() -> kafka.addRecord(next));
    }

    /** Waits until so many profiles are sent and one more, and returns the last. */
    private ProducerRecord<String, AgentProfile> sent(int index) {
        await().until(() -> producer.history().size() > index);
        return producer.history().get(index);
    }

    private @Nullable OffsetAndMetadata committed() {
        return kafka.committed(Set.of(ZERO)).get(ZERO);
    }

    private int pending() {
        return (int) registry.get("handover.directory.lookups.pending").gauge().value();
    }

    private void awaitOutcomes(Map<String, Long> expected) {
        await().untilAsserted(() -> assertThat(outcomes()).isEqualTo(expected));
    }

    private Map<String, Long> outcomes() {
        Map<String, Long> outcomes = new TreeMap<>();
        for (Counter counter : registry.get("handover.directory.lookups").counters()) {
            if (counter.count() > 0) {
                outcomes.put(Objects.requireNonNull(counter.getId().getTag("outcome")), (long) counter.count());
            }
        }
        return outcomes;
    }

    private void assertLedgerCloses() {
        assertThat(pending()).isZero();
        assertThat((long) registry.get("handover.directory.lookups.read")
                        .counter()
                        .count())
                .isEqualTo(
                        outcomes().values().stream().mapToLong(Long::longValue).sum());
    }
}
