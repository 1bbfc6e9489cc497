package io.handover.ingress;

import io.handover.schema.Delivery;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.VertxException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One delivery from its request to its answer, of which there is exactly one: the first.
 *
 * <p>Confined to the event loop of its connection, except {@link #answerFromAnyThread}.
 */
final class Exchange {

    private static final String RETRY_AFTER_SECONDS = "1";

    /** How long a sender that has its answer may go on with its body; it is read and dropped meanwhile. */
    private static final long DRAIN_MS = 5_000;

    private static final Map<DeliveryOutcome, Buffer> BODIES = Arrays.stream(DeliveryOutcome.values())
            .collect(Collectors.toUnmodifiableMap(
                    Function.identity(), outcome -> Buffer.buffer("{\"outcome\":\"" + outcome.label() + "\"}")));

    private final Vertx vertx;
    private final Context context;
    private final HttpServerRequest request;
    private final SharedState shared;
    private final long beganNanos = System.nanoTime();

    private boolean answered;
    private boolean authenticated;
    private boolean atKafka;
    private @Nullable Long timer;

    /** What has come of a body that is wanted; null before, when it is complete, and as soon as there is an answer. */
    private @Nullable Buffer body;

    private Consumer<byte[]> whenComplete = ignored -> {};
    private int bodyMaxBytes;
    private long bytes;
    private @Nullable String conversationId;
    private @Nullable String eventId;

    /** What is not over yet: the request, and the writing of the answer. */
    private int open = 2;

    private boolean closesConnection;
    private @Nullable Long drain;

    /** What all exchanges share. */
    record SharedState(DeliveryMetrics metrics, Capacity capacity, Connections connections, AccessLog accessLog) {}

    /** Opens the exchange; called on the event loop of the connection. */
    Exchange(Vertx vertx, HttpServerRequest request, SharedState shared) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.request = request;
        this.shared = shared;
        shared.capacity().requestStarted();
        shared.metrics().received();
        shared.connections().requestStarted(request.connection());
        request.handler(this::receive).endHandler(ignored -> requestEnded()).exceptionHandler(this::requestFailed);
    }

    /** The sender has shown that it knows a secret. */
    void markAuthenticated() {
        authenticated = true;
    }

    /** Sees to it that the answer is given in time, whatever happens. */
    void answerWithin(long answerTimeoutMs) {
        timer = vertx.setTimer(
                answerTimeoutMs,
                id -> answer(atKafka ? DeliveryOutcome.KAFKA_TIMEOUT : DeliveryOutcome.SLOW_BODY, null));
    }

    /**
     * Keeps the body, as far as there is room, until it is complete. Bytes are bytes, whatever their Content-Type: curl
     * says that it sends a form when nobody tells it otherwise.
     */
    void readBody(int maxBytes, Consumer<byte[]> complete) {
        body = Buffer.buffer();
        bodyMaxBytes = maxBytes;
        whenComplete = complete;
        if (waitsToBeAsked()) {
            request.response().writeContinue();
        }
    }

    private boolean waitsToBeAsked() {
        return "100-continue".equalsIgnoreCase(request.getHeader(HttpHeaders.EXPECT));
    }

    private void receive(Buffer chunk) {
        Buffer kept = body;
        if (kept == null) {
            return;
        }
        if (kept.length() + chunk.length() > bodyMaxBytes) {
            answer(DeliveryOutcome.TOO_LARGE);
        } else if (shared.capacity().tryAcquireBytes(chunk.length())) {
            bytes += chunk.length();
            kept.appendBuffer(chunk);
        } else {
            answer(DeliveryOutcome.BUSY);
        }
    }

    private void requestEnded() {
        Buffer complete = body;
        if (complete != null) {
            // Or there would be two of it while Kafka is asked.
            body = null;
            whenComplete.accept(complete.getBytes());
        }
        end();
    }

    private void requestFailed(Throwable e) {
        answer(isOfConnection(e) ? DeliveryOutcome.CLIENT_GONE : DeliveryOutcome.MALFORMED);
        // There is nobody to write to.
        while (open > 0) {
            end();
        }
    }

    /** Closed or reset; everything else comes from the decoder, and closes the connection too. */
    private static boolean isOfConnection(Throwable e) {
        return e instanceof VertxException || e instanceof IOException;
    }

    /** Whether it may wait for Kafka until the answer. */
    boolean tryAcquireSlot() {
        atKafka = shared.capacity().tryAcquireSlot();
        return atKafka;
    }

    /** Tells the log whose delivery it is. */
    void identify(Delivery delivery) {
        conversationId = delivery.conversationId();
        eventId = delivery.eventId();
    }

    /** @param cause what Kafka said, for the log */
    void answerFromAnyThread(DeliveryOutcome outcome, @Nullable Exception cause) {
        context.runOnContext(ignored -> answer(outcome, cause));
    }

    void answer(DeliveryOutcome outcome) {
        answer(outcome, null);
    }

    /** Answers, unless that was done before. */
    private void answer(DeliveryOutcome outcome, @Nullable Exception cause) {
        if (answered) {
            return;
        }
        answered = true;
        if (timer != null) {
            vertx.cancelTimer(timer);
        }
        if (atKafka) {
            shared.capacity().releaseSlot();
        }
        boolean wasAsked = body != null;
        body = null;
        shared.capacity().releaseBytes(bytes);
        shared.capacity().requestAnswered();
        // The books and the log first: who sees the answer can look it up.
        shared.metrics().answered(outcome);
        shared.accessLog().answered(entry(outcome, cause));
        write(outcome, wasAsked);
    }

    private AccessLog.Entry entry(DeliveryOutcome outcome, @Nullable Exception cause) {
        return new AccessLog.Entry(
                outcome,
                authenticated,
                Duration.ofNanos(System.nanoTime() - beganNanos).toMillis(),
                bytes,
                conversationId,
                eventId,
                request.remoteAddress() == null ? null : request.remoteAddress().hostAddress(),
                cause == null ? null : cause.getClass().getSimpleName());
    }

    private void write(DeliveryOutcome outcome, boolean wasAsked) {
        HttpServerResponse response = request.response();
        if (response.closed()) {
            end();
            return;
        }
        response.setStatusCode(outcome.status()).putHeader(HttpHeaders.CONTENT_TYPE, "application/json");
        if (outcome.isRetryable()) {
            response.putHeader(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS);
        }
        if (outcome == DeliveryOutcome.WRONG_METHOD) {
            response.putHeader(HttpHeaders.ALLOW, HttpMethod.POST.name());
        }
        boolean isHttp2 = request.version() == HttpVersion.HTTP_2;
        // A sender that was not asked for its body does not send it, and its next request would be taken for it.
        closesConnection =
                !isHttp2 && (outcome.isInvalidHttp() || (!request.isEnded() && !wasAsked && waitsToBeAsked()));
        if (closesConnection) {
            shared.connections().refuseFurtherRequests(request.connection());
            response.putHeader(HttpHeaders.CONNECTION, "close");
        }
        response.end(BODIES.get(outcome)).onComplete(ignored -> end());
        if (!request.isEnded()) {
            // Closing at once would reset the connection, and the sender might not see the answer.
            if (isHttp2) {
                // Of the connection's requests only this one.
                drain = vertx.setTimer(DRAIN_MS, id -> response.reset());
            } else {
                shared.connections().closeAfter(request.connection(), DRAIN_MS);
            }
        }
    }

    private void end() {
        if (open == 0 || --open > 0) {
            return;
        }
        if (drain != null) {
            vertx.cancelTimer(drain);
        }
        if (closesConnection) {
            request.connection().close();
        }
        shared.connections().requestEnded(request.connection());
    }
}
