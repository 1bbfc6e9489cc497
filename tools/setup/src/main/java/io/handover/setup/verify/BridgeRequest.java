package io.handover.setup.verify;

import io.handover.setup.settings.Secret;
import io.handover.setup.settings.SetupSettings;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;

/** A request to the bridge with one event as EventBridge does: with the key, and at most five seconds long. */
public final class BridgeRequest {

    /** How EventBridge names itself. */
    public static final String EVENTBRIDGE_AGENT = "Amazon/EventBridge/ApiDestinations";

    /** How this command names itself. The bridge answers 401 to it where EventBridge would get 503. */
    static final String OWN_AGENT = "handover-setup";

    /** The status where there is no answer. */
    public static final int NO_ANSWER = 0;

    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final Pattern OUTCOME = Pattern.compile("\"outcome\"\\s*:\\s*\"([a-z-]{1,40})\"");

    private final HttpClient client;
    private final URI endpoint;
    private final String keyHeader;
    private final Secret key;
    private final String agent;

    public BridgeRequest(SetupSettings settings, SSLContext tls, Secret key, String agent) {
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(TIMEOUT)
                .followRedirects(HttpClient.Redirect.NEVER)
                .sslContext(tls)
                .build();
        this.endpoint = settings.endpoint();
        this.keyHeader = settings.keyHeader();
        this.key = key;
        this.agent = agent;
    }

    /**
     * How the bridge answered.
     *
     * @param status the HTTP status, or {@link #NO_ANSWER}
     * @param outcome the outcome that the bridge names, or why there is no answer
     * @param duration how long it took
     */
    public record Answer(int status, String outcome, Duration duration) {

        /** Whether the bridge has taken the event. A 2xx without an outcome comes from something before the bridge. */
        public boolean isAccepted() {
            return status >= 200 && status < 300 && !outcome.isEmpty();
        }

        /** Whether the bridge refused the key. */
        public boolean isUnauthorized() {
            return status == 401 || outcome.startsWith("unauthorized");
        }
    }

    /** Delivers an event. */
    public Answer send(String body) {
        return send(body.getBytes(StandardCharsets.UTF_8));
    }

    /** Delivers an event. */
    public Answer send(byte[] body) {
        long start = System.nanoTime();
        HttpRequest request = HttpRequest.newBuilder(endpoint)
                .header("Content-Type", "application/json; charset=utf-8")
                .header("User-Agent", agent)
                .header(keyHeader, key.value())
                .POST(BodyPublishers.ofByteArray(body))
                .build();
        CompletableFuture<HttpResponse<String>> answer = client.sendAsync(request, BodyHandlers.ofString());
        try {
            // The time limit of a request ends with the head of its answer. This one is for the body too.
            HttpResponse<String> response = answer.get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
            Matcher outcome = OUTCOME.matcher(response.body());
            return new Answer(response.statusCode(), outcome.find() ? outcome.group(1) : "", since(start));
        } catch (TimeoutException e) {
            answer.cancel(true);
            return new Answer(NO_ANSWER, "no answer in " + TIMEOUT.toSeconds() + " s", since(start));
        } catch (ExecutionException e) {
            Throwable cause = Objects.requireNonNullElse(e.getCause(), e);
            return new Answer(
                    NO_ANSWER,
                    "no answer: " + cause.getClass().getSimpleName() + " " + cause.getMessage(),
                    since(start));
        } catch (InterruptedException e) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            return new Answer(NO_ANSWER, "interrupted", since(start));
        }
    }

    private static Duration since(long startNanos) {
        return Duration.ofNanos(System.nanoTime() - startNanos);
    }
}
