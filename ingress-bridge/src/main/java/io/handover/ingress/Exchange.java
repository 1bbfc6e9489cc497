package io.handover.ingress;

import io.handover.schema.Delivery;
import io.vertx.core.Context;
import io.vertx.core.VertxException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP request and its answer. Only the first answer is sent; later answers are ignored. {@link ExchangeState}
 * describes the states and their transitions.
 *
 * <p>All methods must be called on the event loop of the connection, except {@link #answerFromAnyThread}.
 */
final class Exchange {

    private static final String RETRY_AFTER_SECONDS = "1";

    private static final CharSequence JSON = HttpHeaders.createOptimized("application/json");

    private static final Map<DeliveryOutcome, Buffer> ANSWERS = answers();

    private final Context context;
    private final OpenConnection connection;
    private final HttpServerRequest request;
    private final SharedResources shared;
    private final long startedNanos = System.nanoTime();

    private ExchangeState state = ExchangeState.RECEIVED;
    private boolean authenticated;
    private @Nullable Consumer<byte[]> whenComplete;
    private int bodyMaxBytes;
    private @Nullable Buffer body;
    private boolean ownsBody;
    private int bodyBytes;
    private @Nullable Delivery delivery;
    private boolean closesConnection;
    private boolean sendsGoAway;

    /** The deadline of the answer. After the answer to an HTTP/2 request, it is the deadline of draining. */
    private Deadline deadline = new Deadline(this::answerTimeoutExpired);

    /** The objects of the bridge that all exchanges share. */
    record SharedResources(DeliveryMetrics metrics, Capacity capacity, Connections connections, AccessLog accessLog) {}

    /** Starts the exchange of a request. Must be called on the event loop of the connection. */
    Exchange(Context context, OpenConnection connection, HttpServerRequest request, SharedResources shared) {
        this.context = context;
        this.connection = connection;
        this.request = request;
        this.shared = shared;
        shared.capacity().requestStarted();
        shared.metrics().received();
        connection.requestStarted();
        request.handler(this::receive).endHandler(ignored -> requestEnded()).exceptionHandler(this::requestFailed);
    }

    private static Map<DeliveryOutcome, Buffer> answers() {
        Map<DeliveryOutcome, Buffer> answers = new EnumMap<>(DeliveryOutcome.class);
        for (DeliveryOutcome outcome : DeliveryOutcome.values()) {
            answers.put(outcome, Buffer.buffer("{\"outcome\":\"" + outcome.label() + "\"}"));
        }
        return answers;
    }

    /** Records that the sender has shown a valid secret. */
    void markAuthenticated() {
        authenticated = true;
    }

    /**
     * Reads the body into memory and starts the answer timeout. The Content-Type may be anything, because curl sends
     * {@code application/x-www-form-urlencoded} by default.
     */
    void readBody(int maxBytes, Consumer<byte[]> onComplete) {
        state = state.transitionTo(ExchangeState.READING_BODY);
        bodyMaxBytes = maxBytes;
        whenComplete = onComplete;
        connection.deadlines().answers().start(deadline);
        if (expectsContinue()) {
            request.response().writeContinue();
        }
    }

    private void answerTimeoutExpired() {
        answer(state == ExchangeState.WAITING_FOR_KAFKA ? DeliveryOutcome.KAFKA_TIMEOUT : DeliveryOutcome.SLOW_BODY);
    }

    private boolean expectsContinue() {
        return "100-continue".equalsIgnoreCase(request.getHeader(HttpHeaders.EXPECT));
    }

    private void receive(Buffer chunk) {
        if (state != ExchangeState.READING_BODY) {
            return;
        }
        if (bodyBytes + chunk.length() > bodyMaxBytes) {
            answer(DeliveryOutcome.TOO_LARGE);
        } else if (shared.capacity().tryAcquireBytes(chunk.length())) {
            bodyBytes += chunk.length();
            keep(chunk);
        } else {
            answer(DeliveryOutcome.BUSY);
        }
    }

    /** Keeps the chunk. Most bodies have one chunk, so only a second one starts a copy of all. */
    private void keep(Buffer chunk) {
        if (body == null) {
            body = chunk;
            return;
        }
        if (!ownsBody) {
            body = Buffer.buffer(bodyBytes).appendBuffer(body);
            ownsBody = true;
        }
        body.appendBuffer(chunk);
    }

    private void requestEnded() {
        switch (state) {
            case READING_BODY -> bodyComplete();
            case ANSWERED_EARLY -> state = state.transitionTo(ExchangeState.WRITING_ANSWER);
            case DRAINING -> finish();
            case FINISHED -> {}
            case RECEIVED, DECIDING, WAITING_FOR_KAFKA, WRITING_ANSWER ->
                throw new IllegalStateException("Expected a request to end once, but it ended in " + state);
        }
    }

    private void bodyComplete() {
        state = state.transitionTo(ExchangeState.DECIDING);
        Buffer complete = body;
        // getBytes() makes a copy. Without this line, the original would also stay in memory until Kafka answers.
        body = null;
        Objects.requireNonNull(whenComplete).accept(complete == null ? new byte[0] : complete.getBytes());
    }

    private void requestFailed(Throwable e) {
        answer(isConnectionFailure(e) ? DeliveryOutcome.CLIENT_GONE : DeliveryOutcome.MALFORMED);
        if (state != ExchangeState.FINISHED) {
            finish();
        }
    }

    /**
     * Whether the connection failed. Any other exception comes from the HTTP decoder, which also closes the connection.
     */
    private static boolean isConnectionFailure(Throwable e) {
        return e instanceof VertxException || e instanceof IOException;
    }

    /** Acquires a slot for waiting for Kafka. Returns false if all slots are in use. */
    boolean tryAcquireSlot() {
        if (!shared.capacity().tryAcquireSlot()) {
            return false;
        }
        state = state.transitionTo(ExchangeState.WAITING_FOR_KAFKA);
        return true;
    }

    /** Sets the delivery whose ids are written to the access log. */
    void identify(Delivery parsed) {
        delivery = parsed;
    }

    /** @param cause the exception from the producer for the access log, or null if there was no exception */
    void answerFromAnyThread(DeliveryOutcome outcome, @Nullable Exception cause) {
        context.runOnContext(ignored -> answer(outcome, cause));
    }

    void answer(DeliveryOutcome outcome) {
        answer(outcome, null);
    }

    private void answer(DeliveryOutcome outcome, @Nullable Exception cause) {
        if (state.isAnswered()) {
            return;
        }
        ExchangeState previous = state;
        boolean requestHasEnded = previous == ExchangeState.DECIDING || previous == ExchangeState.WAITING_FOR_KAFKA;
        state = state.transitionTo(requestHasEnded ? ExchangeState.WRITING_ANSWER : ExchangeState.ANSWERED_EARLY);
        deadline.cancel();
        body = null;
        if (previous == ExchangeState.WAITING_FOR_KAFKA) {
            shared.capacity().releaseSlot();
        }
        shared.capacity().releaseBytes(bodyBytes);
        shared.capacity().requestAnswered();
        // Metrics and log come before the answer. So a sender that has received its answer finds the answer in both.
        shared.metrics().answered(outcome);
        shared.accessLog().answered(outcome, authenticated, () -> entry(cause));
        write(outcome, previous == ExchangeState.READING_BODY);
    }

    private AccessLog.Entry entry(@Nullable Exception cause) {
        return new AccessLog.Entry(
                Duration.ofNanos(System.nanoTime() - startedNanos).toMillis(),
                bodyBytes,
                delivery == null ? null : delivery.conversationId(),
                delivery == null ? null : delivery.eventId(),
                connection.remote(),
                cause == null ? null : cause.getClass().getSimpleName());
    }

    private void write(DeliveryOutcome outcome, boolean bodyWasRequested) {
        HttpServerResponse response = request.response();
        if (response.closed()) {
            answerWritten();
            return;
        }
        response.setStatusCode(outcome.status()).putHeader(HttpHeaders.CONTENT_TYPE, JSON);
        if (outcome.isRetryable()) {
            response.putHeader(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS);
        }
        if (outcome == DeliveryOutcome.WRONG_METHOD) {
            response.putHeader(HttpHeaders.ALLOW, HttpMethod.POST.name());
        }
        boolean isHttp2 = request.version() == HttpVersion.HTTP_2;
        // A sender that waits for "100 Continue" sends no body after another answer. Its next request on this
        // connection would be read as the missing body, so the connection is closed.
        boolean draining = shared.connections().draining();
        closesConnection = !isHttp2
                && (draining
                        || outcome.isInvalidHttp()
                        || (!request.isEnded() && !bodyWasRequested && expectsContinue()));
        if (closesConnection) {
            connection.refuseFurtherRequests();
            response.putHeader(HttpHeaders.CONNECTION, "close");
        }
        sendsGoAway = isHttp2 && draining;
        response.end(ANSWERS.get(outcome)).onComplete(ignored -> answerWritten());
        if (!request.isEnded()) {
            limitDraining(isHttp2);
        }
    }

    /**
     * Gives the sender limited time to finish its request. Closing the connection at once would reset the connection,
     * and the sender might not see the answer.
     */
    private void limitDraining(boolean isHttp2) {
        if (isHttp2) {
            // An HTTP/2 connection can have other requests, so only the stream of this request is reset.
            deadline = new Deadline(() -> request.response().reset());
            connection.deadlines().drains().start(deadline);
        } else {
            connection.limitDraining();
        }
    }

    private void answerWritten() {
        switch (state) {
            case ANSWERED_EARLY -> state = state.transitionTo(ExchangeState.DRAINING);
            case WRITING_ANSWER -> finish();
            case FINISHED -> {}
            case RECEIVED, READING_BODY, DECIDING, WAITING_FOR_KAFKA, DRAINING ->
                throw new IllegalStateException("Expected an answer to be written once, but it was in " + state);
        }
    }

    private void finish() {
        state = state.transitionTo(ExchangeState.FINISHED);
        deadline.cancel();
        if (closesConnection) {
            connection.close();
        } else if (sendsGoAway) {
            connection.goAwayWhenIdle();
        }
        connection.requestEnded();
    }
}
