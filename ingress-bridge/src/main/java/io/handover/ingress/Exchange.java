package io.handover.ingress;

import io.handover.schema.Delivery;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One delivery from its request to its answer, of which there is exactly one: the first.
 *
 * <p>Confined to the event loop of its connection, except {@link #answerFromAnyThread}.
 */
final class Exchange {

    private static final String COME_AGAIN_SECONDS = "1";

    /** How long a sender that has its answer may go on with its body; it is read and dropped meanwhile. */
    private static final long DRAIN_MS = 5_000;

    private static final Map<Outcome, Buffer> BODIES = Arrays.stream(Outcome.values())
            .collect(Collectors.toUnmodifiableMap(
                    Function.identity(), outcome -> Buffer.buffer("{\"outcome\":\"" + outcome.label() + "\"}")));

    private final Vertx vertx;
    private final Context context;
    private final HttpServerRequest request;
    private final Desk desk;
    private final long beganNanos = System.nanoTime();

    private boolean answered;
    private boolean atKafka;
    private @Nullable Long timer;
    private long bytes;
    private @Nullable String conversationId;
    private @Nullable String eventId;

    /** What all exchanges share. */
    record Desk(Ledger ledger, Capacity capacity, Connections connections, AccessLog log) {}

    /** Opens the exchange; called on the event loop of the connection. */
    Exchange(Vertx vertx, HttpServerRequest request, Desk desk) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.request = request;
        this.desk = desk;
        desk.ledger().received();
        desk.connections().requestBegan(request.connection());
    }

    /** Sees to it that the answer is given in time, whatever happens. */
    void answerWithin(long answerTimeoutMs) {
        timer = vertx.setTimer(
                answerTimeoutMs, id -> answer(atKafka ? Outcome.KAFKA_TIMEOUT : Outcome.SLOW_BODY, null));
    }

    /** Whether so many bytes more of the body may be kept until the answer. */
    boolean keep(int count) {
        if (!desk.capacity().takeBytes(count)) {
            return false;
        }
        bytes += count;
        return true;
    }

    /** Whether it may wait for Kafka until the answer. */
    boolean takePlace() {
        atKafka = desk.capacity().takePlace();
        return atKafka;
    }

    /** Tells the log whose delivery it is. */
    void identify(Delivery delivery) {
        conversationId = delivery.conversationId();
        eventId = delivery.eventId();
    }

    boolean isAnswered() {
        return answered;
    }

    /** @param cause what Kafka said, for the log */
    void answerFromAnyThread(Outcome outcome, @Nullable Exception cause) {
        context.runOnContext(ignored -> answer(outcome, cause));
    }

    void answer(Outcome outcome) {
        answer(outcome, null);
    }

    /** Answers, unless that was done before. */
    private void answer(Outcome outcome, @Nullable Exception cause) {
        if (answered) {
            return;
        }
        answered = true;
        if (timer != null) {
            vertx.cancelTimer(timer);
        }
        if (atKafka) {
            desk.capacity().givePlace();
        }
        desk.capacity().giveBytes(bytes);
        // The books and the log first: who sees the answer can look it up.
        desk.ledger().answered(outcome);
        desk.log().answered(entry(outcome, cause));
        write(outcome);
        desk.connections().requestAnswered(request.connection());
    }

    private AccessLog.Entry entry(Outcome outcome, @Nullable Exception cause) {
        return new AccessLog.Entry(
                outcome,
                Duration.ofNanos(System.nanoTime() - beganNanos).toMillis(),
                bytes,
                conversationId,
                eventId,
                request.remoteAddress() == null ? null : request.remoteAddress().hostAddress(),
                cause == null ? null : cause.getClass().getSimpleName());
    }

    private void write(Outcome outcome) {
        HttpServerResponse response = request.response();
        if (response.closed()) {
            return;
        }
        response.setStatusCode(outcome.status()).putHeader(HttpHeaders.CONTENT_TYPE, "application/json");
        if (outcome.isRetryable()) {
            response.putHeader(HttpHeaders.RETRY_AFTER, COME_AGAIN_SECONDS);
        }
        if (outcome == Outcome.WRONG_METHOD) {
            response.putHeader(HttpHeaders.ALLOW, HttpMethod.POST.name());
        }
        response.end(BODIES.get(outcome));
        if (!request.isEnded()) {
            // Closing at once would reset the connection, and the sender might not see the answer.
            long drain = vertx.setTimer(DRAIN_MS, id -> giveUpBody());
            // Or each exchange that ends early would stay in memory for as long.
            request.endHandler(ignored -> vertx.cancelTimer(drain));
            request.exceptionHandler(ignored -> vertx.cancelTimer(drain));
        }
    }

    private void giveUpBody() {
        if (request.version() == HttpVersion.HTTP_2) {
            // The connection has other requests.
            request.response().reset();
        } else {
            request.connection().close();
        }
    }
}
