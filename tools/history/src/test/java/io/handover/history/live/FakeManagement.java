package io.handover.history.live;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.handover.embeddedkafka.FreePorts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A management port that answers what the test says. The last answer of a path is given again and again. */
public final class FakeManagement implements AutoCloseable {

    static final String TOKEN = "read-token";

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Map<String, Deque<Reply>> replies = new HashMap<>();
    private final List<Request> requests = Collections.synchronizedList(new ArrayList<>());

    /** What was asked. */
    record Request(String method, String pathAndQuery, String authorization, String body) {}

    /** What is answered: a status and a body; the status 0 answers nothing, 1 half a body. */
    record Reply(int status, String body) {}

    /** Starts it on a free port. */
    public FakeManagement() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    String url() {
        return "http://" + FreePorts.HOST + ":" + server.getAddress().getPort();
    }

    /** Returns the environment of a command that asks it. */
    public Map<String, String> environment() {
        return Map.of("HANDOVER_MANAGEMENT_URL", url(), "HANDOVER_MANAGEMENT_TOKEN", TOKEN, "USER", "olga");
    }

    /** Adds an answer to a request such as {@code GET /instances}. */
    public synchronized FakeManagement answers(String methodAndPath, int status, String body) {
        replies.computeIfAbsent(methodAndPath, key -> new ArrayDeque<>()).add(new Reply(status, body));
        return this;
    }

    List<Request> requests() {
        return List.copyOf(requests);
    }

    private synchronized Reply next(String methodAndPath) {
        Deque<Reply> known = replies.get(methodAndPath);
        if (known == null) {
            return new Reply(404, "{\"error\":\"The test has no answer.\"}");
        }
        return known.size() > 1 ? known.remove() : known.element();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            String target = exchange.getRequestURI().toString();
            String authorization = exchange.getRequestHeaders().getFirst("Authorization");
            requests.add(new Request(exchange.getRequestMethod(), target, authorization, body));
            Reply reply = next(exchange.getRequestMethod() + ' ' + target);
            byte[] answer = reply.body().getBytes(StandardCharsets.UTF_8);
            if (reply.status() == 0) {
                awaitClose();
                return;
            }
            if (reply.status() == 1) {
                exchange.sendResponseHeaders(200, answer.length * 2L);
                exchange.getResponseBody().write(answer);
                exchange.getResponseBody().flush();
                awaitClose();
                return;
            }
            if (reply.status() >= 300 && reply.status() < 400) {
                exchange.getResponseHeaders().add("Location", url() + "/elsewhere");
            }
            exchange.sendResponseHeaders(reply.status(), answer.length == 0 ? -1 : answer.length);
            exchange.getResponseBody().write(answer);
        }
    }

    private void awaitClose() {
        try {
            closed.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
