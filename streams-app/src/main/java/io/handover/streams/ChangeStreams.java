package io.handover.streams;

import io.handover.streams.Installation.Question;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Streams of server-sent events with the counts and the instances, every two seconds. They are asked for once for all
 * streams. A reader who is too slow is dropped, and comes back by itself.
 */
final class ChangeStreams {

    private static final int MAX = 16;
    private static final long EVERY_MS = 2_000;

    private final Vertx vertx;
    private final Installation installation;
    private final AccessTokens tokens;
    private final List<Reader> readers = new CopyOnWriteArrayList<>();
    private final AtomicBoolean isAsking = new AtomicBoolean();

    private record Reader(HttpServerResponse response, String authorization) {}

    ChangeStreams(Vertx vertx, Installation installation, AccessTokens tokens) {
        this.vertx = vertx;
        this.installation = installation;
        this.tokens = tokens;
        vertx.setPeriodic(EVERY_MS, id -> send());
    }

    /** Opens a stream. The caller has checked the token. */
    synchronized void open(HttpServerResponse response, String authorization) {
        if (readers.size() >= MAX) {
            throw new RequestException(
                    RequestException.UNAVAILABLE, "All " + MAX + " streams of changes are in use: try again later.");
        }
        response.setChunked(true)
                .putHeader(HttpHeaders.CONTENT_TYPE, "text/event-stream")
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        Reader reader = new Reader(response, authorization);
        response.closeHandler(closed -> readers.remove(reader));
        response.exceptionHandler(e -> readers.remove(reader));
        readers.add(reader);
        Future<Void> unused = response.write(": every " + EVERY_MS / 1_000 + " seconds\n\n");
        send();
    }

    private void send() {
        for (Reader reader : readers) {
            if (tokens.access(reader.authorization()) == null) {
                drop(reader);
            }
        }
        List<Reader> current = new ArrayList<>(readers);
        if (current.isEmpty() || !isAsking.compareAndSet(false, true)) {
            return;
        }
        String authorization = current.get(0).authorization();
        Future<@Nullable JsonObject> counts = orNull(installation.counts(question("/handovers/counts", authorization)));
        Future<@Nullable JsonObject> instances = orNull(installation.instances(question("/instances", authorization)));
        Future<?> unused = Future.all(counts, instances).onComplete(asked -> {
            isAsking.set(false);
            write("counts", counts.result());
            write("instances", instances.result());
        });
    }

    private Question question(String uri, String authorization) {
        return new Question(vertx.getOrCreateContext(), uri, authorization, false);
    }

    private static Future<@Nullable JsonObject> orNull(Future<JsonObject> asked) {
        return asked.map(answer -> (@Nullable JsonObject) answer).otherwise((JsonObject) null);
    }

    private void write(String event, @Nullable JsonObject data) {
        if (data == null) {
            return;
        }
        String text = "event: " + event + "\ndata: " + data.encode() + "\n\n";
        for (Reader reader : readers) {
            if (reader.response().writeQueueFull()) {
                drop(reader);
            } else {
                Future<Void> unused = reader.response().write(text);
            }
        }
    }

    private void drop(Reader reader) {
        readers.remove(reader);
        reader.response().reset();
    }
}
