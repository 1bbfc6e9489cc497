package io.handover.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.handover.conversation.TransferPolicy;
import io.handover.service.TopicNames;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.streams.state.HostInfo;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Readers of server-sent events who do not read. */
class ChangeStreamsTest {

    private final Vertx vertx = Vertx.vertx();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final QueryWorkers workers = new QueryWorkers();

    /** The calls of a response whose reader reads, or does not. */
    private static HttpServerResponse response(boolean isFull, List<String> calls) {
        return (HttpServerResponse) Proxy.newProxyInstance(
                ChangeStreamsTest.class.getClassLoader(),
                new Class<?>[] {HttpServerResponse.class},
                (proxy, method, arguments) -> {
                    calls.add(method.getName().equals("write") ? "write " + arguments[0] : method.getName());
                    return switch (method.getName()) {
                        case "writeQueueFull" -> isFull;
                        case "write", "reset" ->
                            method.getReturnType() == Future.class ? Future.succeededFuture() : true;
                        case "equals" -> proxy == arguments[0];
                        case "hashCode" -> System.identityHashCode(proxy);
                        default -> method.getReturnType() == HttpServerResponse.class ? proxy : null;
                    };
                });
    }

    @AfterEach
    void close() throws Exception {
        workers.close();
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private ChangeStreams streams(SharedAnswers shared) {
        LivePartitions live = new LivePartitions(registry, true);
        Installation installation = new Installation(
                () -> null,
                new HostInfo("here", 1),
                TopicNames.DEFAULT.events(),
                live,
                () -> 0,
                new StateQueries(() -> null, live, TransferPolicy.DEFAULT),
                new InstanceStatus(() -> null, live, registry, Optional::empty),
                new OtherInstances(vertx, false, null),
                workers,
                registry.config().clock());
        AccessTokens tokens = AccessTokens.of(
                StreamsApp.settings()
                        .load(
                                null,
                                Map.of(),
                                Map.of("kafka.bootstrap.servers", "unused:9092", "management.read.tokens", "token")),
                vertx);
        return new ChangeStreams(vertx, installation, shared, tokens);
    }

    private static long count(List<String> calls, String begin) {
        return calls.stream().filter(call -> call.startsWith(begin)).count();
    }

    @Test
    void shouldDropAReaderWhoDoesNotRead() {
        // Given
        ChangeStreams streams = streams(new SharedAnswers(registry.config().clock()::monotonicTime));
        List<String> slow = new CopyOnWriteArrayList<>();
        List<String> fast = new CopyOnWriteArrayList<>();
        List<String> revoked = new CopyOnWriteArrayList<>();
        // When
        streams.open(response(true, slow), "Bearer token");
        streams.open(response(false, fast), "Bearer token");
        streams.open(response(false, revoked), "Bearer another");
        // Then
        await().until(() -> slow.contains("reset"));
        await().until(() -> revoked.contains("reset"));
        await().until(() -> count(fast, "write event: instances") >= 2);
        assertThat(fast).doesNotContain("reset");
    }

    @Test
    void shouldWriteACommentWhileNothingIsReadAgain() {
        // Given
        long standsStill = 0;
        ChangeStreams streams = streams(new SharedAnswers(() -> standsStill));
        List<String> first = new CopyOnWriteArrayList<>();
        List<String> second = new CopyOnWriteArrayList<>();
        // When
        streams.open(response(false, first), "Bearer token");
        await().until(() -> count(first, "write : nothing was read again yet") >= 1);
        streams.open(response(false, second), "Bearer token");
        // Then
        await().until(() -> count(second, "write : nothing was read again yet") >= 1);
        assertThat(count(first, "write event: instances")).isEqualTo(1);
        assertThat(count(second, "write event: instances")).isEqualTo(1);
    }
}
