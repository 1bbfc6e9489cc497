package io.handover.ingress;

import io.vertx.core.Vertx;

/**
 * The deadlines of one event loop.
 *
 * @param answers the answers to requests
 * @param firstRequests the headers of the first request of a connection. With TLS, it starts after the handshake
 * @param nextRequests the headers of the next request, from the end of the last one
 * @param drains the rest of a request that has been answered already
 */
record LoopDeadlines(
        DeadlineQueue answers, DeadlineQueue firstRequests, DeadlineQueue nextRequests, DeadlineQueue drains) {

    private static final long FIRST_REQUEST_TIMEOUT_MS = 5_000;
    private static final long NEXT_REQUEST_TIMEOUT_MS = 30_000;
    private static final long DRAIN_TIMEOUT_MS = 5_000;

    static LoopDeadlines of(Vertx vertx, long answerTimeoutMs) {
        return new LoopDeadlines(
                new DeadlineQueue(vertx, answerTimeoutMs),
                new DeadlineQueue(vertx, FIRST_REQUEST_TIMEOUT_MS),
                new DeadlineQueue(vertx, NEXT_REQUEST_TIMEOUT_MS),
                new DeadlineQueue(vertx, DRAIN_TIMEOUT_MS));
    }
}
