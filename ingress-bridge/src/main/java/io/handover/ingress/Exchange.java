package io.handover.ingress;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.Semaphore;
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
    private final Ledger ledger;
    private boolean answered;
    private @Nullable Long timer;
    private @Nullable Semaphore place;

    /** Opens the exchange; called on the event loop of the connection. */
    Exchange(Vertx vertx, HttpServerRequest request, Ledger ledger) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.request = request;
        this.ledger = ledger;
        ledger.received();
    }

    /**
     * Takes one of the places of the deliveries in flight until the answer, which is given in time whatever happens.
     *
     * @return false if none is free
     */
    boolean takePlace(Semaphore places, long answerTimeoutMs) {
        if (!places.tryAcquire()) {
            return false;
        }
        place = places;
        timer = vertx.setTimer(answerTimeoutMs, id -> answer(Outcome.TIMED_OUT));
        return true;
    }

    boolean isAnswered() {
        return answered;
    }

    void answerFromAnyThread(Outcome outcome) {
        context.runOnContext(ignored -> answer(outcome));
    }

    /** Answers, unless that was done before. */
    void answer(Outcome outcome) {
        if (answered) {
            return;
        }
        answered = true;
        if (timer != null) {
            vertx.cancelTimer(timer);
        }
        if (place != null) {
            place.release();
        }
        ledger.answered(outcome);
        write(outcome);
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
        response.end(BODIES.get(outcome));
        if (!request.isEnded()) {
            // Closing at once would reset the connection, and the sender might not see the answer.
            vertx.setTimer(DRAIN_MS, id -> {
                if (!request.isEnded()) {
                    request.connection().close();
                }
            });
        }
    }
}
