package io.handover.example.bot;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
    private final Set<String> answered = new HashSet<>();
    private int repeated;

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
        repeated += answered.contains(id) ? 1 : 0;
        if (accepted.putIfAbsent(id, command) == null) {
            inOrder.add(command);
            notifyAll();
        }
        if (luck == 1) {
            return 0;
        }
        answered.add(id);
        return ACCEPTED;
    }

    /** Returns as soon as so many commands are accepted; false if that takes too long. */
    synchronized boolean awaitAccepted(int commands, Duration limit) throws InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        while (inOrder.size() < commands) {
            long restMs = (end - System.nanoTime()) / 1_000_000;
            if (restMs <= 0) {
                return false;
            }
            wait(restMs);
        }
        return true;
    }

    /** How often a command came again although the bot had answered that it is accepted. */
    synchronized int repeated() {
        return repeated;
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
