package io.handover.ingress;

import io.handover.schema.Delivery;
import io.handover.schema.UnreadableRecordException;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP endpoint of the deliveries. Shared by all event loops, and never blocks one.
 *
 * <p>The order is: framing, path, method, secret, switch, load, encoding, size, body, signature, verdict, place, Kafka,
 * answer. So a stranger's body is not parsed, and where a secret is in a header it is not even kept.
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
        if (desk.connections().takesNoMore(request.connection())) {
            request.connection().close();
            return;
        }
        Instant receivedAt = clock.instant();
        Exchange exchange = new Exchange(vertx, request, desk);
        Outcome refusal = refusalOf(request, exchange);
        if (refusal != null) {
            exchange.answer(refusal);
        } else {
            exchange.answerWithin(settings.http().answerTimeoutMs());
            exchange.readBody(settings.http().bodyMaxBytes(), body -> decide(request, body, receivedAt, exchange));
        }
    }

    /** What is no HTTP; Vert.x closes the connection after the answer. */
    void handleMalformed(HttpServerRequest request) {
        if (desk.connections().takesNoMore(request.connection())) {
            request.connection().close();
            return;
        }
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
    private @Nullable Outcome refusalOf(HttpServerRequest request, Exchange exchange) {
        if (isFramedOddly(request.headers().getAll(HttpHeaders.TRANSFER_ENCODING))) {
            return Outcome.MALFORMED;
        }
        if (!PATH.equals(request.path())) {
            return Outcome.UNKNOWN_PATH;
        }
        if (!request.method().equals(HttpMethod.POST)) {
            return Outcome.WRONG_METHOD;
        }
        if (!authentication.admitsHead(secretHeader(request))) {
            return Outcome.UNAUTHORIZED;
        }
        if (!authentication.asksForBody()) {
            exchange.senderIsKnown();
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

    /** The decoder takes any other for no body at all, and what follows for the next request (RFC 9112, 6.3). */
    private static boolean isFramedOddly(List<String> transferEncodings) {
        return !transferEncodings.isEmpty()
                && (transferEncodings.size() > 1 || !transferEncodings.get(0).equalsIgnoreCase("chunked"));
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

    private void decide(HttpServerRequest request, byte[] body, Instant receivedAt, Exchange exchange) {
        String secretHeader = secretHeader(request);
        if (secretHeader == null || !authentication.admitsBody(secretHeader, body)) {
            exchange.answer(Outcome.UNAUTHORIZED);
            return;
        }
        exchange.senderIsKnown();
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
