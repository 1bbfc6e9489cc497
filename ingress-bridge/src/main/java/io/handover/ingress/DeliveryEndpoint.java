package io.handover.ingress;

import io.handover.schema.Delivery;
import io.handover.schema.UnreadableRecordException;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
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
 * The HTTP endpoint for deliveries. All event loops share one instance, and its methods never block.
 *
 * <p>A request is checked in this order: transfer encoding, path, method, header with the secret, stopping, endpoint
 * enabled, number of requests, content encoding, size, body, signature, policy, slot. Then the record is sent to Kafka
 * and the request is answered. So the body of an unauthenticated sender is never parsed. With a key in the header, such
 * a body is not even kept in memory.
 */
final class DeliveryEndpoint implements Handler<HttpServerRequest> {

    static final String PATH = "/handover/genesysCloudOM";

    /**
     * The start of the User-Agent of EventBridge. Today it is the whole User-Agent. The rest is not compared: if AWS ever
     * appended a version, EventBridge would get 401 and de-authorize its connection.
     */
    private static final String EVENTBRIDGE = "Amazon/EventBridge/ApiDestinations";

    private final Vertx vertx;
    private final BridgeSettings settings;
    private final CharSequence secretHeaderName;
    private final Authentication authentication;
    private final BooleanSupplier stopping;
    private final Exchange.SharedResources shared;
    private final DeliveryProducer producer;
    private final InstantSource clock;

    DeliveryEndpoint(
            Vertx vertx,
            BridgeSettings settings,
            Authentication authentication,
            BooleanSupplier stopping,
            Exchange.SharedResources shared,
            DeliveryProducer producer,
            InstantSource clock) {
        this.vertx = vertx;
        this.settings = settings;
        secretHeaderName = HttpHeaders.createOptimized(settings.authentication().header());
        this.authentication = authentication;
        this.stopping = stopping;
        this.shared = shared;
        this.producer = producer;
        this.clock = clock;
    }

    @Override
    public void handle(HttpServerRequest request) {
        OpenConnection connection = shared.connections().accepting(request.connection());
        if (connection == null) {
            request.connection().close();
            return;
        }
        Instant receivedAt = clock.instant();
        Exchange exchange = new Exchange(vertx.getOrCreateContext(), connection, request, shared);
        DeliveryOutcome rejection = rejectionOf(request, exchange);
        if (rejection != null) {
            exchange.answer(rejection);
        } else {
            exchange.readBody(settings.http().bodyMaxBytes(), body -> decide(request, body, receivedAt, exchange));
        }
    }

    /** Answers a request that is not valid HTTP. Vert.x closes the connection after the answer. */
    void handleInvalid(HttpServerRequest request) {
        OpenConnection connection = shared.connections().accepting(request.connection());
        if (connection == null) {
            request.connection().close();
            return;
        }
        Throwable cause = request.decoderResult().cause();
        DeliveryOutcome outcome = DeliveryOutcome.MALFORMED;
        if (cause instanceof TooLongHttpLineException) {
            outcome = DeliveryOutcome.LINE_TOO_LONG;
        } else if (cause instanceof TooLongHttpHeaderException) {
            outcome = DeliveryOutcome.HEADERS_TOO_LARGE;
        }
        new Exchange(vertx.getOrCreateContext(), connection, request, shared).answer(outcome);
    }

    /** Returns the reason to reject the request because of its headers, or null if the headers are accepted. */
    private @Nullable DeliveryOutcome rejectionOf(HttpServerRequest request, Exchange exchange) {
        MultiMap headers = request.headers();
        if (hasUnsupportedTransferEncoding(headers)) {
            return DeliveryOutcome.MALFORMED;
        }
        if (!PATH.equals(request.path())) {
            return DeliveryOutcome.UNKNOWN_PATH;
        }
        if (!request.method().equals(HttpMethod.POST)) {
            return DeliveryOutcome.WRONG_METHOD;
        }
        if (!authentication.acceptsHeader(secretHeader(request))) {
            return unauthorized(request);
        }
        if (!authentication.needsBody()) {
            exchange.markAuthenticated();
        }
        if (stopping.getAsBoolean()) {
            return DeliveryOutcome.STOPPING;
        }
        if (!settings.endpointEnabled()) {
            return DeliveryOutcome.DISABLED;
        }
        if (shared.capacity().hasTooManyRequests()) {
            return DeliveryOutcome.BUSY;
        }
        if (isCompressed(headers)) {
            return DeliveryOutcome.COMPRESSED;
        }
        return isTooLarge(headers.get(HttpHeaders.CONTENT_LENGTH)) ? DeliveryOutcome.TOO_LARGE : null;
    }

