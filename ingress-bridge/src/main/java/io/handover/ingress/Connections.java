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
 * The open connections: how many there may be, and how long one may be open without a request.
 *
 * <p>An idle time-out does not do for that, because each byte puts it off: a sender of one byte a second would keep its
 * connection for hours before its headers are complete.
 */
final class Connections {

    /** From the opening, over TLS from the end of the handshake, to the end of the headers. */
    private static final long FIRST_REQUEST_TIMEOUT_MS = 5_000;

    /** From an answer to the end of the next headers. */
    private static final long NEXT_REQUEST_TIMEOUT_MS = 30_000;

    /**
     * HTTP/2 allows 100 at once, and a client that does not acknowledge that as many as it likes; or it takes no answers,
     * which then wait in memory.
     */
    private static final int MAX_REQUESTS = 200;

    private final Vertx vertx;
    private final int max;
    private final Map<HttpConnection, Deadline> deadlines = new ConcurrentHashMap<>();
    private final Counter refused;

    Connections(Vertx vertx, int max, MeterRegistry registry) {
        this.vertx = vertx;
        this.max = max;
        refused = Counter.builder("handover.connections.refused")
                .description("Connections that were closed at once, because too many were open.")
                .register(registry);
        Gauge.builder("handover.connections.open", deadlines::size)
                .description("Open connections.")
                .register(registry);
    }

    /** On the event loop of the connection, as all that follows. */
    void opened(HttpConnection connection) {
        if (deadlines.size() >= max) {
            refused.increment();
            connection.close();
            return;
        }
        Deadline deadline = new Deadline(connection);
        deadlines.put(connection, deadline);
        connection.closeHandler(ignored -> {
            deadlines.remove(connection);
            deadline.cancel();
        });
        deadline.arm(FIRST_REQUEST_TIMEOUT_MS);
    }

    /** What else comes on it is nobody's request. */
    void refuseFurtherRequests(HttpConnection connection) {
        Deadline deadline = deadlines.get(connection);
        if (deadline != null) {
            deadline.refusesFurtherRequests = true;
        }
    }

    /** Whether the connection is about to be closed. It may have more that was read together with its last request. */
    boolean refusesFurtherRequests(HttpConnection connection) {
        Deadline deadline = deadlines.get(connection);
        return deadline == null || deadline.refusesFurtherRequests;
    }

    /** The headers of a request are complete. */
    void requestStarted(HttpConnection connection) {
        Deadline deadline = deadlines.get(connection);
        if (deadline != null) {
            deadline.requests++;
            deadline.cancel();
            if (deadline.requests > MAX_REQUESTS) {
                deadline.refusesFurtherRequests = true;
                connection.close();
            }
        }
    }

    /** Gives a request that has its answer so long to end; for HTTP/1, where the connection has no other. */
    void closeAfter(HttpConnection connection, long delayMs) {
        Deadline deadline = deadlines.get(connection);
        if (deadline != null) {
            deadline.arm(delayMs);
        }
    }

    /** A request has come to its end, and its answer is written. */
    void requestEnded(HttpConnection connection) {
        Deadline deadline = deadlines.get(connection);
        if (deadline != null && --deadline.requests == 0) {
            deadline.arm(NEXT_REQUEST_TIMEOUT_MS);
        }
    }

    /** When a connection without a request is closed. */
    private final class Deadline {

        private final HttpConnection connection;
        private int requests;
        private boolean refusesFurtherRequests;
        private @Nullable Long timer;

        private Deadline(HttpConnection connection) {
            this.connection = connection;
        }

        private void arm(long delayMs) {
            cancel();
            timer = vertx.setTimer(delayMs, id -> connection.close());
        }

        private void cancel() {
            if (timer != null) {
                vertx.cancelTimer(timer);
                timer = null;
            }
        }
    }
}
