package io.handover.genesys;

import com.fasterxml.jackson.databind.JsonNode;
import io.handover.genesys.GenesysException.Retry;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The access token of the OAuth client. It is renewed before it expires, when Genesys rejects it and when the
 * credentials change. One thread asks for it, and the others wait.
 *
 * <p>After a failure there is a back-off that all callers share. It lasts until the next attempt, or until the
 * credentials change.
 */
final class AccessTokens {

    private static final Logger LOG = LoggerFactory.getLogger(AccessTokens.class);

    private static final long MIN_LIFETIME_SECONDS = 10;
    private static final long DEFAULT_LIFETIME_SECONDS = 300;
    private static final long MAX_LIFETIME_SECONDS = Duration.ofDays(2).toSeconds();
    private static final Duration MAX_MARGIN = Duration.ofMinutes(1);
    private static final Duration LONGEST_BACK_OFF = Duration.ofMinutes(1);

    /** The characters of a bearer token by RFC 6750. */
    private static final Pattern USABLE = Pattern.compile("[A-Za-z0-9._~+/-]{1,8192}=*");

    private final GenesysHttp http;
    private final URI endpoint;
    private final Supplier<GenesysCredentials> supplier;
    private final BackOff backOff;
    private final LongSupplier nanoClock;
    private final Counter issued;

    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable GenesysCredentials credentials;
    private @Nullable String token;
    private long renewAt;
    /** Failures in a row, rejected tokens included. */
    private int failures;

    private String failure = "";
    private long nextAttempt;

    AccessTokens(
            GenesysHttp http, URI login, Supplier<GenesysCredentials> supplier, Timing timing, MeterRegistry registry) {
        this.http = http;
        this.endpoint = login.resolve("/oauth/token");
        this.supplier = supplier;
        this.backOff = new BackOff(timing.firstBackOff(), LONGEST_BACK_OFF);
        this.nanoClock = timing.nanoClock();
        this.nextAttempt = nanoClock.getAsLong();
        this.issued = Counter.builder("handover.genesys.tokens")
                .description("Access tokens that Genesys issued")
                .register(registry);
    }

    /** Returns a token that is valid as far as this client knows. */
    String current() throws GenesysException, InterruptedException {
        lock.lockInterruptibly();
        try {
            useNewCredentials();
            long now = nanoClock.getAsLong();
            if (token != null && now < renewAt) {
                return token;
            }
            if (now < nextAttempt) {
                throw new GenesysException(failure, Retry.AFTER_BACK_OFF);
            }
            return renew();
        } finally {
            lock.unlock();
        }
    }

    /** Drops a token that the API rejected. The first one is renewed at once, the following ones after a back-off. */
    void reject(String rejected) {
        lock.lock();
        try {
            if (rejected.equals(token)) {
                token = null;
                fail("Genesys rejects the access tokens that it issues.");
                if (failures == 1) {
                    nextAttempt = nanoClock.getAsLong();
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** Notes that the API accepted a token. */
    void accept() {
        lock.lock();
        try {
            failures = 0;
        } finally {
            lock.unlock();
        }
    }

    private void useNewCredentials() throws GenesysException {
        GenesysCredentials newest;
        try {
            newest = supplier.get();
        } catch (RuntimeException e) {
            throw new GenesysException("The credentials of Genesys cannot be read.", Retry.AFTER_BACK_OFF);
        }
        if (!newest.equals(credentials)) {
            credentials = newest;
            token = null;
            failures = 0;
            nextAttempt = nanoClock.getAsLong();
        }
    }

    private String renew() throws GenesysException, InterruptedException {
        token = null;
        try {
            JsonNode grant = request();
            String newToken = GenesysHttp.text(grant, "access_token");
            if (!USABLE.matcher(newToken).matches()) {
                throw new GenesysException("Genesys issues no usable access token.", Retry.AFTER_BACK_OFF);
            }
            Duration lifetime = lifetime(grant);
            renewAt = nanoClock.getAsLong() + lifetime.minus(margin(lifetime)).toNanos();
            token = newToken;
            issued.increment();
            LOG.atDebug().addKeyValue("lifetime_s", lifetime.toSeconds()).log("Access token issued");
            return newToken;
        } catch (GenesysException e) {
            if (e.retry() != Retry.AT_ONCE) {
                fail(e.getMessage());
            }
            throw e;
        }
    }

    private JsonNode request() throws GenesysException, InterruptedException {
        GenesysCredentials used = Objects.requireNonNull(credentials);
        GenesysHttp.Response response = http.send(HttpRequest.newBuilder(endpoint)
                .header("Authorization", GenesysHttp.basic(used.clientId() + ":" + used.clientSecret()))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString("grant_type=client_credentials")));
        return switch (response.status()) {
            case 200 -> response.json();
            case 400, 401 ->
                throw new GenesysException(
                        "Genesys rejects the credentials: check genesys.client.id and genesys.client.secret.",
                        Retry.AFTER_BACK_OFF);
            default ->
                throw new GenesysException(
                        endpoint.getHost() + " answers " + response.status()
                                + " instead of issuing an access token: check genesys.region.",
                        Retry.AFTER_BACK_OFF);
        };
    }

    private static Duration margin(Duration lifetime) {
        Duration tenth = lifetime.dividedBy(10);
        return tenth.compareTo(MAX_MARGIN) < 0 ? tenth : MAX_MARGIN;
    }

    private void fail(String reason) {
        failures++;
        failure = reason;
        nextAttempt = nanoClock.getAsLong() + backOff.after(failures).toNanos();
    }

    /** A lifetime out of bounds would make this client ask all the time, or keep a token that expired. */
    private static Duration lifetime(JsonNode grant) {
        long seconds = grant.path("expires_in").asLong(DEFAULT_LIFETIME_SECONDS);
        return Duration.ofSeconds(Math.max(MIN_LIFETIME_SECONDS, Math.min(seconds, MAX_LIFETIME_SECONDS)));
    }
}
