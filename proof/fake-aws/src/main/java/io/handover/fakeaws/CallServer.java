package io.handover.fakeaws;

import io.handover.fakeaws.Interceptor.Fault;
import io.handover.fakeaws.Interceptor.Verdict;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.BiFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The HTTP server of the fake. It reads calls, records them, lets the interceptor disturb them, and answers. */
final class CallServer {

    private static final String HOST = "127.0.0.1";
    private static final int MAX_CALLS = 100_000;
    private static final Pattern SCOPE = Pattern.compile("Credential=([^/]+)/[0-9]+/([^/]+)/([^/]+)/aws4_request");

    private final Vertx vertx;
    private final Account account;
    private final BiFunction<Call, JsonObject, JsonObject> operations;
    private final HttpServer server;
    private final Deque<Call> calls = new ArrayDeque<>();
    private long callCount;
    private boolean isExpired;
    private volatile Interceptor interceptor = Interceptor.NONE;

    /**
     * Creates a server.
     *
     * @param operations executes a call with its input. It is called on worker threads.
     */
    CallServer(Vertx vertx, Account account, BiFunction<Call, JsonObject, JsonObject> operations) {
        this.vertx = vertx;
        this.account = account;
        this.operations = operations;
        this.server = vertx.createHttpServer(new HttpServerOptions());
        server.requestHandler(request -> request.body().onSuccess(body -> handle(request, body)));
    }

    Future<?> listen(int port) {
        return server.listen(port, HOST);
    }

    String baseUrl() {
        return "http://" + HOST + ":" + server.actualPort();
    }

    void intercept(Interceptor newInterceptor) {
        interceptor = newInterceptor;
    }

    List<Call> calls() {
        return List.copyOf(calls);
    }

    long callCount() {
        return callCount;
    }

    void expireCredentials() {
        isExpired = true;
    }

    private void handle(HttpServerRequest request, Buffer body) {
        Wire wire = Wire.of(request);
        vertx.executeBlocking(() -> answer(wire, request, body), false)
                .recover(failure -> failure instanceof Cut
                        ? Future.failedFuture(failure)
                        : Future.succeededFuture(error(wire, failure)))
                .onSuccess(answer -> {
                    if (answer.queryCode() != null) {
                        request.response().putHeader("x-amzn-query-error", answer.queryCode() + ";Sender");
                    }
                    request.response()
                            .setStatusCode(answer.status())
                            .putHeader("Content-Type", wire.contentType(request))
                            .putHeader("smithy-protocol", "rpc-v2-cbor")
                            .end(answer.body());
                })
                .onFailure(failure -> request.connection().close());
    }

    /**
     * An answer.
     *
     * @param queryCode the code of an error in the query protocol, or null
     */
    private record Answer(int status, Buffer body, @Nullable String queryCode) {}

    /** Thrown in the place of an answer when the connection is to be cut. */
    private static final class Cut extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /** Returns the answer to a call that failed. A failure of the fake itself is an internal error of AWS. */
    private static Answer error(Wire wire, Throwable failure) {
        AwsError error = failure instanceof AwsError known
                ? known
                : new AwsError(500, "InternalException", "The fake failed: " + failure);
        return new Answer(error.status(), wire.error(error), error.queryCode());
    }

    private Answer answer(Wire wire, HttpServerRequest request, Buffer body) {
        JsonObject input = wire.input(body);
        Call call = recorded(request, wire.operation(request, body), input);
        Interceptor current = interceptor;
        obey(current.before(call));
        try {
            Buffer output = wire.answer(call.operation(), operations.apply(call, input));
            obey(current.after(call));
            return new Answer(200, output, null);
        } catch (AwsError e) {
            obey(current.after(call));
            throw e;
        }
    }

    private static void obey(Verdict verdict) {
        Fault error = verdict.error();
        if (error != null) {
            throw new AwsError(error.status(), error.code(), error.message());
        }
        if (verdict.isCut()) {
            throw new Cut();
        }
    }

    private Call recorded(HttpServerRequest request, String operation, JsonObject input) {
        Matcher scope = SCOPE.matcher(String.valueOf(request.getHeader("Authorization")));
        if (!scope.find()) {
            throw new AwsError(403, "MissingAuthenticationToken", "The request has no signature.");
        }
        synchronized (account) {
            Call call = new Call(++callCount, scope.group(3), scope.group(2), operation, input.encode());
            calls.add(call);
            if (calls.size() > MAX_CALLS) {
                calls.remove();
            }
            if (isExpired) {
                throw new AwsError(
                        403, "ExpiredTokenException", "The security token included in the request is expired");
            }
            if (!scope.group(1).equals(FakeAws.ACCESS_KEY)) {
                throw new AwsError(
                        403, "UnrecognizedClientException", "The security token included in the request is invalid.");
            }
            return call;
        }
    }
}
