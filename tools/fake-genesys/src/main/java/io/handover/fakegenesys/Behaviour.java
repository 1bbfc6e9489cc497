package io.handover.fakegenesys;

import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How the fake answers.
 *
 * @param delay how long the fake waits before it answers
 * @param answer the answer to every request, or null for the documented answer
 */
public record Behaviour(Duration delay, @Nullable Answer answer) {

    private static final Duration NEVER = Duration.ofMillis(Long.MAX_VALUE);

    /** Answers as documented. */
    public static final Behaviour NORMAL = new Behaviour(Duration.ZERO, null);

    /** Accepts requests and never answers. */
    public static final Behaviour HANGING = new Behaviour(NEVER, null);

    /** Answers 403, as to an OAuth client without the permission. */
    public static final Behaviour REFUSING = error(403, "missing.any.permissions", "Unable to perform the action.");

    /** Answers 503. */
    public static final Behaviour UNAVAILABLE = error(503, "service.unavailable", "The service is unavailable.");

    /** Answers 401 to every token. */
    public static final Behaviour REJECTING_TOKENS = error(401, "bad.credentials", "Invalid login credentials.");

    /**
     * An answer of the fake.
     *
     * @param status the HTTP status
     */
    public record Answer(int status, Map<String, String> headers, String body) {
        public Answer {
            headers = Map.copyOf(headers);
            Objects.requireNonNull(body, "body");
        }
    }

    public Behaviour {
        Objects.requireNonNull(delay, "delay");
    }

    /** Answers as documented, after a delay. */
    public static Behaviour slow(Duration delay) {
        return new Behaviour(delay, null);
    }

    /** Answers 429 to every request, with the pause in the header {@code Retry-After} and in the message. */
    public static Behaviour rateLimited(int retryAfterSeconds) {
        return answering(
                Errors.rateLimited(retryAfterSeconds, Map.of("Retry-After", String.valueOf(retryAfterSeconds))));
    }

    /** Answers 429 to every request, with the pause in the message only. */
    public static Behaviour rateLimitedWithoutHeader(int retryAfterSeconds) {
        return answering(Errors.rateLimited(retryAfterSeconds, Map.of()));
    }

    /** Gives the same answer to every request. */
    public static Behaviour answering(Answer answer) {
        return new Behaviour(Duration.ZERO, answer);
    }

    private static Behaviour error(int status, String code, String message) {
        return answering(Errors.of(status, code, message));
    }

    boolean isHanging() {
        return delay.equals(NEVER);
    }
}
