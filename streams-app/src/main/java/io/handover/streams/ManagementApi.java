package io.handover.streams;

import io.handover.streams.AccessTokens.Access;
import io.handover.streams.Installation.Question;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.util.function.Function;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The paths of operators on the management port: live queries, orders, and the page. */
final class ManagementApi implements Handler<HttpServerRequest> {

    static final String DOCUMENT = "/openapi.yaml";

    /** The header Cache-Control of who accepts an answer of {@link SharedAnswers}. */
    static final String SHARED = "max-stale";

    private static final Logger LOG = LoggerFactory.getLogger(ManagementApi.class);
    private static final String JSON = "application/json";
    private static final String YAML = "application/yaml";
    private static final int LIMIT_DEFAULT = 100;
    private static final int LIMIT_MAX = 500;

    /** A connection that closed at once could lose the answer. */
    private static final long LINGER_MS = 1_000;

    private final Vertx vertx;
    private final AccessTokens tokens;
    private final Installation installation;
    private final SharedAnswers shared;
    private final Orders orders;
    private final ChangeStreams changes;
    private final PageFiles page;
    private final Buffer document;
    private final JsonObject topology;

    ManagementApi(
            Vertx vertx,
            AccessTokens tokens,
            Installation installation,
            SharedAnswers shared,
            Orders orders,
            ChangeStreams changes,
            PageFiles page,
            Buffer document,
            JsonObject topology) {
        this.vertx = vertx;
        this.tokens = tokens;
        this.installation = installation;
        this.shared = shared;
        this.orders = orders;
        this.changes = changes;
        this.page = page;
        this.document = document;
        this.topology = topology;
    }

    @Override
    public void handle(HttpServerRequest request) {
        try {
            answer(request);
        } catch (RuntimeException e) {
            fail(request, e);
        }
    }

    private void answer(HttpServerRequest request) {
        String path = request.path();
        if (page.has(path)) {
            require(request, HttpMethod.GET);
            page.answer(path, request.response());
            return;
        }
        if (DOCUMENT.equals(path)) {
            require(request, HttpMethod.GET);
            request.response().putHeader(HttpHeaders.CONTENT_TYPE, YAML).end(document);
            return;
        }
        Route route = Route.of(path);
        if (!tokens.areConfigured()) {
            throw new RequestException(
                    RequestException.NOT_FOUND,
                    "Live queries are off: set management.read.tokens or management.steer.tokens.");
        }
        String authorization = request.getHeader(HttpHeaders.AUTHORIZATION);
        Access access = tokens.access(authorization);
        if (access == null || authorization == null) {
            throw new RequestException(
                    RequestException.UNAUTHORIZED,
                    "The token is missing or wrong: send the header Authorization: Bearer TOKEN.");
        }
        require(request, route.resource().method());
        if (route.resource().isOrder()) {
            order(request, route, access, authorization);
        } else {
            query(request, route, authorization);
        }
    }

    private static void require(HttpServerRequest request, HttpMethod method) {
        if (!request.method().equals(method)) {
            request.response().putHeader(HttpHeaders.ALLOW, method.name());
            throw new RequestException(
                    RequestException.METHOD_NOT_ALLOWED, "This path can only be used with " + method.name() + '.');
        }
    }

    private void query(HttpServerRequest request, Route route, String authorization) {
        switch (route.resource()) {
            // An id is encoded again, because a path with other bytes could change on its way to another instance.
            case CONVERSATION ->
                respond(
                        request,
                        Route.conversationPath(route.id()),
                        authorization,
                        question -> installation.conversation(question, route.id()));
            case COUNTS -> respond(request, route.path(), authorization, installation::counts);
            case INSTANCES -> respond(request, route.path(), authorization, installation::instances);
            case TOPOLOGY -> send(request.response(), Orders.OK, topology.toBuffer());
            case CHANGES -> changes.open(request.response(), authorization);
            case HELD -> list(request, route, authorization, installation::held);
            case OPEN -> list(request, route, authorization, installation::open);
            case END, RELEASE, FORGET -> throw new IllegalStateException("Expected a query, but got an order");
        }
    }

    /** Reads a page of a list. */
    private interface Lists {
        Future<JsonObject> page(Question question, @Nullable TimeKey after, int limit);
    }

    private void list(HttpServerRequest request, Route route, String authorization, Lists lists) {
        String limitText = parameter(request, "limit");
        String after = parameter(request, "after");
        int limit = limit(limitText);
        TimeKey cursor = Page.cursor(after);
        // The cursor has only characters that need no encoding.
        String uri = route.path() + "?limit=" + limit + (after == null ? "" : "&after=" + after);
        respond(request, uri, authorization, question -> lists.page(question, cursor, limit));
    }

