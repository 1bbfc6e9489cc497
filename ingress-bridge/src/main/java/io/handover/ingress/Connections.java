package io.handover.ingress;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
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

    private final int max;
    private volatile boolean draining;
    private final Map<HttpConnection, OpenConnection> open = new ConcurrentHashMap<>();
    private final Counter refused;

    Connections(int max, MeterRegistry registry) {
        this.max = max;
        refused = Counter.builder("handover.connections.refused")
                .description("Connections closed at once because too many were open.")
                .register(registry);
        Gauge.builder("handover.connections.open", open::size)
                .description("Open connections.")
                .register(registry);
    }

    /** Registers a connection. Must be called on the event loop of the connection, with the deadlines of that loop. */
    void opened(HttpConnection connection, LoopDeadlines deadlines) {
        if (open.size() >= max) {
            refused.increment();
            connection.close();
            return;
        }
        OpenConnection state = new OpenConnection(connection, deadlines);
        open.put(connection, state);
        connection.closeHandler(ignored -> {
            open.remove(connection);
            state.closed();
        });
    }

    /** Closes each connection after its next answer, so that a load balancer sends its next request elsewhere. */
    void drain() {
        draining = true;
    }

    boolean draining() {
        return draining;
    }

    /** Returns the connection if it accepts requests, or null if it is closed or about to be closed. */
    @Nullable
    OpenConnection accepting(HttpConnection connection) {
        OpenConnection state = open.get(connection);
        return state == null || state.refusesFurtherRequests() ? null : state;
    }
}
