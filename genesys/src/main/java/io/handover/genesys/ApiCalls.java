package io.handover.genesys;

import io.handover.genesys.GenesysException.Retry;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The requests to the Platform API: each with an access token, and again when it may succeed later. */
final class ApiCalls {

    private static final Logger LOG = LoggerFactory.getLogger(ApiCalls.class);
    private static final Duration LONGEST_BACK_OFF = Duration.ofSeconds(10);
    private static final Duration LONGEST_CALL = Duration.ofMinutes(10);
    private static final int UNAUTHORIZED = 401;

    private final Timing timing;
    private final RequestPace pace;
    private final GenesysHttp http;
    private final AccessTokens tokens;
    private final URI api;
    private final BackOff backOff;
    private final AtomicReference<@Nullable String> problem = new AtomicReference<>();

    /**
     * Reads a response.
     *
     * @param <T> what the response contains
     */
    @FunctionalInterface
    interface Reader<T> {
        T read(GenesysHttp.Response response) throws GenesysException;
    }

    ApiCalls(
            GenesysConnection connection,
            Supplier<GenesysCredentials> credentials,
            MeterRegistry registry,
            Timing timing) {
        this.timing = timing;
        this.pace = new RequestPace(connection.requestsPerMinute(), timing.trying(), timing.nanoClock());
        this.http = new GenesysHttp(connection, pace, timing.exchange(), registry);
        this.tokens = new AccessTokens(http, connection.region().login(), credentials, timing, registry);
        this.api = connection.region().api();
        this.backOff = new BackOff(timing.firstBackOff(), LONGEST_BACK_OFF);
    }

    /** Returns a request for a path of the API, such as {@code /api/v2/users/}. */
    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(api.resolve(path)).header("Accept", "application/json");
    }

    /** Returns whether a call that begins now has tried long enough. */
    BooleanSupplier deadline() {
        long tryUntil = pace.workingNanos() + timing.trying().toNanos();
        long waitUntil = timing.nanoClock().getAsLong() + LONGEST_CALL.toNanos();
        return () -> pace.workingNanos() > tryUntil || timing.nanoClock().getAsLong() > waitUntil;
    }

    /** Sends a request until its response can be read, the deadline is over, or a further try is pointless. */
    <T> T repeated(HttpRequest.Builder request, BooleanSupplier isOver, Reader<T> reader)
            throws GenesysException, InterruptedException {
        return call(request, isOver, Retry.AFTER_BACK_OFF, reader);
    }

    /**
     * Sends a request that must not take effect twice. It is sent again only if Genesys has refused it for the rate or
     * for the token.
     */
    <T> T once(HttpRequest.Builder request, BooleanSupplier isOver, Reader<T> reader)
            throws GenesysException, InterruptedException {
        return call(request, isOver, Retry.AT_ONCE, reader);
    }

    private <T> T call(HttpRequest.Builder request, BooleanSupplier isOver, Retry last, Reader<T> reader)
            throws GenesysException, InterruptedException {
        for (int failures = 1; ; failures++) {
            try {
                T result = reader.read(send(request));
                note(null);
                return result;
            } catch (GenesysException e) {
                note(e.getMessage());
                if (e.retry().compareTo(last) < 0 || isOver.getAsBoolean()) {
                    throw e;
                }
                if (e.retry() == Retry.AFTER_BACK_OFF) {
                    pace.sleep(backOff.after(failures));
                }
            }
        }
    }

    private GenesysHttp.Response send(HttpRequest.Builder request) throws GenesysException, InterruptedException {
        String token = tokens.current();
        GenesysHttp.Response response = http.send(request.copy().header("Authorization", "Bearer " + token));
        if (response.status() == UNAUTHORIZED) {
            tokens.reject(token);
            throw new GenesysException("Genesys rejects the access token.", Retry.AT_ONCE);
        }
        tokens.accept();
        return response;
    }

    /** Returns why the last requests failed, in one sentence. It is empty while they succeed. */
    Optional<String> problem() {
        return Optional.ofNullable(problem.get());
    }

    void close() {
        pace.close();
    }

    private void note(@Nullable String newProblem) {
        String oldProblem = problem.getAndSet(newProblem);
        if (oldProblem == null && newProblem != null) {
            LOG.atWarn().addKeyValue("cause", newProblem).log("Genesys request failed");
        } else if (oldProblem != null && newProblem == null) {
            LOG.info("Genesys requests succeed again");
        }
    }
}
