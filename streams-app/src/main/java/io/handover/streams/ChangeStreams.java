package io.handover.streams;

import io.handover.streams.Installation.Question;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * Streams of server-sent events with the counts and the instances, every two seconds, or less often if they take more than
 * {@link SharedAnswers} permits. A comment is sent in between, so that a reader can tell a pause from an outage. A reader
 * who is too slow is dropped, and comes back by itself.
 */
final class ChangeStreams {

    private static final int MAX = 16;
    private static final long EVERY_MS = 2_000;
    private static final String QUESTION = "/changes";
    private static final String PAUSE = ": nothing was read again yet\n\n";

    private final Vertx vertx;
    private final Installation installation;
    private final SharedAnswers shared;
    private final AccessTokens tokens;
    private final List<Reader> readers = new CopyOnWriteArrayList<>();

    private static final class Reader {

        private final HttpServerResponse response;
        private final String authorization;
        private @Nullable Buffer sent;

        Reader(HttpServerResponse response, String authorization) {
            this.response = response;
            this.authorization = authorization;
        }
    }

    ChangeStreams(Vertx vertx, Installation installation, SharedAnswers shared, AccessTokens tokens) {
        this.vertx = vertx;
        this.installation = installation;
        this.shared = shared;
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
        shared.forgetUnused();
        for (Reader reader : readers) {
            if (tokens.access(reader.authorization) == null) {
                drop(reader);
            }
        }
        List<Reader> current = new ArrayList<>(readers);
        if (!current.isEmpty()) {
            String authorization = current.get(0).authorization;
            Future<Buffer> unused = shared.answer(QUESTION, cost -> events(authorization, cost))
                    .onSuccess(events -> current.forEach(reader -> write(reader, events)));
        }
    }

    /** Both events as they are sent; without one that cannot be read now. */
    private Future<Buffer> events(String authorization, Cost cost) {
        Future<@Nullable JsonObject> counts =
                orNull(installation.counts(question("/handovers/counts", authorization, cost)));
        Future<@Nullable JsonObject> instances =
                orNull(installation.instances(question("/instances", authorization, cost)));
        return Future.all(counts, instances)
                .map(asked -> cost.count(() -> Buffer.buffer()
                        .appendString(event("counts", counts.result()))
                        .appendString(event("instances", instances.result()))));
    }

    private Question question(String uri, String authorization, Cost cost) {
        return new Question(vertx.getOrCreateContext(), uri, authorization, false, true, cost);
    }

    private static Future<@Nullable JsonObject> orNull(Future<JsonObject> asked) {
        return asked.map(answer -> (@Nullable JsonObject) answer).otherwise((JsonObject) null);
    }

    private static String event(String name, @Nullable JsonObject data) {
        return data == null ? "" : "event: " + name + "\ndata: " + data.encode() + "\n\n";
    }

    @SuppressWarnings("ReferenceEquality") // events that are read again are new ones, also where nothing has changed
    private void write(Reader reader, Buffer events) {
        if (events.length() == 0 || !readers.contains(reader)) {
            return;
        }
        if (reader.response.writeQueueFull()) {
            drop(reader);
            return;
        }
        Future<Void> unused = reader.response.write(reader.sent == events ? Buffer.buffer(PAUSE) : events);
        reader.sent = events;
    }

    private void drop(Reader reader) {
        readers.remove(reader);
        reader.response.reset();
    }
}
