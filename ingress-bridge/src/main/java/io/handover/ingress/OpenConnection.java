package io.handover.ingress;

import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/** An open connection, with the deadline that closes it. All methods must be called on its event loop. */
final class OpenConnection {

    /**
     * The maximum number of unfinished requests of one connection. HTTP/2 allows 100 at the same time, but a client
     * that does not acknowledge that limit can send more. If the client also reads no answers, the answers stay in
     * memory.
     */
    private static final int MAX_REQUESTS = 200;

    /** The error code in a GOAWAY frame of a graceful shutdown. */
    private static final int NO_ERROR = 0;

    private final HttpConnection connection;
    private final LoopDeadlines deadlines;
    private final @Nullable String remote;
    private final Deadline deadline;
    private int requests;
    private boolean refusesFurtherRequests;
    private boolean goesAwayWhenIdle;
    private boolean goneAway;
    private boolean closed;

    /** Starts the deadline for the headers of the first request. */
    OpenConnection(HttpConnection connection, LoopDeadlines deadlines) {
        this.connection = connection;
        this.deadlines = deadlines;
        SocketAddress address = connection.remoteAddress();
        this.remote = address == null ? null : address.hostAddress();
        this.deadline = new Deadline(connection::close);
        deadlines.firstRequests().start(deadline);
    }

    LoopDeadlines deadlines() {
        return deadlines;
    }

    /** The address of the sender or of its load balancer; null if it is unknown. */
    @Nullable
    String remote() {
        return remote;
    }

    /**
     * Refuses all further requests. It is called when it is unknown where the next request on the connection starts.
     */
    void refuseFurtherRequests() {
        refusesFurtherRequests = true;
    }

    /**
     * Whether the connection refuses further requests, because it is about to be closed. Such requests may have arrived
     * together with the last accepted request.
     */
    boolean refusesFurtherRequests() {
        return refusesFurtherRequests;
    }

    /** Records that the headers of a request are complete. Stops the time limit for them. */
    void requestStarted() {
        requests++;
        deadline.cancel();
        if (requests > MAX_REQUESTS) {
            refusesFurtherRequests = true;
            connection.close();
        }
    }

    /**
     * Closes the connection after the drain timeout, unless the current request ends before. Only for HTTP/1, where a
     * connection has one request at a time.
     */
    void limitDraining() {
        if (!closed) {
            deadlines.drains().start(deadline);
        }
    }

    /** Records that a request has ended and its answer is written. Starts the time limit for the next request. */
    void requestEnded() {
        if (--requests == 0 && !closed) {
            deadlines.nextRequests().start(deadline);
            if (goesAwayWhenIdle && !goneAway) {
                goneAway = true;
                connection.goAway(NO_ERROR, Integer.MAX_VALUE);
            }
        }
    }

    void close() {
        connection.close();
    }

    /**
     * Asks an HTTP/2 client to send no further requests here, as soon as none is open: some clients fail their open
     * requests when they receive GOAWAY. With the highest stream id, requests that are on their way are still answered
     * (RFC 9113, 6.8).
     */
    void goAwayWhenIdle() {
        goesAwayWhenIdle = true;
    }

    /** Records that the connection is closed. */
    void closed() {
        closed = true;
        deadline.cancel();
    }
}
