package io.handover.fakeaws;

import io.handover.fakeaws.Behaviour.Trait;
import io.handover.fakeaws.Connections.Destination;
import io.handover.fakeaws.Sender.Answer;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The deliveries of events to targets, with retries and dead letter queues.
 *
 * <p>AWS documents which failures are retried, the attributes of a dead letter, and a list of error codes. Which code
 * belongs to which failure and how long the pauses are is assumed. An event for an inactive API destination is retried
 * (assumed), and so is a 401 that made the destination inactive.
 */
final class Deliveries {

    private static final Set<Integer> RETRIED = Set.of(401, 407, 409, 429);
    private static final Set<Integer> DEAUTHORIZING = Set.of(401, 407);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);
    private static final int MAX_OPEN = 50_000;

    private final Vertx vertx;
    private final Account account;
    private final Sender sender;
    private final Roles roles;
    private final Connections connections;
    private final Queues queues;
    private final Topics topics;
    private final Metrics metrics;
    private final BiConsumer<String, Connection> onDeauthorized;
    private int open;

    /** An event on its way to a target. */
    private static final class Delivery {
        private final String ruleArn;
        private final JsonObject target;
        private final JsonObject event;
        private final long beganNs = System.nanoTime();
        private int attempts;

        private Delivery(String ruleArn, JsonObject target, JsonObject event) {
            this.ruleArn = ruleArn;
            this.target = target;
            this.event = event;
        }

        private int maximumRetries() {
            return target.getJsonObject("RetryPolicy", new JsonObject()).getInteger("MaximumRetryAttempts", 185);
        }

        private Duration maximumAge() {
            return Duration.ofSeconds(target.getJsonObject("RetryPolicy", new JsonObject())
                    .getInteger("MaximumEventAgeInSeconds", 86_400));
        }
    }

    /**
     * Why an attempt failed.
     *
     * @param code the error code of the dead letter
     * @param retryAfterSeconds the pause that the endpoint asks for, or null
     */
    private record Failure(
            String code,
            String message,
            boolean isRetryable,
            @Nullable Long retryAfterSeconds) {

        private static Failure permanent(String code, String message) {
            return new Failure(code, message, false, null);
        }
    }

    /**
     * Creates deliveries.
     *
     * @param onDeauthorized gets the detail type and the connection when a connection lost its authorization
     */
    Deliveries(
            Vertx vertx,
            Account account,
            Sender sender,
            Roles roles,
            Connections connections,
            Queues queues,
            Topics topics,
            Metrics metrics,
            BiConsumer<String, Connection> onDeauthorized) {
        this.vertx = vertx;
        this.account = account;
        this.sender = sender;
        this.roles = roles;
        this.connections = connections;
        this.queues = queues;
        this.topics = topics;
        this.metrics = metrics;
        this.onDeauthorized = onDeauthorized;
    }

    /** Delivers an event to the targets of a rule. */
    void invoke(Rule rule, JsonObject event) {
        for (JsonObject target : rule.targets().values()) {
            if (open >= MAX_OPEN) {
                throw new IllegalStateException("The fake delivers at most " + MAX_OPEN + " events at the same time");
            }
            open++;
            attempt(new Delivery(rule.arn(), target, event));
        }
    }

    /** The number of events that are neither delivered nor given up. */
    int open() {
        return open;
    }

    private void attempt(Delivery delivery) {
        String arn = delivery.target.getString("Arn");
        delivery.attempts++;
        metrics.increment(delivery.ruleArn, delivery.attempts == 1 ? Metrics.INVOCATIONS : Metrics.RETRIES);
        if (arn.contains(":api-destination/")) {
            call(delivery, arn);
            return;
        }
        String body = TargetInput.of(delivery.target, delivery.event);
        String code = arn.contains(":sqs:")
                ? queues.accept(arn, delivery.ruleArn, body, new JsonObject())
                : arn.contains(":sns:") ? topics.publish(arn, delivery.ruleArn, body) : "INVALID_PARAMETER";
        if (code == null) {
            open--;
        } else {
            fail(delivery, Failure.permanent(code, "The target " + arn + " does not accept the event."));
        }
    }

    /** Calls an API destination, at once or when its rate limit has room. */
    private void call(Delivery delivery, String arn) {
        Destination destination = connections.destination(arn);
        if (destination == null) {
            fail(delivery, Failure.permanent("NO_RESOURCE", "The API destination " + arn + " does not exist."));
            return;
        }
        String roleArn = delivery.target.getString("RoleArn");
        String reason = roles.reasonAgainst(roleArn, delivery.ruleArn, arn);
        if (reason != null) {
            fail(delivery, Failure.permanent(reason, "The role " + roleArn + " may not invoke " + arn + "."));
            return;
        }
        long waitMs = destination.nextSlotMs();
        if (waitMs > 0) {
            vertx.setTimer(waitMs, timer -> locked(() -> send(delivery, destination)));
        } else {
            send(delivery, destination);
        }
    }

    private void send(Delivery delivery, Destination destination) {
        Connection connection = connections.connectionOf(destination);
        String key = connection == null ? null : connection.key();
        if (connection == null || key == null) {
            boolean isRetryable = !account.happens(Trait.DROP_WHILE_INACTIVE);
            fail(delivery, new Failure("SDK_CLIENT_ERROR", "The API destination is not active.", isRetryable, null));
            return;
        }
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("User-Agent", "Amazon/EventBridge/ApiDestinations");
        headers.put("Content-Type", "application/json; charset=utf-8");
        headers.put("Range", "bytes=0-1048575");
        headers.put("Accept-Encoding", "gzip,deflate");
        headers.put(connection.keyName(), key);
        sender.send(
                        destination.method(),
                        URI.create(destination.endpoint()),
                        headers,
                        TargetInput.of(delivery.target, delivery.event))
                .onComplete(answer -> locked(() -> {
                    if (answer.succeeded()) {
                        settle(delivery, answer.result(), connection, key);
                    } else {
                        fail(delivery, unanswered(answer.cause()));
                    }
                }));
    }

    private void settle(Delivery delivery, Answer answer, Connection connection, String key) {
        int status = answer.status();
        if (status / 100 == 2) {
            open--;
            return;
        }
        // A late answer to the old key does not concern the new one.
        if (DEAUTHORIZING.contains(status) && key.equals(connection.key())) {
            connection.deauthorize("The endpoint answered with HTTP status code " + status + ".");
            onDeauthorized.accept("Connection Deauthorized", connection);
            onDeauthorized.accept("API Destination Deactivated", connection);
        }
        Long retryAfter = answer.retryAfterSeconds();
        boolean isRetryable =
                (status / 100 == 5 || RETRIED.contains(status)) && (retryAfter == null || retryAfter >= 0);
        fail(
                delivery,
                new Failure(
                        status == 429 ? "THROTTLING" : "SDK_CLIENT_ERROR",
                        "Unable to invoke ApiDestination endpoint: API destination endpoint returned HTTP status code "
                                + status + ".",
                        isRetryable,
                        retryAfter));
    }

    /** A host that does not resolve is not retried, everything else is. */
    private static Failure unanswered(Throwable cause) {
        if (cause instanceof UnknownHostException) {
            return Failure.permanent("CONNECTION_FAILURE", "The host " + cause.getMessage() + " does not resolve.");
        }
        boolean isTimeout = cause instanceof TimeoutException;
        return new Failure(
                isTimeout ? "TIMEOUT" : "CONNECTION_FAILURE",
                isTimeout ? "The endpoint did not answer in time." : "The request failed: " + cause.getMessage(),
                true,
                null);
    }

    /** Retries a delivery or gives it up. */
    private void fail(Delivery delivery, Failure failure) {
        long ageMs = (System.nanoTime() - delivery.beganNs) / 1_000_000;
        boolean isTooOld = ageMs >= account.behaviour().scaledMs(delivery.maximumAge());
        boolean isTried = delivery.attempts > delivery.maximumRetries();
        if (failure.isRetryable() && !isTooOld && !isTried) {
            vertx.setTimer(pauseMs(delivery, failure), timer -> locked(() -> attempt(delivery)));
            return;
        }
        open--;
        metrics.increment(delivery.ruleArn, Metrics.FAILED);
        String queue = delivery.target
                .getJsonObject("DeadLetterConfig", new JsonObject())
                .getString("Arn");
        if (queue == null) {
            return;
        }
        JsonObject attributes = new JsonObject()
                .put("RULE_ARN", text(delivery.ruleArn))
                .put("TARGET_ARN", text(delivery.target.getString("Arn")))
                .put("ERROR_CODE", text(failure.code()))
                .put("ERROR_MESSAGE", text(failure.message()));
        if (failure.isRetryable()) {
            attributes
                    .put(
                            "EXHAUSTED_RETRY_CONDITION",
                            text(isTried ? "MaximumRetryAttempts" : "MaximumEventAgeInSeconds"))
                    .put("RETRY_ATTEMPTS", text(String.valueOf(delivery.attempts - 1)));
        }
        boolean isAccepted = queues.accept(queue, delivery.ruleArn, delivery.event.encode(), attributes) == null;
        metrics.increment(delivery.ruleArn, isAccepted ? Metrics.TO_DLQ : Metrics.NOT_TO_DLQ);
    }

    /** The pause doubles with each attempt, half of it is random, and the endpoint can ask for a longer one. */
    private long pauseMs(Delivery delivery, Failure failure) {
        long pauseMs =
                Math.min(LONGEST_PAUSE.toMillis(), FIRST_PAUSE.toMillis() << Math.min(delivery.attempts - 1, 16));
        pauseMs = pauseMs / 2 + (long) (account.random().nextDouble() * pauseMs / 2);
        Long retryAfter = failure.retryAfterSeconds();
        return account.behaviour()
                .scaledMs(Duration.ofMillis(retryAfter == null ? pauseMs : Math.max(pauseMs, retryAfter * 1_000)));
    }

    private void locked(Runnable action) {
        synchronized (account) {
            action.run();
        }
    }

    private static JsonObject text(String value) {
        return new JsonObject().put("DataType", "String").put("StringValue", value);
    }
}
