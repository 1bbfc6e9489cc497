package io.handover.genesys;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.handover.genesys.GenesysException.Retry;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Exchanges requests and responses with Genesys: in turn, bounded in time and size, and counted. Redirects are not
 * followed, because the credentials would go with them.
 *
 * <p>{@code handover.genesys.requests} times every request; {@code handover.genesys.rate.limited} counts those with the
 * status 429.
 */
final class GenesysHttp {

    private static final Logger LOG = LoggerFactory.getLogger(GenesysHttp.class);
    private static final int MAX_BODY_BYTES = 1 << 20;

    private static final int PROXY_AUTHENTICATION_REQUIRED = 407;
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int INTERNAL_SERVER_ERROR = 500;

    private static final Duration DEFAULT_PAUSE = Duration.ofSeconds(10);
    private static final long MAX_PAUSE_SECONDS = 300;
    private static final Pattern PAUSE_IN_HEADER = Pattern.compile("\\s*(\\d{1,9})\\s*");
    private static final Pattern PAUSE_IN_BODY = Pattern.compile("\\[(\\d{1,9})] seconds");

    /** The JDK sends no user and password to a proxy of TLS connections, unless this property is empty. */
    private static final String DISABLED_SCHEMES = "jdk.http.auth.tunneling.disabledSchemes";

    private static final String TIMEOUT = "timeout";
    private static final String ERROR = "error";
    private static final List<String> RESULTS = List.of("200", "401", "403", "404", "429", "5xx", TIMEOUT, ERROR);

    private static final JsonMapper MAPPER = new JsonMapper();

    private final HttpClient client;
    private final @Nullable String proxyAuthorization;
    private final RequestPace pace;
    private final Duration timeout;
    private final MeterRegistry registry;
    private final Map<String, Timer> timers;
    private final Counter rateLimited;

    GenesysHttp(GenesysConnection connection, RequestPace pace, Duration timeout, MeterRegistry registry) {
        this.proxyAuthorization = proxyAuthorization(connection.proxy());
        if (proxyAuthorization != null && System.getProperty(DISABLED_SCHEMES) == null) {
            // It must be set before the first HttpClient of the JVM exists.
            System.setProperty(DISABLED_SCHEMES, "");
        }
        this.client = client(connection);
        this.pace = pace;
        this.timeout = timeout;
        this.registry = registry;
        this.timers = RESULTS.stream()
                .collect(Collectors.toUnmodifiableMap(
                        Function.identity(),
                        result -> Timer.builder("handover.genesys.requests")
                                .description("Requests to Genesys, those for tokens included")
                                .tag("status", result)
                                .register(registry)));
        this.rateLimited = Counter.builder("handover.genesys.rate.limited")
                .description("Requests that Genesys answered with 429")
                .register(registry);
    }

    /**
     * A response that says something about the request.
     *
     * @param status the HTTP status, neither 407, 429 nor 5xx
     */
    record Response(int status, String body) {

        JsonNode json() throws GenesysException {
            try {
                return MAPPER.readTree(body);
            } catch (JsonProcessingException e) {
                throw new GenesysException("Genesys sends broken JSON.", Retry.NEVER);
            }
        }
    }

    /** Sends a request in its turn. A response that says to come later becomes an exception, and a pause if it is 429. */
    Response send(HttpRequest.Builder builder) throws GenesysException, InterruptedException {
        if (proxyAuthorization != null) {
            builder.header("Proxy-Authorization", proxyAuthorization);
        }
        HttpRequest request = builder.build();
        pace.awaitTurn();
        Timer.Sample sample = Timer.start(registry);
        String result = ERROR;
        try {
            HttpResponse<String> response = exchange(request);
            result = result(response.statusCode());
            return accepted(request.uri().getHost(), response);
        } catch (TimeoutException e) {
            result = TIMEOUT;
            throw new GenesysException(
                    request.uri().getHost() + " does not answer within " + timeout.toMillis() + " ms.",
                    Retry.AFTER_BACK_OFF);
        } catch (ExecutionException e) {
            throw failed(request.uri().getHost(), e.getCause());
        } finally {
            sample.stop(Objects.requireNonNull(timers.get(result)));
        }
    }

