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
 * Limits the number of open connections, and the time for which a connection may be open without a request.
 *
 * <p>An idle timeout does not limit that time, because each received byte restarts the idle timeout. A sender of one
 * byte per second could keep a connection open for hours before the headers are complete.
 */
final class Connections {

    /**
     * The time limit from the start of a connection to the end of the first headers. With TLS, it starts after the
     * handshake.
     */
    private static final long FIRST_REQUEST_TIMEOUT_MS = 5_000;

    /** The time limit from the end of one request to the end of the headers of the next request. */
    private static final long NEXT_REQUEST_TIMEOUT_MS = 30_000;

    /**
     * The maximum number of unfinished requests of one connection. HTTP/2 allows 100 at the same time, but a client
     * that does not acknowledge that limit can send more. If the client also reads no answers, the answers stay in
     * memory.
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

    /** Registers a connection. Every method must be called on the event loop of the connection. */
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

    /**
     * Refuses all further requests of the connection. It is called when it is unknown where the next request on the
     * connection starts.
     */
    void refuseFurtherRequests(HttpConnection connection) {
        OpenConnection state = open.get(connection);
        if (state != null) {
            state.refusesFurtherRequests = true;
        }
    }

    /**
     * Whether the connection refuses further requests, because it is about to be closed. Such requests may have arrived
     * together with the last accepted request.
     */
    boolean refusesFurtherRequests(HttpConnection connection) {
        OpenConnection state = open.get(connection);
        return state == null || state.refusesFurtherRequests;
    }

    /** Records that the headers of a request are complete. Stops the time limit for them. */
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

    /**
     * Closes the connection after the delay, unless the current request ends before. Only for HTTP/1, where a
     * connection has one request at a time.
     */
    void closeAfter(HttpConnection connection, long delayMs) {
        OpenConnection state = open.get(connection);
        if (state != null) {
            state.startDeadline(delayMs);
        }
    }

    /** Records that a request has ended and its answer is written. Starts the time limit for the next request. */
    void requestEnded(HttpConnection connection) {
        OpenConnection state = open.get(connection);
        if (state != null && --state.requests == 0) {
            state.startDeadline(NEXT_REQUEST_TIMEOUT_MS);
        }
    }

    /** An open connection, with the timer that closes it. */
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
