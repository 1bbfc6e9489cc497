package io.handover.torture;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/**
 * Posts deliveries as an API destination of EventBridge does: a connection for each, an answer within 5 s or none, the
 * status alone counts, and what failed for the moment is tried again until it is taken, less and less often.
 */
final class EventBridgeSender {

    /** As an API destination has its limit too. The client's pool looks at all of them for each request. */
    private static final int MOST_CONNECTIONS = 300;

    private static final int MOST_DOUBLINGS = 10;
    private static final long SECOND_MS = 1_000;

    private final HttpClient client;
    private final Vertx vertx;
    private final RequestOptions request;
    private final Patience patience;
    private final RandomGenerator jitter = RandomGenerator.getDefault();
    private final Deque<Promise<Void>> waiting = new ArrayDeque<>();
    private int connections;

    private final AtomicLong attempts = new AtomicLong();
    private final AtomicLong inFlight = new AtomicLong();
    private final Map<String, AtomicLong> failures = new ConcurrentHashMap<>();
    private final Map<String, Integer> acceptedById = new ConcurrentHashMap<>();
    private final Map<String, String> refusedById = new ConcurrentHashMap<>();

    /**
     * How long to wait for what.
     *
     * @param answer for an answer
     * @param firstRetry before the second attempt
     * @param longestRetry before any other, and where the answer says how long
     */
    record Patience(Duration answer, Duration firstRetry, Duration longestRetry) {

        /** EventBridge's own, but for the retries, which a run has not a day for. */
        static final Patience DEFAULT =
                new Patience(Duration.ofSeconds(5), Duration.ofMillis(200), Duration.ofSeconds(6));
    }

    EventBridgeSender(Vertx vertx, URI endpoint, String apiKey, Patience patience) {
        this.vertx = vertx;
        this.patience = patience;
        client = vertx.createHttpClient(
                new HttpClientOptions().setKeepAlive(false).setPipelining(false),
                new PoolOptions().setHttp1MaxSize(MOST_CONNECTIONS));
        request = new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setHost(endpoint.getHost())
                .setPort(endpoint.getPort())
                .setURI(endpoint.getPath())
                .putHeader("Authorization", apiKey)
                .putHeader("User-Agent", "Amazon/EventBridge/ApiDestinations")
                .putHeader("Content-Type", "application/json; charset=utf-8");
    }

    /** Sends a delivery until it is taken. Completes then, or when it is refused for good. */
    Future<Void> send(Shipment shipment) {
        inFlight.incrementAndGet();
        return attempt(shipment, Buffer.buffer(shipment.body().get()), 1)
                .onComplete(ignored -> inFlight.decrementAndGet());
    }

    private Future<Void> attempt(Shipment shipment, Buffer body, int attempt) {
        return connection()
                .compose(ignored -> post(body))
                .onComplete(ignored -> release())
                .transform(answer -> {
                    if (answer.failed()) {
                        return again(shipment, body, attempt, nameOf(answer.cause()), 0);
                    }
                    int status = answer.result().status();
                    if (status / 100 == 2) {
                        acceptedById.merge(shipment.eventId(), 1, Integer::sum);
                        return Future.succeededFuture();
                    }
                    if (isRetried(status)) {
                        return again(
                                shipment,
                                body,
                                attempt,
                                String.valueOf(status),
                                answer.result().retryAfterMs());
                    }
                    count(String.valueOf(status));
                    refusedById.put(shipment.eventId(), String.valueOf(status));
                    return Future.succeededFuture();
                });
    }

    /** Completes when it is this attempt's turn; only then its time runs. */
    private synchronized Future<Void> connection() {
        if (connections < MOST_CONNECTIONS) {
            connections++;
            return Future.succeededFuture();
        }
        Promise<Void> turn = Promise.promise();
        waiting.add(turn);
        return turn.future();
    }

    private void release() {
        Promise<Void> next;
        synchronized (this) {
            next = waiting.poll();
            connections -= next == null ? 1 : 0;
        }
        if (next != null) {
            // Not in this call: thousands that wait for each other would fill the stack.
            vertx.runOnContext(ignored -> next.complete());
        }
    }

    /** AWS' list. */
    private static boolean isRetried(int status) {
        return status == 401 || status == 407 || status == 409 || status == 429 || status >= 500;
    }

    private Future<Void> again(Shipment shipment, Buffer body, int attempt, String cause, long retryAfterMs) {
        count(cause);
        long longest = patience.longestRetry().toMillis();
        long backOff = Math.min(longest, patience.firstRetry().toMillis() << Math.min(attempt - 1, MOST_DOUBLINGS));
        // Half of it is chance, or everything that failed together would come back together.
        long jittered = backOff / 2 + jitter.nextLong(backOff / 2 + 1);
        long delay = Math.max(1, Math.max(jittered, Math.min(retryAfterMs, longest)));
        return vertx.timer(delay, TimeUnit.MILLISECONDS).compose(ignored -> attempt(shipment, body, attempt + 1));
    }

    private void count(String cause) {
        failures.computeIfAbsent(cause, ignored -> new AtomicLong()).incrementAndGet();
    }

    private static String nameOf(Throwable failure) {
        return failure instanceof TimeoutException ? "no answer in time" : "connection refused or broken";
    }

    private record Answer(int status, long retryAfterMs) {

        static Answer of(HttpClientResponse response) {
            String seconds = response.getHeader("Retry-After");
            return new Answer(
                    response.statusCode(),
                    seconds != null && seconds.matches("[0-9]{1,4}") ? Long.parseLong(seconds) * SECOND_MS : 0);
        }
    }

    private Future<Answer> post(Buffer body) {
        attempts.incrementAndGet();
        // Handed out of the chain, so that a request without an answer can be given up with its connection.
        HttpClientRequest[] sent = new HttpClientRequest[1];
        return client.request(request)
                .compose(opened -> {
                    sent[0] = opened;
                    return opened.send(body);
                })
                .map(Answer::of)
                .timeout(patience.answer().toMillis(), TimeUnit.MILLISECONDS)
                .onFailure(failure -> {
                    if (sent[0] != null) {
                        Future<Void> unused = sent[0].reset();
                    }
                });
    }

    /** Requests so far. */
    long attempts() {
        return attempts.get();
    }

    /** Deliveries that are being sent and have not been taken yet. */
    long inFlight() {
        return inFlight.get();
    }

    /** What became of everything so far. */
    Answers answers() {
        return new Answers(acceptedById, refusedById);
    }

    /** Envelopes taken so far. */
    int accepted() {
        return acceptedById.size();
    }

    /** Attempts that were not taken, by cause. */
    Map<String, Long> failures() {
        Map<String, Long> counts = new TreeMap<>();
        failures.forEach((cause, count) -> counts.put(cause, count.get()));
        return counts;
    }
}
