package io.handover.example.bot;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A bot whose API fails sometimes: it answers 503 before its work, or closes the connection after its work. It rejects
 * commands with the word {@code unwanted}.
 */
final class FakeBot implements AutoCloseable {

    private static final int ACCEPTED = 202;
    private static final int UNPROCESSABLE = 422;
    private static final int UNAVAILABLE = 503;
    private static final int ONE_OF = 20;

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final SplittableRandom random;
    private final Map<String, String> accepted = new HashMap<>();
    private final List<String> inOrder = new ArrayList<>();

    /** @param seed of the failures */
    FakeBot(long seed) {
        random = new SplittableRandom(seed);
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/commands", this::answer);
        server.start();
    }

    private void answer(HttpExchange exchange) throws IOException {
        String command = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        int status = status(exchange.getRequestHeaders().getFirst("Idempotency-Key"), command);
        if (status > 0) {
            exchange.sendResponseHeaders(status, -1);
        }
        exchange.close();
    }

    /** Returns the status, or 0 for a connection that is closed without an answer. */
    private synchronized int status(String id, String command) {
        int luck = random.nextInt(ONE_OF);
        if (luck == 0) {
            return UNAVAILABLE;
        }
        if (command.contains("unwanted")) {
            return UNPROCESSABLE;
        }
        if (accepted.putIfAbsent(id, command) == null) {
            inOrder.add(command);
        }
        return luck == 1 ? 0 : ACCEPTED;
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/commands");
    }

    /** The commands, each when it was first accepted. */
    synchronized List<String> inOrder() {
        return List.copyOf(inOrder);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdown();
    }
}
