package io.handover.ingress;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import io.handover.genesys.GenesysException;
import io.handover.genesys.GenesysUser;
import io.handover.schema.AgentLookup;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The users of Genesys that were asked for in the last minutes. Lookups of the same agent at the same time share one
 * request. A few threads of its own send the requests.
 */
final class UserCache implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(UserCache.class);
    private static final int MAX_THREADS = 8;

    /** Fewer requests per minute for each thread would let some wait so long for their turn that they fail. */
    private static final int REQUESTS_PER_THREAD = 10;

    private static final int MAX_USERS = 10_000;
    private static final Duration KNOWN_FOR = Duration.ofMinutes(10);

    /** A new agent can be unknown for a moment. */
    private static final Duration UNKNOWN_FOR = Duration.ofMinutes(1);

    private final Users users;
    private final BrokerTime time;
    private final Duration maxAge;
    private final DirectoryMetrics metrics;
    private final AsyncCache<String, Answer> cache;
    private final ExecutorService threads;

    /** The users of Genesys. */
    @FunctionalInterface
    interface Users {

        /** Returns a user; empty if there is none. */
        Optional<GenesysUser> user(String id) throws GenesysException, InterruptedException;
    }

    /**
     * The answer to a lookup.
     *
     * @param user the user; null unless the user is known
     */
    record Answer(Kind kind, @Nullable GenesysUser user) {

        enum Kind {
            KNOWN,
            UNKNOWN,
            /** Genesys refused, or did not answer. */
            FAILED,
            /** This lookup, or the one whose request it shares, was too old when a thread was free for the request. */
            TOO_OLD
        }

        static Answer of(Optional<GenesysUser> user) {
            return new Answer(user.isPresent() ? Kind.KNOWN : Kind.UNKNOWN, user.orElse(null));
        }

        private static Answer without(Kind kind) {
            return new Answer(kind, null);
        }

        private Duration lifetime() {
            return switch (kind) {
                case KNOWN -> KNOWN_FOR;
                case UNKNOWN -> UNKNOWN_FOR;
                case FAILED, TOO_OLD -> Duration.ZERO;
            };
        }
    }

    /**
     * @param time the time by which lookups are too old
     */
    UserCache(
            Users users, DirectorySettings settings, BrokerTime time, DirectoryMetrics metrics, LongSupplier nanoTime) {
        this.users = users;
        this.time = time;
        this.maxAge = settings.lookupMaxAge();
        this.threads = Executors.newFixedThreadPool(
                Math.max(1, Math.min(MAX_THREADS, settings.connection().requestsPerMinute() / REQUESTS_PER_THREAD)),
                named());
        this.metrics = metrics;
        this.cache = Caffeine.newBuilder()
                .maximumSize(MAX_USERS)
                .expireAfter(Expiry.<String, Answer>writing((id, answer) -> answer.lifetime()))
                .ticker(nanoTime::getAsLong)
                .executor(Runnable::run)
                .buildAsync();
    }

    private static ThreadFactory named() {
        AtomicInteger count = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, "handover-agent-directory-" + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    /** Whether an answer to the lookup would come too late to be of use. */
    boolean isTooOld(AgentLookup lookup) {
        return time.isPast(lookup.askedAt(), maxAge);
    }

    /** Finds the user of a lookup. The future does not fail, because the cache would print the stack trace. */
    CompletableFuture<Answer> find(AgentLookup lookup) {
        boolean[] isHit = {true};
        CompletableFuture<Answer> answer = cache.get(lookup.agentId(), (id, executor) -> {
            isHit[0] = false;
            return CompletableFuture.supplyAsync(() -> ask(lookup), threads);
        });
        metrics.cached(isHit[0]);
        return answer;
    }

    private Answer ask(AgentLookup lookup) {
        if (isTooOld(lookup)) {
            return Answer.without(Answer.Kind.TOO_OLD);
        }
        try {
            return Answer.of(users.user(lookup.agentId()));
        } catch (GenesysException | RuntimeException e) {
            LOG.atDebug().addKeyValue("reason", e.getMessage()).log("Agent not found");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return Answer.without(Answer.Kind.FAILED);
    }

    /** Interrupts the requests. */
    @Override
    public void close() {
        threads.shutdownNow();
    }
}
