package io.handover.genesys;

import io.handover.genesys.GenesysException.Retry;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A client of the Genesys Cloud Platform API. It is thread-safe, and its calls block.
 *
 * <p>What a call does about failures:
 *
 * <ul>
 *   <li>429: all calls of the client pause as long as Genesys asks, at most 5 minutes, and go on one by one.
 *   <li>5xx, time-outs, broken connections, rejected credentials: the call tries again after a growing wait.
 *   <li>401: the call tries again with a new access token.
 *   <li>Everything else: the call fails at once.
 * </ul>
 */
public final class GenesysClient implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(GenesysClient.class);
    private static final Duration LONGEST_BACK_OFF = Duration.ofSeconds(10);
    private static final Duration LONGEST_CALL = Duration.ofMinutes(10);
    private static final int UNAUTHORIZED = 401;

    /** Genesys' ids are UUIDs. What could change the path of the request, even half decoded by a proxy, is no id. */
    private static final Pattern POSSIBLE_ID = Pattern.compile("[A-Za-z0-9][^/\\\\%\\p{Cntrl}]{0,99}");

    private final Timing timing;
    private final RequestPace pace;
    private final GenesysHttp http;
    private final AccessTokens tokens;
    private final URI users;
    private final BackOff backOff;
    private final AtomicReference<@Nullable String> problem = new AtomicReference<>();

    /**
     * Creates a client. It connects at the first call.
     *
     * @param credentials supplies the credentials. It is asked before every request, and new credentials are used at once
     * @throws IllegalArgumentException if the trust store is not usable
     */
    public GenesysClient(
            GenesysConnection connection, Supplier<GenesysCredentials> credentials, MeterRegistry registry) {
        this(connection, credentials, registry, Timing.DEFAULT);
    }

    GenesysClient(
            GenesysConnection connection,
            Supplier<GenesysCredentials> credentials,
            MeterRegistry registry,
            Timing timing) {
        this.timing = timing;
        this.pace = new RequestPace(connection.requestsPerMinute(), timing.trying(), timing.nanoClock());
        this.http = new GenesysHttp(connection, pace, timing.exchange(), registry);
        this.tokens = new AccessTokens(http, connection.region().login(), credentials, timing, registry);
        this.users = connection.region().api().resolve("/api/v2/users/");
        this.backOff = new BackOff(timing.firstBackOff(), LONGEST_BACK_OFF);
    }

    /**
     * Returns a user, also an inactive or deleted one. The call takes at most about a minute beyond the pauses that
     * Genesys asks for, and 10 minutes with them.
     *
     * @return the user; empty if Genesys does not know the id, or no name for it
     * @throws GenesysException if Genesys refuses or does not answer
     */
    public Optional<GenesysUser> user(String userId) throws GenesysException, InterruptedException {
        if (!POSSIBLE_ID.matcher(userId).matches()) {
            return Optional.empty();
        }
        String path = URLEncoder.encode(userId, StandardCharsets.UTF_8).replace("+", "%20");
        BooleanSupplier isOver = deadline();
        // Without a state Genesys finds active and inactive users, but no deleted ones.
        Optional<GenesysUser> user = find(userId, users.resolve(path), isOver);
        return user.isPresent() ? user : find(userId, users.resolve(path + "?state=deleted"), isOver);
    }

    /** Returns why the last requests failed, in one sentence. It is empty while they succeed. */
    public Optional<String> problem() {
        return Optional.ofNullable(problem.get());
    }

    /** Ends the calls that wait, with an exception. */
    @Override
    public void close() {
        pace.close();
    }

    private BooleanSupplier deadline() {
        long tryUntil = pace.workingNanos() + timing.trying().toNanos();
        long waitUntil = timing.nanoClock().getAsLong() + LONGEST_CALL.toNanos();
        return () -> pace.workingNanos() > tryUntil || timing.nanoClock().getAsLong() > waitUntil;
    }

    private Optional<GenesysUser> find(String userId, URI uri, BooleanSupplier isOver)
            throws GenesysException, InterruptedException {
        for (int failures = 1; ; failures++) {
            try {
                Optional<GenesysUser> user = ask(userId, uri);
                note(null);
                return user;
            } catch (GenesysException e) {
                note(e.getMessage());
                if (e.retry() == Retry.NEVER || isOver.getAsBoolean()) {
                    throw e;
                }
                if (e.retry() == Retry.AFTER_BACK_OFF) {
                    pace.sleep(backOff.after(failures));
                }
            }
        }
    }

    private Optional<GenesysUser> ask(String userId, URI uri) throws GenesysException, InterruptedException {
        String token = tokens.current();
        GenesysHttp.Response response = http.send(HttpRequest.newBuilder(uri)
                .header("Authorization", "Bearer " + token)
                .header("Accept", "application/json"));
        if (response.status() == UNAUTHORIZED) {
            tokens.reject(token);
            throw new GenesysException("Genesys rejects the access token.", Retry.AT_ONCE);
        }
        tokens.accept();
        return switch (response.status()) {
            case 200 -> GenesysUser.read(userId, response.json());
            case 404 -> Optional.empty();
            case 403 ->
                throw new GenesysException(
                        "Genesys answers 403: the roles of the OAuth client do not allow it to see this user.",
                        Retry.NEVER);
            default ->
                throw new GenesysException(
                        uri.getHost() + " answers " + response.status() + " when asked for a user.", Retry.NEVER);
        };
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
