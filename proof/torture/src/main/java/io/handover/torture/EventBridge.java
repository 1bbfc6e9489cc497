package io.handover.torture;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A simulated API destination of EventBridge, limited to what AWS documents. {@link #deliver} applies the retry policy
 * and the dead letter queue. {@link #attempt} sends one request. The class shares no code with the bridge. In an answer
 * it reads only the status and {@code Retry-After}.
 *
 * <p>After an answer with 401 or 407 the connection is de-authorized: its key is removed, and nothing is sent until
 * {@link #updateConnection}. AWS does not document what happens to the events of that time; here they wait.
 */
final class EventBridge implements AutoCloseable {

    /** The time limit of a whole attempt: connecting, sending, and reading the answer to its end. */
    static final Duration TIME_OUT = Duration.ofSeconds(5);

    /** The statuses that are retried, in addition to all 5xx. No other status is retried. */
    private static final Set<Integer> RETRIED = Set.of(401, 407, 409, 429);

    private static final Set<Integer> DEAUTHORIZING = Set.of(401, 407);

    private static final Pattern STATUS = Pattern.compile("\\AHTTP/1\\.1 ([1-5][0-9][0-9]) ");
    private static final Pattern RETRY_AFTER = Pattern.compile("(?im)^retry-after: *(-?[0-9]{1,9})\\r?$");

    /**
     * The most attempts at the same time; EventBridge has such a limit too. More attempts wait, and their time-out
     * begins after the wait.
     */
    private static final int MAX_CONNECTIONS = 300;

    private final URI destination;
    private final RetryPolicy policy;
    private final Consumer<Attempt> observer;
    private final Random jitter = new Random(1);
    private final ScheduledExecutorService workers = Executors.newScheduledThreadPool(MAX_CONNECTIONS);
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    private final Queue<Attempt> deadLetterQueue = new ConcurrentLinkedQueue<>();
    private final AtomicInteger open = new AtomicInteger();

    /** The deliveries that wait for an update of the connection. */
    private final List<Runnable> waiting = new ArrayList<>();

    /** The key of the connection; null while the connection is de-authorized. */
    private @Nullable String key;

    /**
     * An event to deliver.
     *
     * @param id EventBridge's id of the event; a second delivery of the event can have the same id
     * @param conversationId the conversation of the event, for messages; the real EventBridge does not know it
     * @param body the body of the request
     */
    record Event(String id, String conversationId, String body) {

        byte[] bytes() {
            return body.getBytes(UTF_8);
        }
    }

    /**
     * How often and for how long a delivery is retried.
     *
     * @param maximumRetryAttempts at most 185 in EventBridge
     * @param maximumAge at most 24 hours in EventBridge
     */
    record RetryPolicy(Duration firstBackOff, Duration longestBackOff, int maximumRetryAttempts, Duration maximumAge) {

        /** The limits of EventBridge. AWS does not document the back-off; these values suit runs of a few minutes. */
        static final RetryPolicy DEFAULT =
                new RetryPolicy(Duration.ofMillis(200), Duration.ofSeconds(3), 185, Duration.ofHours(24));

        /**
         * Returns the time until the next attempt. It doubles with each attempt. Half of it is random, so that
         * deliveries that failed together are not retried together.
         */
        private long backOffMs(int attempt, Random jitter) {
            long longest = Math.min(longestBackOff.toMillis(), firstBackOff.toMillis() << Math.min(attempt - 1, 16));
            return longest / 2 + (long) (jitter.nextDouble() * longest / 2);
        }
    }

    /**
     * One request and its result.
     *
     * @param number the number of the attempt for its event, from 1
     * @param beganNs when the connection was requested, by {@link System#nanoTime()}
     * @param endedNs when either side closed the connection, by {@link System#nanoTime()}
     * @param status the HTTP status, or 0 if there is no answer
     * @param retryAfterSeconds the value of {@code Retry-After}, or null if the answer has no such header
     * @param failure the reason why there is no answer; empty if there is an answer
     */
    record Attempt(
            Event event,
            int number,
            long beganNs,
            long endedNs,
            int status,
            @Nullable Long retryAfterSeconds,
            String failure) {

        boolean isAccepted() {
            return status / 100 == 2;
        }

        /** Whether EventBridge retries after this attempt. A negative {@code Retry-After} forbids a retry. */
        private boolean isRetryable() {
            return (status == 0 || status / 100 == 5 || RETRIED.contains(status))
                    && (retryAfterSeconds == null || retryAfterSeconds >= 0);
        }

        Duration duration() {
            return Duration.ofNanos(endedNs - beganNs);
        }

        /** The HTTP status, or the reason why there is no answer. */
        String result() {
            return status == 0 ? failure : String.valueOf(status);
        }

        @Override
        public String toString() {
            return "%s, attempt %d: %s after %d ms, Retry-After %s"
                    .formatted(
                            event.conversationId(), number, result(), duration().toMillis(), retryAfterSeconds);
        }
    }

    /** Creates a destination. Several threads report their attempts to the observer. */
    EventBridge(URI destination, String key, RetryPolicy policy, Consumer<Attempt> observer) {
        this.destination = destination;
        this.key = key;
        this.policy = policy;
        this.observer = observer;
    }

    /**
     * Delivers an event with retries. An event that is given up goes to the dead letter queue. The future completes
     * with the last attempt.
     */
    CompletableFuture<Attempt> deliver(Event event) {
        open.incrementAndGet();
        CompletableFuture<Attempt> last = new CompletableFuture<>();
        long acceptedNs = System.nanoTime();
        workers.execute(() -> deliver(event, 1, acceptedNs, last));
        return last;
    }

    private void deliver(Event event, int number, long acceptedNs, CompletableFuture<Attempt> last) {
        String current = keyOrWait(() -> deliver(event, number, acceptedNs, last));
        if (current == null) {
            return;
        }
        Attempt attempt = invoke(event, number, current);
        boolean isSpent = number > policy.maximumRetryAttempts()
                || System.nanoTime() - acceptedNs > policy.maximumAge().toNanos();
        if (attempt.isRetryable() && !isSpent) {
            long requested = attempt.retryAfterSeconds() == null ? 0 : attempt.retryAfterSeconds() * 1_000;
            long delayMs = Math.max(requested, policy.backOffMs(number, jitter));
            Future<?> unused = workers.schedule(
                    () -> deliver(event, number + 1, acceptedNs, last), delayMs, TimeUnit.MILLISECONDS);
            return;
        }
        if (!attempt.isAccepted()) {
            deadLetterQueue.add(attempt);
        }
        open.decrementAndGet();
        last.complete(attempt);
    }

    /** Returns the key. While the connection is de-authorized, keeps the delivery and returns null. */
    private synchronized @Nullable String keyOrWait(Runnable delivery) {
        if (key == null) {
            waiting.add(delivery);
        }
        return key;
    }

    private synchronized void deauthorize() {
        key = null;
    }

    /** Gives the connection another key, which also authorizes it again. */
    synchronized void updateConnection(String newKey) {
        key = newKey;
        waiting.forEach(workers::execute);
        waiting.clear();
    }

    /** The number of events that wait for an update of the connection. */
    synchronized int waiting() {
        return waiting.size();
    }

    /** Sends an event once, without retries. The connection must be authorized. */
    Attempt attempt(Event event) {
        return invoke(event, 1, Objects.requireNonNull(key(), "the connection is de-authorized"));
    }

    private synchronized @Nullable String key() {
        return key;
    }

    private Attempt invoke(Event event, int number, String authorization) {
        long beganNs = System.nanoTime();
        Socket connection = new Socket();
        AtomicBoolean late = new AtomicBoolean();
        // Closing the socket ends a blocked connect, write or read.
        Future<?> timeOut = clock.schedule(
                () -> {
                    late.set(true);
                    close(connection);
                },
                TIME_OUT.toMillis(),
                TimeUnit.MILLISECONDS);
        String answer = "";
        String failure = "closed without an answer";
        try (connection) {
            connection.connect(new InetSocketAddress(destination.getHost(), destination.getPort()));
            connection.getOutputStream().write(request(event, authorization));
            answer = new String(connection.getInputStream().readAllBytes(), ISO_8859_1);
        } catch (IOException e) {
            failure = late.get() ? "no answer in time" : String.valueOf(e.getMessage());
        } finally {
            timeOut.cancel(false);
        }
        Matcher status = STATUS.matcher(answer);
        Matcher retryAfter = RETRY_AFTER.matcher(answer);
        boolean isAnswered = status.find();
        Attempt attempt = new Attempt(
                event,
                number,
                beganNs,
                System.nanoTime(),
                isAnswered ? Integer.parseInt(status.group(1)) : 0,
                retryAfter.find() ? Long.valueOf(retryAfter.group(1)) : null,
                isAnswered ? "" : failure);
        if (DEAUTHORIZING.contains(attempt.status())) {
            deauthorize();
        }
        observer.accept(attempt);
        return attempt;
    }

    private byte[] request(Event event, String authorization) {
        String head = """
                POST %s HTTP/1.1
                Host: %s:%d
                User-Agent: Amazon/EventBridge/ApiDestinations
                Content-Type: application/json; charset=utf-8
                Range: bytes=0-1048575
                Accept-Encoding: gzip,deflate
                Connection: close
                Authorization: %s
                Content-Length: %d

                """.formatted(
                        destination.getPath(),
                        destination.getHost(),
                        destination.getPort(),
                        authorization,
                        event.bytes().length);
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        request.writeBytes(head.replace("\n", "\r\n").getBytes(ISO_8859_1));
        request.writeBytes(event.bytes());
        return request.toByteArray();
    }

    private static void close(Socket connection) {
        try {
            connection.close();
        } catch (IOException e) {
            throw new IllegalStateException("Expected a socket to close, but it did not", e);
        }
    }

    /** The number of events that are neither accepted nor in the dead letter queue. */
    int open() {
        return open.get();
    }

    /** The last attempt of each event that was given up. */
    List<Attempt> deadLetterQueue() {
        return List.copyOf(deadLetterQueue);
    }

    /** Stops all attempts. Events that are still open are dropped. */
    @Override
    public void close() {
        workers.shutdownNow();
        clock.shutdownNow();
    }
}
