package io.handover.benchmark;

import io.handover.embeddedkafka.FreePorts;
import io.handover.terminal.CommandException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Asks the management port of an app, as an operator's page and command do. */
final class LiveQueries {

    private static final int OK = 200;
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final String address;
    private final String token;

    LiveQueries(int managementPort, String token) {
        this.address = "http://" + FreePorts.HOST + ":" + managementPort;
        this.token = token;
    }

    /** A thread that works until it is closed. Closing it throws what it failed with. */
    private abstract static class Worker implements AutoCloseable {

        private final CountDownLatch stopping = new CountDownLatch(1);
        private final Thread thread;
        private volatile @Nullable Exception failure;

        Worker(String name) {
            thread = new Thread(this::run, name);
        }

        final void start() {
            thread.start();
        }

        private void run() {
            try {
                work();
            } catch (IOException | RuntimeException e) {
                failure = e;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        abstract void work() throws IOException, InterruptedException;

        /** Returns whether the thread must end. */
        final boolean awaitStop(long nanos) throws InterruptedException {
            return stopping.await(nanos, TimeUnit.NANOSECONDS);
        }

        @Override
        public void close() {
            stopping.countDown();
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            Exception reason = failure;
            if (reason != null) {
                throw new CommandException("A live query failed: " + reason.getMessage(), reason);
            }
        }
    }

    /** An open page: it reads the stream of changes, and asks for both lists with each counts in it, as the page does. */
    final class OpenPage extends Worker {

        private final AtomicInteger refreshes = new AtomicInteger();

        private OpenPage() {
            super("open-page");
        }

        @Override
        void work() throws IOException, InterruptedException {
            HttpResponse<Stream<String>> changes = http.send(request("/changes"), HttpResponse.BodyHandlers.ofLines());
            require(changes);
            try (Stream<String> stream = changes.body()) {
                for (Iterator<String> lines = stream.iterator(); !awaitStop(0) && lines.hasNext(); ) {
                    if (lines.next().equals("event: counts")) {
                        getShared("/handovers/held?limit=50");
                        getShared("/handovers/open?limit=50");
                        refreshes.incrementAndGet();
                    }
                }
            }
        }

        /** How often both lists were asked for. */
        int refreshes() {
            return refreshes.get();
        }
    }

    /** Sends queries at a steady rate, one after the other. */
    final class Asking extends Worker {

        private final int perSecond;
        private final Supplier<String> paths;
        private final List<Double> latenciesMs = Collections.synchronizedList(new ArrayList<>());

        private Asking(int perSecond, Supplier<String> paths) {
            super("asking");
            this.perSecond = perSecond;
            this.paths = paths;
        }

        @Override
        void work() throws IOException, InterruptedException {
            long interval = TimeUnit.SECONDS.toNanos(1) / perSecond;
            for (long due = System.nanoTime(); !awaitStop(Math.max(0, due - System.nanoTime())); due += interval) {
                get(paths.get());
                // The latency counts from the time at which the query was due, so that a slow one does not hide others.
                latenciesMs.add((System.nanoTime() - due) / 1e6);
            }
        }

        /** How long the queries took, in ms. */
        List<Double> latenciesMs() {
            return List.copyOf(latenciesMs);
        }
    }

    OpenPage openPage() {
        OpenPage page = new OpenPage();
        page.start();
        return page;
    }

    /** @param paths what to ask for */
    Asking ask(int perSecond, Supplier<String> paths) {
        Asking asking = new Asking(perSecond, paths);
        asking.start();
        return asking;
    }

    private void get(String path) throws IOException, InterruptedException {
        require(http.send(request(path), HttpResponse.BodyHandlers.discarding()));
    }

    /** As pages ask: the answer can be one that was read for another page. */
    private void getShared(String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(request(path), (name, value) -> true)
                .header("Cache-Control", "max-stale")
                .build();
        require(http.send(request, HttpResponse.BodyHandlers.discarding()));
    }

    private HttpRequest request(String path) {
        return HttpRequest.newBuilder(URI.create(address + path))
                .header("Authorization", "Bearer " + token)
                .timeout(TIMEOUT)
                .build();
    }

    private static void require(HttpResponse<?> response) throws IOException {
        if (response.statusCode() != OK) {
            throw new IOException("the answer of " + response.uri().getPath() + " was " + response.statusCode());
        }
    }
}
