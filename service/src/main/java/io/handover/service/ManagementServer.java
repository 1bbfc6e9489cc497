package io.handover.service;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP server for operators: {@code /health/live}, {@code /health/ready}, the health of parts of the process,
 * {@code /metrics} and JSON documents. It has its own port, which can stay closed to the outside. It adds the metrics of
 * the Java process.
 */
public final class ManagementServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ManagementServer.class);
    private static final String LIVE = "/health/live";
    private static final String READY = "/health/ready";
    private static final String METRICS = "/metrics";
    private static final Set<String> PATHS = Set.of(LIVE, READY, METRICS);
    private static final String PROMETHEUS_TEXT = "text/plain; version=0.0.4; charset=utf-8";
    private static final String JSON = "application/json";
    private static final int OK = 200;
    private static final int NOT_FOUND = 404;
    private static final int METHOD_NOT_ALLOWED = 405;
    private static final int INTERNAL_SERVER_ERROR = 500;
    private static final int SERVICE_UNAVAILABLE = 503;
    private static final int IDLE_SECONDS = 60;

    /** Probes, a Prometheus and some people need far fewer. */
    private static final int CONNECTIONS_MAX = 256;

    private static final long CLOSE_SECONDS = 5;

    private final Vertx vertx;
    private final BooleanSupplier live;
    private final Supplier<Optional<String>> notReady;
    private final PrometheusMeterRegistry metrics;
    private final ProcessMetrics processMetrics;
    private final Map<String, Buffer> documents;
    private final Map<String, Supplier<Optional<String>>> parts;
    private final Handler<HttpServerRequest> others;
    private final AtomicInteger connections = new AtomicInteger();
    private final HttpServer server;

    /**
     * Where the server listens.
     *
     * @param port the port, or 0 for a free port
     * @param tls null for plain HTTP
     */
    public record Listener(String host, int port, @Nullable ServerTls tls) {}

    private ManagementServer(
            Vertx vertx,
            BooleanSupplier live,
            Supplier<Optional<String>> notReady,
            PrometheusMeterRegistry metrics,
            Map<String, Buffer> documents,
            Map<String, Supplier<Optional<String>>> parts,
            @Nullable ServerTls tls,
            Handler<HttpServerRequest> others) {
        this.vertx = vertx;
        this.live = live;
        this.notReady = notReady;
        this.metrics = metrics;
        this.processMetrics = new ProcessMetrics(metrics, notReady);
        this.documents = documents;
        this.parts = Map.copyOf(parts);
        this.others = others;
        // HTTP/1.1 alone: Java's client asks for an upgrade to HTTP/2, and after it some answers had no end.
        HttpServerOptions options =
                new HttpServerOptions().setIdleTimeout(IDLE_SECONDS).setHttp2ClearTextEnabled(false);
        List<HttpServer> servers = new CopyOnWriteArrayList<>();
        if (tls != null) {
            tls.addTo(options, vertx, servers);
            options.setUseAlpn(false);
        }
        this.server = vertx.createHttpServer(options);
        servers.add(server);
    }

    /**
     * Starts the server without JSON documents and parts.
     *
     * @param others answers every path that this server does not have. Must not block, because an event loop calls it
     * @see #start(Vertx, String, int, BooleanSupplier, Supplier, PrometheusMeterRegistry, Map, Map)
     */
    public static ManagementServer start(
            Vertx vertx,
            Listener listener,
            BooleanSupplier live,
            Supplier<Optional<String>> notReady,
            PrometheusMeterRegistry metrics,
            Handler<HttpServerRequest> others) {
        return new ManagementServer(vertx, live, notReady, metrics, Map.of(), Map.of(), listener.tls(), others)
                .listen(listener.host(), listener.port());
    }

    /**
     * Starts the server and waits until it listens.
     *
     * @param port the port, or 0 for a free port
     * @param live returns false if the process must be restarted
     * @param notReady returns the reason why the process cannot work now, or empty if the process is ready. Must not
     *     block, because an event loop calls it
     * @param documents the JSON documents by HTTP path. Each is read once, at the start
     * @param parts the health of a part of the process by HTTP path. Each returns the reason why the part does not work,
     *     or empty if it works. Must not block
     * @throws StartException if the port cannot be opened
     */
    public static ManagementServer start(
            Vertx vertx,
            String host,
            int port,
            BooleanSupplier live,
            Supplier<Optional<String>> notReady,
            PrometheusMeterRegistry metrics,
            Map<String, URL> documents,
            Map<String, Supplier<Optional<String>>> parts) {
        return new ManagementServer(
                        vertx, live, notReady, metrics, read(documents), parts, null, ManagementServer::notFound)
                .listen(host, port);
    }

    private ManagementServer listen(String host, int port) {
        server.connectionHandler(this::limit).requestHandler(this::handle);
        ServerStart.awaitListening(server.listen(port, host), host, port, SharedSettings.MANAGEMENT_PORT_CONFIG);
        return this;
    }

    /** Closes a connection at once if too many are open, so that nobody can use up the files of the process. */
    private void limit(HttpConnection connection) {
        if (connections.incrementAndGet() > CONNECTIONS_MAX) {
            connections.decrementAndGet();
            Future<Void> unused = connection.close();
        } else {
            connection.closeHandler(closed -> connections.decrementAndGet());
        }
    }

    /** The number of open connections. */
    public int connections() {
        return connections.get();
    }

    private static void notFound(HttpServerRequest request) {
        request.response().setStatusCode(NOT_FOUND).end();
    }

    private static Map<String, Buffer> read(Map<String, URL> documents) {
        return documents.entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, document -> read(document.getValue())));
    }

    private static Buffer read(URL document) {
        try (InputStream bytes = document.openStream()) {
            return Buffer.buffer(bytes.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException("The document " + document + " cannot be read", e);
        }
    }

    /** The port that the server listens on. */
    public int port() {
        return server.actualPort();
    }

    @Override
    public void close() {
        processMetrics.close();
        try {
            server.close().toCompletionStage().toCompletableFuture().get(CLOSE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            LOG.atWarn().addKeyValue("timeout_s", CLOSE_SECONDS).log("Management server did not close in time");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void handle(HttpServerRequest request) {
        HttpServerResponse response = request.response();
        String path = request.path();
        boolean exists =
                path != null && (PATHS.contains(path) || documents.containsKey(path) || parts.containsKey(path));
        if (!exists) {
            others.handle(request);
        } else if (!request.method().equals(HttpMethod.GET)) {
            response.setStatusCode(METHOD_NOT_ALLOWED)
                    .putHeader(HttpHeaders.ALLOW, HttpMethod.GET.name())
                    .end();
        } else {
            respond(path, response);
        }
    }

    private void respond(String path, HttpServerResponse response) {
        switch (path) {
            case LIVE -> health(response, notLive());
            case READY -> health(response, notReady.get());
            case METRICS -> scrape(response);
            default -> {
                Supplier<Optional<String>> part = parts.get(path);
                if (part == null) {
                    response.putHeader(HttpHeaders.CONTENT_TYPE, JSON).end(documents.get(path));
                } else {
                    health(response, part.get());
                }
            }
        }
    }

    private Optional<String> notLive() {
        return live.getAsBoolean() ? Optional.empty() : Optional.of("The process cannot recover by itself.");
    }

    private static void health(HttpServerResponse response, Optional<String> problem) {
        JsonObject body = new JsonObject().put("status", problem.isEmpty() ? "up" : "down");
        problem.ifPresent(reason -> body.put("reason", reason));
        response.setStatusCode(problem.isEmpty() ? OK : SERVICE_UNAVAILABLE)
                .putHeader(HttpHeaders.CONTENT_TYPE, JSON)
                .end(body.encode());
    }

    /** Scrapes on a worker thread, because a gauge may call a slow client library. */
    private void scrape(HttpServerResponse response) {
        vertx.executeBlocking(() -> metrics.scrape(PROMETHEUS_TEXT), false)
                .onSuccess(text -> response.putHeader(HttpHeaders.CONTENT_TYPE, PROMETHEUS_TEXT)
                        .end(text))
                .onFailure(e -> {
                    LOG.atWarn().setCause(e).log("Metrics scrape failed");
                    response.setStatusCode(INTERNAL_SERVER_ERROR).end();
                });
    }
}
