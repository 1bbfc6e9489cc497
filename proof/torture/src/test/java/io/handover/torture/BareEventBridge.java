package io.handover.torture;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An API destination of EventBridge, and no more of it than AWS documents: {@link #deliver} is the retry policy with its
 * dead letter queue, {@link #invoke} the one request. It knows nothing of the bridge, and of an answer it looks at the
 * status and {@code Retry-After} alone.
 */
final class BareEventBridge implements AutoCloseable {

    /** For all of an attempt: connecting, sending, and the answer to its end. */
    static final Duration TIME_OUT = Duration.ofSeconds(5);

    /** Besides 5xx. No other 1xx, 2xx, 3xx or 4xx is tried again. */
    private static final Set<Integer> RETRIED = Set.of(401, 407, 409, 429);

    private static final Pattern STATUS = Pattern.compile("\\AHTTP/1\\.1 ([1-5][0-9][0-9]) ");
    private static final Pattern RETRY_AFTER = Pattern.compile("(?im)^retry-after: *(-?[0-9]{1,9})\\r?$");

    /** More than are ever under way at once here. */
    private static final int MOST_CONNECTIONS = 300;

    private final URI destination;
    private final String authorization;
    private final RetryPolicy policy;
    private final Random jitter = new Random(1);
    private final ScheduledExecutorService workers = Executors.newScheduledThreadPool(MOST_CONNECTIONS);
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    private final Queue<Attempt> attempts = new ConcurrentLinkedQueue<>();
    private final Queue<Event> deadLetterQueue = new ConcurrentLinkedQueue<>();
    private final AtomicInteger open = new AtomicInteger();

    /**
     * What is to be delivered.
     *
     * @param conversationId what it is about; EventBridge would not know
     * @param body what is posted
     */
    record Event(String conversationId, String body) {

        byte[] bytes() {
            return body.getBytes(UTF_8);
        }
    }

    /**
     * How often, and for how long. EventBridge's own are up to 185 retries and 24 hours; how long it backs off is not
     * documented.
     */
    record RetryPolicy(Duration firstBackOff, Duration longestBackOff, int maximumRetryAttempts, Duration maximumAge) {

        static final RetryPolicy QUICK =
                new RetryPolicy(Duration.ofMillis(200), Duration.ofSeconds(3), 185, Duration.ofMinutes(3));

        /** Twice as long each time, of which half is chance. */
        private long backOffMs(int attempt, Random jitter) {
            long most = Math.min(longestBackOff.toMillis(), firstBackOff.toMillis() << Math.min(attempt - 1, 16));
            return most / 2 + (long) (jitter.nextDouble() * most / 2);
        }
    }

    /**
     * One request, and what came of it.
     *
     * @param number from 1, by event
     * @param beganNs when its connection was asked for, in nanoseconds of this JVM
     * @param endedNs when the connection was closed, by either side
     * @param status 0 where none came
     * @param retryAfterSeconds null if not said
     * @param failure why no status came; empty if one did
     */
    record Attempt(
            Event event,
            int number,
            long beganNs,
            long endedNs,
            int status,
            @Nullable Long retryAfterSeconds,
            String failure) {

        boolean isTaken() {
            return status / 100 == 2;
        }

        /** A negative Retry-After forbids it. */
        private boolean isRetryable() {
            return (status == 0 || status / 100 == 5 || RETRIED.contains(status))
                    && (retryAfterSeconds == null || retryAfterSeconds >= 0);
        }

        Duration took() {
            return Duration.ofNanos(endedNs - beganNs);
        }

        @Override
        public String toString() {
            return "%s, attempt %d: %s after %d ms, Retry-After %s"
                    .formatted(
                            event.conversationId(),
                            number,
                            status == 0 ? failure : status,
                            took().toMillis(),
                            retryAfterSeconds);
        }
    }

    BareEventBridge(URI destination, String authorization, RetryPolicy policy) {
        this.destination = destination;
        this.authorization = authorization;
        this.policy = policy;
    }

    /** Takes an event over: it is delivered, or it ends in the dead letter queue. */
    void accept(Event event) {
        open.incrementAndGet();
        long acceptedNs = System.nanoTime();
        workers.execute(() -> deliver(event, 1, acceptedNs));
    }

    private void deliver(Event event, int number, long acceptedNs) {
        Attempt attempt = invoke(event, number);
        boolean isSpent = number > policy.maximumRetryAttempts()
                || System.nanoTime() - acceptedNs > policy.maximumAge().toNanos();
        if (attempt.isTaken()) {
            open.decrementAndGet();
        } else if (attempt.isRetryable() && !isSpent) {
            long asked = attempt.retryAfterSeconds() == null ? 0 : attempt.retryAfterSeconds() * 1_000;
            long delayMs = Math.max(asked, policy.backOffMs(number, jitter));
            Future<?> unused =
                    workers.schedule(() -> deliver(event, number + 1, acceptedNs), delayMs, TimeUnit.MILLISECONDS);
        } else {
            deadLetterQueue.add(event);
            open.decrementAndGet();
        }
    }

    /** One attempt and no other. */
    Attempt attempt(Event event) {
        return invoke(event, 1);
    }

    private Attempt invoke(Event event, int number) {
        long beganNs = System.nanoTime();
        Socket connection = new Socket();
        AtomicBoolean late = new AtomicBoolean();
        // Whatever it waits for then, a socket that is closed waits no longer.
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
            connection.getOutputStream().write(request(event));
            answer = new String(connection.getInputStream().readAllBytes(), ISO_8859_1);
        } catch (IOException e) {
            failure = late.get() ? "no answer in time" : e.toString();
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
        attempts.add(attempt);
        return attempt;
    }

    private byte[] request(Event event) {
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

    /** Events that are neither delivered nor given up yet. */
    int open() {
        return open.get();
    }

    /** Every request so far. */
    List<Attempt> attempts() {
        return List.copyOf(attempts);
    }

    /** What was given up. */
    List<Event> deadLetterQueue() {
        return List.copyOf(deadLetterQueue);
    }

    /** Stops, whatever is under way. */
    @Override
    public void close() {
        workers.shutdownNow();
        clock.shutdownNow();
    }
}
