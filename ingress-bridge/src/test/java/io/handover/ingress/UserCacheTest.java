package io.handover.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import io.handover.genesys.GenesysConnection;
import io.handover.genesys.GenesysRegion;
import io.handover.genesys.GenesysUser;
import io.handover.ingress.UserCache.Answer;
import io.handover.schema.AgentLookup;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class UserCacheTest {

    private static final Instant NOW = Instant.parse("2026-01-02T03:04:06.789Z");
    private static final Duration MAX_AGE = Duration.ofMinutes(5);
    /** So few requests per minute that the cache has one thread. */
    private static final DirectorySettings SETTINGS = new DirectorySettings(
            new GenesysConnection(GenesysRegion.of("eu-central-1"), null, null, 10), "id", null, null, MAX_AGE, 96);

    private static final GenesysUser ANNA = new GenesysUser("anna", "Anna", List.of());

    private final AtomicLong nanos = new AtomicLong();
    private final BrokerTime time = new BrokerTime(nanos::get);
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final AtomicInteger requests = new AtomicInteger();
    private volatile UserCache.Users users = id -> Optional.of(ANNA);
    private final UserCache cache = new UserCache(
            id -> {
                if (id.equals(ANNA.id())) {
                    requests.incrementAndGet();
                }
                return users.user(id);
            },
            SETTINGS,
            time,
            new DirectoryMetrics(registry),
            nanos::get);

    @AfterEach
    void close() {
        cache.close();
    }

    @Test
    void shouldAskOnceForAnAgentOfManyLookups() throws Exception {
        // Given
        CountDownLatch answer = new CountDownLatch(1);
        users = id -> {
            answer.await();
            return Optional.of(ANNA);
        };
        CompletableFuture<Answer> first = cache.find(lookup(NOW));

        // When
        CompletableFuture<Answer> second = cache.find(lookup(NOW));
        answer.countDown();

        // Then
        assertThat(first.get(10, TimeUnit.SECONDS)).isEqualTo(Answer.of(Optional.of(ANNA)));
        assertThat(second.get(10, TimeUnit.SECONDS)).isEqualTo(Answer.of(Optional.of(ANNA)));
        assertThat(requests).hasValue(1);
        assertThat(cached("hit")).isEqualTo(1);
        assertThat(cached("miss")).isEqualTo(1);
    }

    @Test
    void shouldKeepAKnownUserForTenMinutes() throws Exception {
        // Given
        find();

        // When
        nanos.addAndGet(Duration.ofMinutes(10).toNanos() - 1);
        find();

        // Then
        assertThat(requests).hasValue(1);
        nanos.addAndGet(2);
        find();
        assertThat(requests).hasValue(2);
    }

    @Test
    void shouldKeepAnUnknownUserForAMinute() throws Exception {
        // Given
        users = id -> Optional.empty();
        find();

        // When
        nanos.addAndGet(Duration.ofMinutes(1).toNanos() - 1);
        find();

        // Then
        assertThat(requests).hasValue(1);
        nanos.addAndGet(2);
        find();
        assertThat(requests).hasValue(2);
    }

    @Test
    void shouldAskAgainAfterAFailure() throws Exception {
        // Given
        users = id -> {
            throw new IllegalStateException("Genesys is down.");
        };
        Answer before = find();

        // When
        users = id -> Optional.of(ANNA);

        // Then
        assertThat(before.kind()).isEqualTo(Answer.Kind.FAILED);
        assertThat(find().user()).isEqualTo(ANNA);
        assertThat(requests).hasValue(2);
    }

    @Test
    void shouldNotAskForALookupThatIsTooOld() throws Exception {
        // Given
        time.acknowledged(NOW.toEpochMilli());

        // When
        Answer answer = cache.find(lookup(NOW.minus(MAX_AGE).minusMillis(1))).get(10, TimeUnit.SECONDS);

        // Then
        assertThat(answer.kind()).isEqualTo(Answer.Kind.TOO_OLD);
        assertThat(requests).hasValue(0);
    }

    /**
     * Finds the agent. The cache sets the lifetime of an answer on its thread, and that may be after the answer is seen
     * here. When the same thread has answered once more, the lifetime is set.
     */
    private Answer find() throws Exception {
        Answer answer = cache.find(lookup(NOW)).get(10, TimeUnit.SECONDS);
        String other = UUID.randomUUID().toString();
        cache.find(new AgentLookup("conversation", other, NOW)).get(10, TimeUnit.SECONDS);
        return answer;
    }

    private double cached(String result) {
        return registry.get("handover.directory.cache")
                .tag("result", result)
                .counter()
                .count();
    }

    private static AgentLookup lookup(Instant askedAt) {
        return new AgentLookup("conversation", "anna", askedAt);
    }
}
