package io.handover.ingress;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP endpoint of the deliveries. Shared by all event loops, and never blocks one.
 *
 * <p>The order is: key, switch, place, body, verdict, Kafka, answer. So a stranger's body is neither kept nor parsed.
 */
final class DeliveryEndpoint implements Handler<HttpServerRequest> {

    static final String PATH = "/handover/genesysCloudOM";

    private static final int NOT_FOUND = 404;
    private static final int METHOD_NOT_ALLOWED = 405;

    private final Vertx vertx;
    private final BridgeSettings settings;
    private final ApiKeys keys;
    private final Semaphore places;
    private final Ledger ledger;
    private final DeliveryLog log;
    private final InstantSource clock;

    DeliveryEndpoint(
            Vertx vertx,
            BridgeSettings settings,
            Semaphore places,
            Ledger ledger,
            DeliveryLog log,
            InstantSource clock) {
        this.vertx = vertx;
        this.settings = settings;
        this.keys = new ApiKeys(settings.apiKey(), settings.apiKeyPrevious());
        this.places = places;
        this.ledger = ledger;
        this.log = log;
        this.clock = clock;
    }

    @Override
    public void handle(HttpServerRequest request) {
        if (!PATH.equals(request.path())) {
            request.response().setStatusCode(NOT_FOUND).end();
        } else if (!request.method().equals(HttpMethod.POST)) {
            request.response()
                    .setStatusCode(METHOD_NOT_ALLOWED)
                    .putHeader(HttpHeaders.ALLOW, HttpMethod.POST.name())
                    .end();
        } else {
            receive(request);
        }
    }

    private void receive(HttpServerRequest request) {
        Instant receivedAt = clock.instant();
        Exchange exchange = new Exchange(vertx, request, ledger);
        if (!keys.accept(request.getHeader(HttpHeaders.AUTHORIZATION))) {
            exchange.answer(Outcome.UNAUTHORIZED);
        } else if (!settings.endpointEnabled()) {
            exchange.answer(Outcome.DISABLED);
        } else if (isTooLarge(request.getHeader(HttpHeaders.CONTENT_LENGTH))) {
            exchange.answer(Outcome.TOO_LARGE);
        } else if (!exchange.takePlace(places, settings.answerTimeoutMs())) {
            exchange.answer(Outcome.BUSY);
        } else {
            readBody(request, exchange, body -> decide(body, receivedAt, exchange));
        }
    }

    /** The decoder of the server has checked that it is a number, if there is one. */
    private boolean isTooLarge(@Nullable String contentLength) {
        return contentLength != null && Long.parseLong(contentLength) > settings.bodyMaxBytes();
    }

    /** Bytes are bytes, whatever their Content-Type: curl says that it sends a form when nobody tells it otherwise. */
    private void readBody(HttpServerRequest request, Exchange exchange, Consumer<byte[]> complete) {
        Buffer body = Buffer.buffer();
        request.handler(chunk -> {
            if (exchange.isAnswered()) {
                return;
            }
            if (body.length() + chunk.length() > settings.bodyMaxBytes()) {
                exchange.answer(Outcome.TOO_LARGE);
            } else {
                body.appendBuffer(chunk);
            }
        });
        request.endHandler(ignored -> {
            if (!exchange.isAnswered()) {
                complete.accept(body.getBytes());
            }
        });
        request.exceptionHandler(e -> exchange.answer(Outcome.CLIENT_GONE));
        if ("100-continue".equalsIgnoreCase(request.getHeader(HttpHeaders.EXPECT))) {
            request.response().writeContinue();
        }
    }

    private void decide(byte[] body, Instant receivedAt, Exchange exchange) {
        Verdict verdict = settings.policy().judge(body);
        if (verdict instanceof Verdict.Store store) {
            log.store(store.key(), body, receivedAt, exchange::answerFromAnyThread);
        } else if (verdict instanceof Verdict.DeadLetter deadLetter) {
            log.bury(body, deadLetter, receivedAt, exchange::answerFromAnyThread);
        } else if (verdict instanceof Verdict.Answer answer) {
            exchange.answer(answer.outcome());
        }
    }
}
