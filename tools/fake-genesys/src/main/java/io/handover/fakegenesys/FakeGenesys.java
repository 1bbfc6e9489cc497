package io.handover.fakegenesys;

import io.handover.fakegenesys.Behaviour.Answer;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A Genesys Cloud Platform API on the loopback interface, with the documented behaviour of the real one. It can be told
 * to fail.
 *
 * @see <a href="https://developer.genesys.cloud/platform/api/">The Platform API</a>
 */
public final class FakeGenesys implements AutoCloseable {

    /** The id of the OAuth client that the fake accepts. */
    public static final String CLIENT_ID = "0a0f0000-0000-4000-8000-00000000c11d";

    /** The secret of the OAuth client that the fake accepts at the start. */
    public static final String CLIENT_SECRET = "secret-of-the-fake";

    private static final String HOST = "127.0.0.1";
    private static final String TOKEN_PATH = "/oauth/token";
    private static final String API_PATH = "/api/";
    private static final String USERS_PATH = "/api/v2/users/";
    private static final int MAX_REQUESTS = 10_000;
    private static final long TIMEOUT_SECONDS = 10;
    private static final int UNANSWERED = 0;

    private final Vertx vertx = Vertx.vertx(new VertxOptions()
            .setEventLoopPoolSize(1)
            .setWorkerPoolSize(1)
            .setFileSystemOptions(
                    new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false)));
    private final Map<String, FakeAgent> agents = new HashMap<>();
    private final FakeIntegrations integrations = new FakeIntegrations();
    private final Map<String, Instant> expiryByToken = new HashMap<>();
    private final Deque<Request> requests = new ArrayDeque<>();
    private Function<String, Optional<FakeAgent>> otherAgents = id -> Optional.empty();
    private Consumer<Request> observer = request -> {};
    private long requestCount;
    private String secret = CLIENT_SECRET;
    private Duration tokenLifetime = Duration.ofDays(1);
    private Behaviour tokenBehaviour = Behaviour.NORMAL;
    private Behaviour behaviour = Behaviour.NORMAL;
    /** For how many requests the behaviour lasts. */
    private long remaining = Long.MAX_VALUE;

    private final HttpServer server;

    private FakeGenesys(int port) {
        server = vertx.createHttpServer();
        server.requestHandler(request ->
                request.body().onSuccess(body -> handle(request, body.toString(StandardCharsets.UTF_8))));
        try {
            await(server.listen(port, HOST), "The fake Genesys cannot listen on port " + port);
        } catch (IllegalStateException e) {
            close();
            throw e;
        }
    }

    /**
     * A request that the fake received.
     *
     * @param time when it arrived
     * @param path the path with the query
     * @param status the HTTP status of the answer, or 0 if there is none
     */
    public record Request(Instant time, String path, int status) {}

    /**
     * Starts a fake without users.
     *
     * @param port the port, or 0 for a free port
     * @throws IllegalStateException if the port cannot be opened
     */
    public static FakeGenesys start(int port) {
        return new FakeGenesys(port);
    }

    /** Starts a fake with the agents of the quickstart's samples. The port is as in {@link #start}. */
    public static FakeGenesys startWithPortraits(int port) {
        FakeGenesys fake = start(port);
        Portraits.agents(fake.baseUrl()).forEach(fake::put);
        return fake;
    }

    /** The address of the fake. It serves tokens, users and the pictures of the quickstart's agents. */
    public String baseUrl() {
        return "http://" + HOST + ":" + server.actualPort();
    }

    /** Adds a user, or replaces the user with the same id. */
    public synchronized void put(FakeAgent agent) {
        agents.put(agent.id(), agent);
    }

    /** Determines the other users, by their id: those that were not added. */
    public synchronized void setOthers(Function<String, Optional<FakeAgent>> others) {
        otherAgents = others;
    }

    /** Removes a user without a trace. A user that Genesys deleted is one with the state deleted. */
    public synchronized void forget(String id) {
        agents.remove(id);
    }

    /** The integrations of the organisation. */
    public FakeIntegrations integrations() {
        return integrations;
    }

    /** Changes how the API answers. Requests for tokens are not affected. */
    public synchronized void become(Behaviour newBehaviour) {
        becomeFor(Long.MAX_VALUE, newBehaviour);
    }

    /** Changes how the API answers the next requests. After them it answers as documented. */
    public synchronized void becomeFor(long count, Behaviour newBehaviour) {
        behaviour = newBehaviour;
        remaining = count;
    }

    /** Changes how requests for tokens are answered. */
    public synchronized void tokensBecome(Behaviour newBehaviour) {
        tokenBehaviour = newBehaviour;
    }

    /** Changes the lifetime of the tokens that are issued from now on. At the start it is a day. */
    public synchronized void setTokenLifetime(Duration lifetime) {
        tokenLifetime = lifetime;
    }

    /** Changes the secret of the OAuth client. Tokens that were issued stay valid, as with Genesys. */
    public synchronized void setSecret(String newSecret) {
        secret = newSecret;
    }

    /** Makes all tokens invalid. */
    public synchronized void revokeTokens() {
        expiryByToken.clear();
    }

    /** Returns the last requests in the order of their arrival, at most 10,000. */
    public synchronized List<Request> requests() {
        return List.copyOf(requests);
    }

    /** Passes every request to the observer, from now on, before it is answered. */
    public synchronized void observe(Consumer<Request> newObserver) {
        observer = newObserver;
    }

    /** Returns how many requests arrived since the start. */
    public synchronized long requestCount() {
        return requestCount;
    }

    @Override
    public void close() {
        await(vertx.close(), "The fake Genesys cannot stop");
    }

    private synchronized void handle(HttpServerRequest request, String body) {
        Behaviour now = behaviourFor(request.path());
        Answer answer = now.answer() != null ? now.answer() : answer(request, body);
        requestCount++;
        Request received = new Request(Instant.now(), request.uri(), now.isHanging() ? UNANSWERED : answer.status());
        observer.accept(received);
        requests.add(received);
        if (requests.size() > MAX_REQUESTS) {
            requests.remove();
        }
        if (now.delay().isZero()) {
            send(request.response(), answer);
        } else if (!now.isHanging()) {
            vertx.setTimer(now.delay().toMillis(), timer -> send(request.response(), answer));
        }
    }

    private Behaviour behaviourFor(String path) {
        if (path.equals(TOKEN_PATH)) {
            return tokenBehaviour;
        }
        if (!path.startsWith(API_PATH) || remaining == 0) {
            return Behaviour.NORMAL;
        }
        remaining--;
        return behaviour;
    }

    private Answer answer(HttpServerRequest request, String body) {
        String path = request.path();
        if (path.equals(TOKEN_PATH)) {
            return token(request, body);
        }
        if (!integrations.handles(path) && !request.method().equals(HttpMethod.GET)) {
            return Errors.of(405, "method.not.allowed", "HTTP method not allowed");
        }
        if (!path.startsWith(API_PATH)) {
            return Portraits.picture(path);
        }
        Instant expiry = expiryByToken.get(request.headers().get("Authorization"));
        if (expiry == null || !Instant.now().isBefore(expiry)) {
            return Errors.of(401, "bad.credentials", "Invalid login credentials.");
        }
        return integrations.handles(path)
                ? integrations.answer(request.method(), path, request.params(), body)
                : user(path, request.params());
    }

    private Answer token(HttpServerRequest request, String body) {
        String expected = "Basic "
                + Base64.getEncoder().encodeToString((CLIENT_ID + ":" + secret).getBytes(StandardCharsets.UTF_8));
        if (!request.method().equals(HttpMethod.POST) || !body.equals("grant_type=client_credentials")) {
            return json(400, new JsonObject().put("error", "unsupported_grant_type"));
        }
        if (!expected.equals(request.headers().get("Authorization"))) {
            return json(401, new JsonObject().put("error", "invalid_client").put("description", "invalid_client"));
        }
        String token = UUID.randomUUID().toString().replace("-", "");
        expiryByToken.put("Bearer " + token, Instant.now().plus(tokenLifetime));
        return json(
                200,
                new JsonObject()
                        .put("access_token", token)
                        .put("token_type", "bearer")
                        .put("expires_in", tokenLifetime.toSeconds()));
    }

    /** Genesys finds active and inactive users, unless the request asks for the deleted ones. */
    private Answer user(String path, MultiMap parameters) {
        String state = parameters.contains("state") ? parameters.get("state") : "active";
        if (!state.equals("active") && !state.equals("deleted")) {
            return Errors.of(400, "invalid.value", "The state must be active or deleted");
        }
        FakeAgent agent = path.startsWith(USERS_PATH)
                ? find(URLDecoder.decode(path.substring(USERS_PATH.length()), StandardCharsets.UTF_8))
                : null;
        return agent == null || agent.isDeleted() != state.equals("deleted")
                ? Errors.of(404, "not.found", "Unable to find a user with that id")
                : json(200, agent.toJson());
    }

    private @Nullable FakeAgent find(String id) {
        FakeAgent agent = agents.get(id);
        return agent == null ? otherAgents.apply(id).orElse(null) : agent;
    }

    private static Answer json(int status, JsonObject body) {
        return new Answer(status, Map.of(), body.encode());
    }

    private static void send(HttpServerResponse response, Answer answer) {
        response.setStatusCode(answer.status())
                .putHeader("Content-Type", "application/json")
                .putHeader("ININ-Correlation-Id", UUID.randomUUID().toString());
        answer.headers().forEach(response::putHeader);
        response.end(answer.body());
    }

    private static void await(Future<?> future, String problem) {
        try {
            future.toCompletionStage().toCompletableFuture().get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException(problem + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(problem + ": interrupted", e);
        }
    }
}