    /** Waits for the whole body. The time-out of a request would end with the headers. */
    private HttpResponse<String> exchange(HttpRequest request)
            throws ExecutionException, TimeoutException, InterruptedException {
        CompletableFuture<HttpResponse<String>> response =
                client.sendAsync(request, headers -> new BoundedBody(MAX_BODY_BYTES));
        try {
            return response.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } finally {
            response.cancel(true);
        }
    }

    private Response accepted(String host, HttpResponse<String> response) throws GenesysException {
        int status = response.statusCode();
        if (status == TOO_MANY_REQUESTS) {
            Duration pause = pause(response);
            rateLimited.increment();
            pace.pause(pause);
            LOG.atInfo()
                    .addKeyValue("host", host)
                    .addKeyValue("pause_s", pause.toSeconds())
                    .log("Genesys limits the rate");
            throw new GenesysException(
                    host + " limits the rate of requests, and asks for a pause of " + pause.toSeconds() + " s.",
                    Retry.AT_ONCE);
        }
        if (status >= INTERNAL_SERVER_ERROR) {
            throw new GenesysException(host + " answers " + status + ".", Retry.AFTER_BACK_OFF);
        }
        if (status == PROXY_AUTHENTICATION_REQUIRED) {
            throw new GenesysException(
                    "The proxy rejects its user and password; if they are right, start the JVM with -D"
                            + DISABLED_SCHEMES + "= .",
                    Retry.NEVER);
        }
        return new Response(status, response.body());
    }

    private static GenesysException failed(String host, @Nullable Throwable cause) {
        if (cause instanceof BoundedBody.TooLargeException) {
            return new GenesysException(host + " sends more than " + MAX_BODY_BYTES + " bytes.", Retry.NEVER);
        }
        // Not the message of the cause: it may contain a part of the response.
        String kind = cause == null ? "" : " (" + cause.getClass().getSimpleName() + ")";
        return new GenesysException("The connection to " + host + " failed" + kind + ".", Retry.AFTER_BACK_OFF);
    }

    private static Duration pause(HttpResponse<String> response) {
        return response.headers()
                .firstValue("Retry-After")
                .map(PAUSE_IN_HEADER::matcher)
                .filter(Matcher::matches)
                .or(() -> Optional.of(PAUSE_IN_BODY.matcher(response.body())).filter(Matcher::find))
                .map(seconds -> Long.parseLong(seconds.group(1)))
                .map(seconds -> Duration.ofSeconds(Math.max(1, Math.min(seconds, MAX_PAUSE_SECONDS))))
                .orElse(DEFAULT_PAUSE);
    }

    private static String result(int status) {
        String label = status >= INTERNAL_SERVER_ERROR ? "5xx" : String.valueOf(status);
        return RESULTS.contains(label) ? label : ERROR;
    }

    private static HttpClient client(GenesysConnection connection) {
        HttpClient.Builder builder =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).followRedirects(HttpClient.Redirect.NEVER);
        URI proxy = connection.proxy();
        if (proxy != null) {
            builder.proxy(ProxySelector.of(InetSocketAddress.createUnresolved(proxy.getHost(), proxy.getPort())));
        }
        KeyStore trusted = connection.trusted();
        if (trusted != null) {
            builder.sslContext(sslContext(trusted));
        }
        return builder.build();
    }

    private static SSLContext sslContext(KeyStore trusted) {
        try {
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(trusted);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("The trust store of Genesys is not usable: " + e.getMessage(), e);
        }
    }

    private static @Nullable String proxyAuthorization(@Nullable URI proxy) {
        return proxy == null || proxy.getUserInfo() == null ? null : basic(proxy.getUserInfo());
    }

    /** Returns a text of a JSON object without surrounding spaces. It is empty if there is no such text. */
    static String text(JsonNode json, String field) {
        String text = json.path(field).textValue();
        return text == null ? "" : text.strip();
    }

    /** @param userAndPassword separated by a colon */
    static String basic(String userAndPassword) {
        return "Basic " + Base64.getEncoder().encodeToString(userAndPassword.getBytes(StandardCharsets.UTF_8));
    }
}
