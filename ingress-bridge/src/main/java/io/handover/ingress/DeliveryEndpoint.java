package io.handover.ingress;

import io.handover.schema.Delivery;
import io.handover.schema.UnreadableRecordException;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.VertxException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP endpoint of the deliveries. Shared by all event loops, and never blocks one.
 *
 * <p>The order is: path, secret, switch, size, body, signature, verdict, place, Kafka, answer. So a stranger's body is not
 * parsed, and where a secret is in a header it is not even read.
 */
final class DeliveryEndpoint implements Handler<HttpServerRequest> {

    static final String PATH = "/handover/genesysCloudOM";

    private final Vertx vertx;
    private final BridgeSettings settings;
    private final Authentication authentication;
    private final BooleanSupplier stopping;
    private final Exchange.Desk desk;
    private final DeliveryLog log;
    private final InstantSource clock;

    DeliveryEndpoint(
            Vertx vertx,
            BridgeSettings settings,
            Authentication authentication,
            BooleanSupplier stopping,
            Exchange.Desk desk,
            DeliveryLog log,
            InstantSource clock) {
        this.vertx = vertx;
        this.settings = settings;
        this.authentication = authentication;
        this.stopping = stopping;
        this.desk = desk;
        this.log = log;
        this.clock = clock;
    }

    @Override
    public void handle(HttpServerRequest request) {
        Instant receivedAt = clock.instant();
        Exchange exchange = new Exchange(vertx, request, desk);
        Outcome refusal = refusalOf(request);
        if (refusal != null) {
            exchange.answer(refusal);
        } else {
            exchange.answerWithin(settings.http().answerTimeoutMs());
            readBody(request, exchange, body -> decide(request, body, receivedAt, exchange));
        }
    }

    /** What is no HTTP; Vert.x closes the connection after the answer. */
    void handleMalformed(HttpServerRequest request) {
        Throwable cause = request.decoderResult().cause();
        Outcome outcome = Outcome.MALFORMED;
        if (cause instanceof TooLongHttpLineException) {
            outcome = Outcome.LINE_TOO_LONG;
        } else if (cause instanceof TooLongHttpHeaderException) {
            outcome = Outcome.HEADERS_TOO_LARGE;
        }
        new Exchange(vertx, request, desk).answer(outcome);
    }

    /** Why the head of the request is enough to refuse it; null if it is not. */
    private @Nullable Outcome refusalOf(HttpServerRequest request) {
        if (!PATH.equals(request.path())) {
            return Outcome.UNKNOWN_PATH;
        }
        if (!request.method().equals(HttpMethod.POST)) {
            return Outcome.WRONG_METHOD;
        }
        if (!authentication.admitsHead(secretHeader(request))) {
            return Outcome.UNAUTHORIZED;
        }
        if (stopping.getAsBoolean()) {
            return Outcome.STOPPING;
        }
        if (!settings.endpointEnabled()) {
            return Outcome.DISABLED;
        }
        // Over HTTP/2 a connection has many requests.
        if (desk.ledger().inFlightCount() > settings.http().connectionsMax()) {
            return Outcome.BUSY;
        }
        if (isCompressed(request.headers().getAll(HttpHeaders.CONTENT_ENCODING))) {
            return Outcome.COMPRESSED;
        }
        return isTooLarge(request.getHeader(HttpHeaders.CONTENT_LENGTH)) ? Outcome.TOO_LARGE : null;
    }

    /** Null if it is not there, or more than once: then it cannot be told which one counts. */
    private @Nullable String secretHeader(HttpServerRequest request) {
        List<String> values = request.headers().getAll(settings.authentication().header());
        return values.size() == 1 ? values.get(0) : null;
    }

    private static boolean isCompressed(List<String> contentEncodings) {
        return !contentEncodings.stream()
                .allMatch(encoding -> encoding.isEmpty() || encoding.equalsIgnoreCase("identity"));
    }

    /** The decoder of the server has checked that it is a number, if there is one. */
    private boolean isTooLarge(@Nullable String contentLength) {
        return contentLength != null
                && Long.parseLong(contentLength) > settings.http().bodyMaxBytes();
    }

    /** Bytes are bytes, whatever their Content-Type: curl says that it sends a form when nobody tells it otherwise. */
    private void readBody(HttpServerRequest request, Exchange exchange, Consumer<byte[]> complete) {
        Buffer body = Buffer.buffer();
        request.handler(chunk -> {
            if (exchange.isAnswered()) {
                return;
            }
            if (body.length() + chunk.length() > settings.http().bodyMaxBytes()) {
                exchange.answer(Outcome.TOO_LARGE);
            } else if (exchange.keep(chunk.length())) {
                body.appendBuffer(chunk);
            } else {
                exchange.answer(Outcome.BUSY);
            }
        });
        request.endHandler(ignored -> {
            if (!exchange.isAnswered()) {
                complete.accept(body.getBytes());
            }
        });
        request.exceptionHandler(e -> exchange.answer(isOfConnection(e) ? Outcome.CLIENT_GONE : Outcome.MALFORMED));
        if ("100-continue".equalsIgnoreCase(request.getHeader(HttpHeaders.EXPECT))) {
            request.response().writeContinue();
        }
    }

    /** Closed or reset; everything else comes from the decoder, and closes the connection too. */
    private static boolean isOfConnection(Throwable e) {
        return e instanceof VertxException || e instanceof IOException;
    }

    private void decide(HttpServerRequest request, byte[] body, Instant receivedAt, Exchange exchange) {
        String secretHeader = secretHeader(request);
        if (secretHeader == null || !authentication.admitsBody(secretHeader, body)) {
            exchange.answer(Outcome.UNAUTHORIZED);
            return;
        }
        Verdict verdict = judge(body, receivedAt, exchange);
        if (verdict instanceof Verdict.Answer answer) {
            exchange.answer(answer.outcome());
        } else if (!exchange.takePlace()) {
            exchange.answer(Outcome.BUSY);
        } else if (verdict instanceof Verdict.Store store) {
            log.store(store.key(), body, receivedAt, exchange::answerFromAnyThread);
        } else if (verdict instanceof Verdict.DeadLetter deadLetter) {
            log.bury(body, deadLetter, receivedAt, exchange::answerFromAnyThread);
        }
    }

    private Verdict judge(byte[] body, Instant receivedAt, Exchange exchange) {
        Delivery delivery;
        try {
            delivery = Delivery.read(body);
        } catch (UnreadableRecordException e) {
            return new Verdict.DeadLetter(Outcome.UNREADABLE, String.valueOf(e.getMessage()));
        }
        exchange.identify(delivery);
        Verdict verdict = settings.policy().judge(delivery);
        if (verdict instanceof Verdict.Store && delivery.replayName() == null) {
            Long happenedAtMs =
                    delivery.body().eventTimeMs() != null ? delivery.body().eventTimeMs() : delivery.sentAtMs();
            if (happenedAtMs != null) {
                desk.ledger().arrived(Duration.between(Instant.ofEpochMilli(happenedAtMs), receivedAt));
            }
        }
        return verdict;
    }
}
