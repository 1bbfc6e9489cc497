package io.handover.streams.browser;

import io.handover.schema.IsoTime;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The API as its contract says, with answers from files. A text {@code T-25} in an answer is the time 25 s before the
 * start, {@code NOW} is the time now; both are far from the time of this computer, so that a page which takes its own
 * clock is found out.
 */
public final class FakeApi implements AutoCloseable {

    public static final String CONVERSATION = "0b9d1c52-4e0a-4a8e-9d0f-7a1c5e2f3b01";

    private static final Instant START = Instant.parse("2026-03-02T09:15:20Z");
    private static final Pattern RELATIVE = Pattern.compile("\"T([+-][0-9.]+)\"");
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
            + " img-src 'self' https:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    /** The folder of the page. A test in the same package would hide it. */
    private static final String PAGE = "/io/handover/streams/page/";

    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8", "js", "text/javascript", "css", "text/css", "svg", "image/svg+xml");
    private static final int LONG_REQUEST = 64 * 1024;
    private static final long EVENTS_MS = 200;

    /** An order as it was received. */
    record Order(String path, JsonObject body) {}

    private record Answer(int status, String body) {}

    private final Vertx vertx = Vertx.vertx();
    private final HttpServer server;
    private final long startNanos = System.nanoTime();
    private final Map<String, Answer> answers = new ConcurrentHashMap<>();
    private final Set<HttpConnection> streams = ConcurrentHashMap.newKeySet();
    private final List<Order> orders = new CopyOnWriteArrayList<>();
    private volatile Duration advanced = Duration.ZERO;
    private volatile String token = "";
    private volatile boolean cut;
    private volatile boolean silent;
    private volatile boolean pausing;
    private final AtomicInteger pauses = new AtomicInteger();
    private final Set<String> cacheControls = ConcurrentHashMap.newKeySet();

    private FakeApi() {
        answer("/handovers/counts", document("counts"));
        answer("/handovers/held", document("held"));
        answer("/handovers/open", document("open"));
        answer("/instances", document("instances"));
        answer("/topology", document("topology"));
        answer("/conversations/" + CONVERSATION, document("conversation"));
        server = vertx.createHttpServer(new HttpServerOptions().setMaxInitialLineLength(LONG_REQUEST))
                .requestHandler(this::handle);
    }

    public static FakeApi start() {
        FakeApi api = new FakeApi();
        api.server
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .join();
        return api;
    }

    public String address() {
        return "http://127.0.0.1:" + server.actualPort() + '/';
    }

    /** Reads the answer that a file of the test resources has. */
    static JsonObject document(String name) {
        return new JsonObject(resource(name + ".json"));
    }

    void answer(String path, JsonObject body) {
        answer(path, 200, body);
    }

    void answer(String path, int status, JsonObject body) {
        answers.put(path, new Answer(status, body.encode()));
    }

    /** Accepts only this token from now on. */
    void requireToken(String accepted) {
        token = accepted;
    }

    /** Moves the clock of the server. */
    void advance(Duration by) {
        advanced = advanced.plus(by);
    }

    /** Ends all streams, and refuses others. */
    void cut() {
        cut = true;
        streams.forEach(HttpConnection::close);
    }

    void mend() {
        cut = false;
        silent = false;
    }

    /** Writes no more events, and keeps the streams open. */
    void fallSilent() {
        silent = true;
    }

    /** Writes only comments from now on, as the application does while it does not read again. */
    void pause() {
        pausing = true;
    }

    /** How many comments were written. */
    int pauses() {
        return pauses.get();
    }

    /** The headers Cache-Control of all requests for data but the stream. */
    Set<String> cacheControls() {
        return cacheControls;
    }

    List<Order> orders() {
        return orders;
    }

    int streams() {
        return streams.size();
    }

    private void handle(HttpServerRequest request) {
        HttpServerResponse response = request.response()
                .putHeader("Content-Security-Policy", POLICY)
                .putHeader("X-Content-Type-Options", "nosniff")
                .putHeader("Referrer-Policy", "no-referrer")
                .putHeader("Cache-Control", "no-store");
        String path = request.path();
        String name = path.equals("/") ? "index.html" : path.substring(1);
        String type = TYPES.get(name.substring(name.lastIndexOf('.') + 1));
        if (type != null && !name.contains("/")) {
            response.putHeader("Content-Type", type).end(resource(PAGE + name));
        } else if (!token.isEmpty() && !("Bearer " + token).equals(request.getHeader("Authorization"))) {
            send(response, new Answer(401, error("The token is unknown.")));
        } else if (path.equals("/changes")) {
            stream(request);
        } else if (request.method().equals(HttpMethod.POST)) {
            request.body().onSuccess(body -> {
                orders.add(new Order(path, body.toJsonObject()));
                send(response, answers.get(path));
            });
        } else {
            cacheControls.add(String.join(", ", request.headers().getAll("Cache-Control")));
            String query = request.getParam("after");
            send(response, answers.get(query == null ? path : path + '?' + query));
        }
    }

    private void send(HttpServerResponse response, @Nullable Answer answer) {
        Answer known = answer == null ? new Answer(404, error("The conversation is unknown.")) : answer;
        response.setStatusCode(known.status)
                .putHeader("Content-Type", "application/json")
                .end(timed(known.body));
    }

    private void stream(HttpServerRequest request) {
        Answer instead = answers.get("/changes");
        if (cut) {
            request.connection().close();
        } else if (instead != null) {
            send(request.response(), instead);
        } else {
            HttpConnection connection = request.connection();
            HttpServerResponse response =
                    request.response().setChunked(true).putHeader("Content-Type", "text/event-stream");
            streams.add(connection);
            writeEvents(response);
            long timer = vertx.setPeriodic(EVENTS_MS, id -> writeEvents(response));
            response.closeHandler(closed -> {
                vertx.cancelTimer(timer);
                streams.remove(connection);
            });
        }
    }

    private void writeEvents(HttpServerResponse response) {
        if (pausing) {
            response.write(": nothing was read again yet\n\n");
            pauses.incrementAndGet();
            return;
        }
        for (String name : List.of("counts", "instances")) {
            Answer answer = answers.get(name.equals("counts") ? "/handovers/counts" : "/instances");
            if (answer != null && !silent) {
                response.write("event: " + name + "\ndata: " + timed(answer.body) + "\n\n");
            }
        }
    }

    private String timed(String body) {
        Instant now = START.plusNanos(System.nanoTime() - startNanos).plus(advanced);
        return RELATIVE.matcher(body)
                .replaceAll(time -> '"'
                        + IsoTime.format(START.plusMillis((long) (Double.parseDouble(time.group(1)) * 1_000)))
                        + '"')
                .replace("\"NOW\"", '"' + IsoTime.format(now) + '"');
    }

    static String error(String sentence) {
        return new JsonObject().put("error", sentence).encode();
    }

    static Buffer resource(String name) {
        try (InputStream file = FakeApi.class.getResourceAsStream(name)) {
            return Buffer.buffer(
                    Objects.requireNonNull(file, "There is no file " + name).readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
