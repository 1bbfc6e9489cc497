package io.handover.streams;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;

/** Reads the body of a request, with limits of size and time. */
final class RequestBody {

    private static final int MAX_BYTES = 8 * 1024;
    private static final long TIMEOUT_MS = 5_000;

    private RequestBody() {}

    /** Must be called in the handler of the request. */
    static Future<Buffer> read(Vertx vertx, HttpServerRequest request) {
        Promise<Buffer> read = Promise.promise();
        Buffer body = Buffer.buffer();
        long timer = vertx.setTimer(
                TIMEOUT_MS,
                id -> read.tryFail(new RequestException(
                        RequestException.REQUEST_TIMEOUT, "The body did not arrive in time: send the order again.")));
        request.handler(piece -> {
            if (body.length() + piece.length() > MAX_BYTES) {
                read.tryFail(new RequestException(
                        RequestException.TOO_LARGE, "The body is larger than " + MAX_BYTES + " bytes: shorten it."));
            } else if (!read.future().isComplete()) {
                body.appendBuffer(piece);
            }
        });
        // The body is not HTTP, or the client has gone. Vert.x closes the connection, so nobody reads this answer.
        // Any other exception would be logged as an error of the application.
        request.exceptionHandler(
                e -> read.tryFail(new RequestException(RequestException.BAD_REQUEST, "The body cannot be read.")));
        request.endHandler(ended -> read.tryComplete(body));
        return read.future().onComplete(done -> vertx.cancelTimer(timer));
    }
}
