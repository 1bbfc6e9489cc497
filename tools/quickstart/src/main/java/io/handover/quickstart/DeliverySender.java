package io.handover.quickstart;

import io.handover.terminal.StopSignal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Sends deliveries to the bridge as EventBridge does: one delivery per request. After a timeout or a temporary failure,
 * it sends the delivery again.
 *
 * <p>Several requests are in flight at the same time. The deliveries of one conversation are sent one after the other.
 * Only one thread may use a sender.
 */
final class DeliverySender {

    private static final int MAX_IN_FLIGHT = 64;
    private static final int ATTEMPTS = 10;
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

    /** The time after which EventBridge stops waiting for an answer. */
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(5);

    private static final Executor LATER = CompletableFuture.delayedExecutor(1, TimeUnit.SECONDS);

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_TIMEOUT)
            .build();
    private final Semaphore inFlight = new Semaphore(MAX_IN_FLIGHT);
    private final Map<String, CompletableFuture<Void>> lastOfKey = new HashMap<>();
    private final HttpRequest.Builder request;
    private final StopSignal stop;

    DeliverySender(URI endpoint, String apiKey, StopSignal stop) {
        this.request = HttpRequest.newBuilder(endpoint)
                .timeout(REQUEST_TIMEOUT)
                .header("Authorization", apiKey)
                .header("Content-Type", "application/json; charset=utf-8");
        this.stop = stop;
    }

    /**
     * The answer of the bridge.
     *
     * @param status the HTTP status; 0 if there was no answer
     * @param text the body of the answer, or the error if there was no answer
     */
    record Answer(int status, String text) {

        boolean accepted() {
            return status >= 200 && status < 300;
        }

        private boolean isTemporaryFailure() {
            return status == 0 || status == 429 || status >= 500;
        }

        @Override
        public String toString() {
            // Shortens {"outcome":"stored"} to stored.
            String words = text.replaceAll("[{}\"]|outcome\":", "").strip();
            return (status == 0 ? "no answer" : String.valueOf(status)) + (words.isEmpty() ? "" : " " + words);
        }
    }

    /**
     * Sends a delivery and does not wait for the answer. While too many deliveries are in flight, it waits before it
     * sends.
     *
     * @param onAnswer is called with the answer in another thread, exactly once
     */
    void send(OutgoingDelivery delivery, Consumer<Answer> onAnswer) {
        inFlight.acquireUninterruptibly();
        String key = delivery.orderKey();
        HttpRequest post = request.copy()
                .POST(HttpRequest.BodyPublishers.ofByteArray(delivery.body()))
                .build();
        CompletableFuture<Void> previous = lastOfKey.getOrDefault(key, CompletableFuture.completedFuture(null));
        CompletableFuture<Void> done = previous.thenCompose(ignored -> post(post, 1))
                .thenAccept(onAnswer)
                .whenComplete((ignored, failure) -> {
                    // This comes last, so that awaitAnswers() returns only after every call of onAnswer.
                    inFlight.release();
                });
        // Removes the finished requests. Otherwise, the map would keep an entry per conversation.
        lastOfKey.values().removeIf(CompletableFuture::isDone);
        lastOfKey.put(key, done);
    }

    Answer sendAndWait(OutgoingDelivery delivery) {
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        send(delivery, answer::complete);
        return answer.join();
    }

    /** Waits until each delivery has its answer, and each {@code onAnswer} has returned. */
    void awaitAnswers() {
        inFlight.acquireUninterruptibly(MAX_IN_FLIGHT);
        inFlight.release(MAX_IN_FLIGHT);
    }

    private CompletableFuture<Answer> post(HttpRequest post, int attempt) {
        return client.sendAsync(post, BodyHandlers.ofString())
                .handle((response, failure) -> failure == null
                        ? new Answer(response.statusCode(), response.body())
                        : new Answer(0, String.valueOf(failure.getMessage())))
                .thenCompose(answer -> answer.isTemporaryFailure() && attempt < ATTEMPTS && !stop.isRequested()
                        ? CompletableFuture.completedFuture(attempt + 1)
                                .thenComposeAsync(next -> post(post, next), LATER)
                        : CompletableFuture.completedFuture(answer));
    }
}
