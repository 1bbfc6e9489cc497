package io.handover.fakeaws;

import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

/** An endpoint of an API destination. It answers with the statuses that a test wants, then with 200. */
final class BridgeStub implements AutoCloseable {

    /** A status that stands for no answer at all. */
    static final int SILENCE = 0;

    private final Vertx vertx;
    private final HttpServer server;
    private final List<Request> requests = new ArrayList<>();
    private final Queue<Answer> answers = new ArrayDeque<>();

    record Request(String method, String uri, MultiMap headers, String body, long atNs) {}

    private record Answer(int status, String retryAfter) {}

    BridgeStub() {
        this(Vertx.vertx(), new HttpServerOptions());
    }

    BridgeStub(Vertx vertx, HttpServerOptions options) {
        this.vertx = vertx;
        server = vertx.createHttpServer(options)
                .requestHandler(request -> request.body().onSuccess(body -> {
                    Answer answer = record(new Request(
                            request.method().name(),
                            request.uri(),
                            MultiMap.caseInsensitiveMultiMap().addAll(request.headers()),
                            body.toString(),
                            System.nanoTime()));
                    if (answer.status() != SILENCE) {
                        if (!answer.retryAfter().isEmpty()) {
                            request.response().putHeader("Retry-After", answer.retryAfter());
                        }
                        request.response().setStatusCode(answer.status()).end();
                    }
                }));
        server.listen(0, "127.0.0.1").toCompletionStage().toCompletableFuture().join();
    }

    private synchronized Answer record(Request request) {
        requests.add(request);
        return answers.isEmpty() ? new Answer(200, "") : answers.remove();
    }

    synchronized void answerWith(int... statuses) {
        for (int status : statuses) {
            answers.add(new Answer(status, ""));
        }
    }

    synchronized void answerWith(int status, String retryAfter) {
        answers.add(new Answer(status, retryAfter));
    }

    synchronized List<Request> requests() {
        return List.copyOf(requests);
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + server.actualPort());
    }

    int port() {
        return server.actualPort();
    }

    @Override
    public void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