    private static @Nullable String parameter(HttpServerRequest request, String name) {
        try {
            return request.getParam(name);
        } catch (IllegalArgumentException e) {
            throw new RequestException(
                    RequestException.BAD_REQUEST, "The query of the address is not encoded as it must be.");
        }
    }

    private static int limit(@Nullable String text) {
        if (text == null) {
            return LIMIT_DEFAULT;
        }
        try {
            int limit = Integer.parseInt(text);
            if (limit >= 1 && limit <= LIMIT_MAX) {
                return limit;
            }
        } catch (NumberFormatException e) {
            // It is no limit.
        }
        throw new RequestException(
                RequestException.BAD_REQUEST, "The parameter limit must be a number from 1 to " + LIMIT_MAX + '.');
    }

    private void order(HttpServerRequest request, Route route, Access access, String authorization) {
        if (!tokens.maySteer()) {
            throw new RequestException(
                    RequestException.FORBIDDEN, "Orders are off: set management.steer.tokens on this instance.");
        }
        if (!access.maySteer()) {
            throw new RequestException(
                    RequestException.FORBIDDEN, "This token may only read: give orders with a steer token.");
        }
        Context context = vertx.getOrCreateContext();
        Orders.Sender sender = new Orders.Sender(
                request.remoteAddress() == null
                        ? ""
                        : String.valueOf(request.remoteAddress().host()),
                access.name());
        Question question =
                new Question(context, Route.conversationPath(route.id()), authorization, false, false, new Cost());
        Future<JsonObject> ordered = RequestBody.read(vertx, request)
                .compose(body -> orders.give(route, OrderForm.read(body, route), question, sender));
        ordered.onSuccess(answer -> send(request.response(), Orders.ACCEPTED, answer.toBuffer()))
                .onFailure(e -> fail(request, e));
    }

    /** @param uri the same for everybody who asks the same */
    private void respond(
            HttpServerRequest request, String uri, String authorization, Function<Question, Future<JsonObject>> query) {
        Context context = vertx.getOrCreateContext();
        boolean isForwarded = request.getHeader(OtherInstances.FORWARDED) != null;
        boolean isShared = request.headers().contains(HttpHeaders.CACHE_CONTROL, SHARED, true);
        Function<Cost, Future<Buffer>> read =
                cost -> query.apply(new Question(context, uri, authorization, isForwarded, isShared, cost))
                        .map(answer -> cost.count(answer::toBuffer));
        // The answer to another instance has fewer partitions.
        Future<Buffer> answer = isShared
                ? shared.answer(isForwarded ? OtherInstances.FORWARDED + ' ' + uri : uri, read)
                : read.apply(new Cost());
        answer.onSuccess(body -> send(request.response(), Orders.OK, body)).onFailure(e -> fail(request, e));
    }

    private void fail(HttpServerRequest request, Throwable e) {
        int status;
        String sentence;
        if (e instanceof RequestException known) {
            status = known.status();
            sentence = known.sentence();
        } else if (e instanceof InvalidStateStoreException) {
            status = RequestException.UNAVAILABLE;
            sentence = Installation.MOVING;
        } else {
            LOG.atError().addKeyValue("path", request.path()).setCause(e).log("Query failed");
            status = 500;
            sentence = "The query failed because of an error of the application: its log has the cause.";
        }
        HttpServerResponse response = request.response();
        if (response.headWritten() || response.closed()) {
            return;
        }
        if (status == RequestException.UNAUTHORIZED) {
            response.putHeader("WWW-Authenticate", "Bearer");
        }
        if (!request.isEnded()) {
            // The rest of the body is thrown away. A client that goes on sending, or does not, must not keep the
            // connection.
            response.putHeader(HttpHeaders.CONNECTION, "close");
            vertx.setTimer(LINGER_MS, id -> {
                Future<Void> unused = request.connection().close();
            });
        }
        send(response, status, new JsonObject().put("error", sentence).toBuffer());
    }

    private static void send(HttpServerResponse response, int status, Buffer body) {
        if (response.headWritten() || response.closed()) {
            return;
        }
        Future<Void> unused = response.setStatusCode(status)
                .putHeader(HttpHeaders.CONTENT_TYPE, JSON)
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                .putHeader("X-Content-Type-Options", "nosniff")
                .end(body);
    }
}