    /**
     * Returns the outcome for a request without a valid secret. The User-Agent decides about the answer and about nothing
     * else, because any sender can send the User-Agent of EventBridge.
     */
    private static DeliveryOutcome unauthorized(HttpServerRequest request) {
        String userAgent = request.getHeader(HttpHeaders.USER_AGENT);
        return userAgent != null && userAgent.startsWith(EVENTBRIDGE)
                ? DeliveryOutcome.UNAUTHORIZED_EVENTBRIDGE
                : DeliveryOutcome.UNAUTHORIZED;
    }

    /**
     * Returns the header with the secret. Returns null if the header is absent, or occurs more than once and is
     * ambiguous.
     */
    private @Nullable String secretHeader(HttpServerRequest request) {
        List<String> values = request.headers().getAll(secretHeaderName);
        return values.size() == 1 ? values.get(0) : null;
    }

    /**
     * Whether the transfer encoding is not exactly {@code chunked}. With another encoding, the HTTP decoder would see
     * no body and would read the bytes of the body as the next request (RFC 9112, 6.3).
     */
    private static boolean hasUnsupportedTransferEncoding(MultiMap headers) {
        // EventBridge sends none, and a list per request is not free.
        if (!headers.contains(HttpHeaders.TRANSFER_ENCODING)) {
            return false;
        }
        List<String> transferEncodings = headers.getAll(HttpHeaders.TRANSFER_ENCODING);
        return transferEncodings.size() > 1 || !transferEncodings.get(0).equalsIgnoreCase("chunked");
    }

    private static boolean isCompressed(MultiMap headers) {
        return headers.contains(HttpHeaders.CONTENT_ENCODING)
                && !headers.getAll(HttpHeaders.CONTENT_ENCODING).stream()
                        .allMatch(encoding -> encoding.isEmpty() || encoding.equalsIgnoreCase("identity"));
    }

    /** Whether the Content-Length is above the limit. The HTTP decoder has already checked that it is a number. */
    private boolean isTooLarge(@Nullable String contentLength) {
        return contentLength != null
                && Long.parseLong(contentLength) > settings.http().bodyMaxBytes();
    }

    private void decide(HttpServerRequest request, byte[] body, Instant receivedAt, Exchange exchange) {
        if (authentication.needsBody()) {
            String secretHeader = secretHeader(request);
            if (secretHeader == null || !authentication.acceptsBody(secretHeader, body)) {
                exchange.answer(unauthorized(request));
                return;
            }
            exchange.markAuthenticated();
        }
        DeliveryDecision decision = decisionOn(body, receivedAt, exchange);
        if (decision instanceof DeliveryDecision.Answer answer) {
            exchange.answer(answer.outcome());
        } else if (!exchange.tryAcquireSlot()) {
            exchange.answer(DeliveryOutcome.BUSY);
        } else if (decision instanceof DeliveryDecision.Store store) {
            producer.store(store.key(), body, receivedAt, exchange::answerFromAnyThread);
        } else if (decision instanceof DeliveryDecision.DeadLetter deadLetter) {
            producer.sendToDeadLetters(body, deadLetter, receivedAt, exchange::answerFromAnyThread);
        }
    }

    private DeliveryDecision decisionOn(byte[] body, Instant receivedAt, Exchange exchange) {
        Delivery delivery;
        try {
            delivery = Delivery.read(body);
        } catch (UnreadableRecordException e) {
            return new DeliveryDecision.DeadLetter(DeliveryOutcome.UNREADABLE, String.valueOf(e.getMessage()));
        }
        exchange.identify(delivery);
        DeliveryDecision decision = settings.policy().decide(delivery);
        if (decision instanceof DeliveryDecision.Store && delivery.replayName() == null) {
            Long happenedAtMs =
                    delivery.body().eventTimeMs() != null ? delivery.body().eventTimeMs() : delivery.sentAtMs();
            if (happenedAtMs != null) {
                shared.metrics().arrived(Duration.between(Instant.ofEpochMilli(happenedAtMs), receivedAt));
            }
        }
        return decision;
    }
}
