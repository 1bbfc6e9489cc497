package io.handover.ingress;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Limits the number of open connections, and how long a connection may be open without a request.
 *
 * <p>An idle timeout cannot limit this, because each byte restarts it. A sender of one byte per second would keep its
 * connection for hours before its headers are complete.
 */
final class Connections {

    /** From the start of the connection (with TLS: from the end of the handshake) to the end of the headers. */
    private static final long FIRST_REQUEST_TIMEOUT_MS = 5_000;

    /** From the end of a request to the end of the next headers. */
    private static final long NEXT_REQUEST_TIMEOUT_MS = 30_000;

    /**
     * Unfinished requests of one connection. HTTP/2 allows 100 at once, but a client that does not acknowledge this
     * limit can send more, and a client that does not read its answers leaves them in memory.
     */
    private static final int MAX_REQUESTS = 200;

    private final Vertx vertx;
    private final int max;
    private final Map<HttpConnection, OpenConnection> open = new ConcurrentHashMap<>();
    private final Counter refused;

    Connections(Vertx vertx, int max, MeterRegistry registry) {
        this.vertx = vertx;
        this.max = max;
        refused = Counter.builder("handover.connections.refused")
                .description("Connections closed at once because too many were open.")
                .register(registry);
        Gauge.builder("handover.connections.open", open::size)
                .description("Open connections.")
                .register(registry);
    }

    /** Registers a connection. Must be called on its event loop, like all other methods. */
    void opened(HttpConnection connection) {
        if (open.size() >= max) {
            refused.increment();
            connection.close();
            return;
        }
        OpenConnection state = new OpenConnection(connection);
        open.put(connection, state);
        connection.closeHandler(ignored -> {
            open.remove(connection);
            state.cancelDeadline();
        });
        state.startDeadline(FIRST_REQUEST_TIMEOUT_MS);
    }

    /** Refuses further requests, because what follows on the connection cannot be attributed to a request. */
    void refuseFurtherRequests(HttpConnection connection) {
        OpenConnection state = open.get(connection);
        if (state != null) {
            state.refusesFurtherRequests = true;
        }
    }

    /** Whether the connection is about to be closed. Further requests may have been received with its last one. */
    boolean refusesFurtherRequests(HttpConnection connection) {
        OpenConnection state = open.get(connection);
        return state == null || state.refusesFurtherRequests;
    }

    /** Records that the headers of a request are complete. */
    void requestStarted(HttpConnection connection) {
        OpenConnection state = open.get(connection);
        if (state != null) {
            state.requests++;
            state.cancelDeadline();
            if (state.requests > MAX_REQUESTS) {
                state.refusesFurtherRequests = true;
                connection.close();
            }
        }
    }

    /** Limits how long an answered request may continue. For HTTP/1, where a connection has one request at a time. */
    void closeAfter(HttpConnection connection, long delayMs) {
        OpenConnection state = open.get(connection);
        if (state != null) {
            state.startDeadline(delayMs);
        }
    }

    /** Records that a request has ended and its answer is written. Starts the deadline of the next request. */
    void requestEnded(HttpConnection connection) {
        OpenConnection state = open.get(connection);
        if (state != null && --state.requests == 0) {
            state.startDeadline(NEXT_REQUEST_TIMEOUT_MS);
        }
    }

    /** The state of a connection, and the deadline for its next request. */
    private final class OpenConnection {

        private final HttpConnection connection;
        private int requests;
        private boolean refusesFurtherRequests;
        private @Nullable Long timer;

        private OpenConnection(HttpConnection connection) {
            this.connection = connection;
        }

        private void startDeadline(long delayMs) {
            cancelDeadline();
            timer = vertx.setTimer(delayMs, id -> connection.close());
        }

        private void cancelDeadline() {
            if (timer != null) {
                vertx.cancelTimer(timer);
                timer = null;
            }
        }
    }
}
