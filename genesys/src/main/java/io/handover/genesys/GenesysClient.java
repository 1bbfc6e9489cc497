package io.handover.genesys;

import io.handover.genesys.GenesysException.Retry;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.regex.Pattern;

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

    /** Genesys' ids are UUIDs. What could change the path of the request, even half decoded by a proxy, is no id. */
    private static final Pattern POSSIBLE_ID = Pattern.compile("[A-Za-z0-9][^/\\\\%\\p{Cntrl}]{0,99}");

    private final ApiCalls calls;

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
        this.calls = new ApiCalls(connection, credentials, registry, timing);
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
        String path = "/api/v2/users/"
                + URLEncoder.encode(userId, StandardCharsets.UTF_8).replace("+", "%20");
        BooleanSupplier isOver = calls.deadline();
        // Without a state Genesys finds active and inactive users, but no deleted ones.
        Optional<GenesysUser> user = find(userId, path, isOver);
        return user.isPresent() ? user : find(userId, path + "?state=deleted", isOver);
    }

    /** Returns the calls for integrations with Amazon EventBridge. */
    public EventBridgeIntegrations eventBridgeIntegrations() {
        return new EventBridgeIntegrations(calls);
    }

    /** Returns why the last requests failed, in one sentence. It is empty while they succeed. */
    public Optional<String> problem() {
        return calls.problem();
    }

    /** Ends the calls that wait, with an exception. */
    @Override
    public void close() {
        calls.close();
    }

    private Optional<GenesysUser> find(String userId, String path, BooleanSupplier isOver)
            throws GenesysException, InterruptedException {
        return calls.repeated(calls.request(path), isOver, response -> switch (response.status()) {
            case 200 -> GenesysUser.read(userId, response.json());
            case 404 -> Optional.empty();
            case 403 ->
                throw new GenesysException(
                        "Genesys answers 403: the roles of the OAuth client do not allow it to see this user.",
                        Retry.NEVER);
            default ->
                throw new GenesysException(
                        "Genesys answers " + response.status() + " when asked for a user.", Retry.NEVER);
        });
    }
}
