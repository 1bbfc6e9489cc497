package io.handover.torture;

import static org.assertj.core.api.Assertions.assertThat;

import io.handover.torture.EventBridgeSender.Patience;
import io.handover.torture.Shipment.Repetition;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EventBridgeSenderTest {

    private static final int HANG = 0;
    private static final int RESET = -1;
    private static final Patience SHORT =
            new Patience(Duration.ofSeconds(5), Duration.ofMillis(5), Duration.ofMillis(50));

    private final Vertx vertx = Vertx.vertx();
    private final List<String> received = new CopyOnWriteArrayList<>();
    private final StablePorts ports = new StablePorts();
    private final int port = ports.next();

    @AfterEach
    void close() throws Exception {
        await(vertx.close());
    }

    @Test
    void shouldTryAgainWhatFailedForTheMomentUntilItIsTaken() throws Exception {
        // Given
        listen(503, 500, 401, 429, HANG, RESET, 200);
        EventBridgeSender sender = sender();

        // When
        await(sender.send(shipment("one")));

        // Then
        assertThat(received).hasSize(7).allMatch(request -> request.equals("POST /in key close body of one"));
        assertThat(sender.attempts()).isEqualTo(7);
        assertThat(sender.answers()).isEqualTo(new Answers(Map.of("one", 1), Map.of()));
        assertThat(sender.failures())
                .isEqualTo(Map.of(
                        "401",
                        1L,
                        "429",
                        1L,
                        "500",
                        1L,
                        "503",
                        1L,
                        "no answer in time",
                        1L,
                        "connection refused or broken",
                        1L));
        assertThat(sender.inFlight()).isZero();
    }

    @Test
    void shouldTryAgainWhileNobodyListens() throws Exception {
        // Given
        EventBridgeSender sender = sender();
        Future<Void> sent = sender.send(shipment("one"));
        while (sender.failures().isEmpty()) {
            Thread.onSpinWait();
        }

        // When
        listen(200);
        await(sent);

        // Then
        assertThat(sender.answers().accepted()).containsExactly(Map.entry("one", 1));
        assertThat(sender.failures()).containsOnlyKeys("connection refused or broken");
    }

    @Test
    void shouldNotTryAgainWhatIsRefusedForGood() throws Exception {
        // Given
        listen(400, 200);
        EventBridgeSender sender = sender();

        // When
        await(sender.send(shipment("one")));

        // Then
        assertThat(received).hasSize(1);
        assertThat(sender.answers()).isEqualTo(new Answers(Map.of(), Map.of("one", "400")));
    }

    @Test
    void shouldCountEachAcceptanceOfADuplicate() throws Exception {
        // Given
        listen(200, 200);
        EventBridgeSender sender = sender();

        // When
        await(sender.send(shipment("one")));
        await(sender.send(shipment("one")));

        // Then
        assertThat(sender.answers().acceptances()).isEqualTo(2);
        assertThat(sender.answers().accepted()).containsExactly(Map.entry("one", 2));
    }

    private EventBridgeSender sender() {
        return new EventBridgeSender(vertx, URI.create("http://127.0.0.1:" + port + "/in"), "key", SHORT);
    }

    private static Shipment shipment(String id) {
        return new Shipment(
                "conversation", id, 0, Repetition.FIRST, () -> ("body of " + id).getBytes(StandardCharsets.UTF_8));
    }

    /** A server that answers so, one request after the other. */
    private void listen(Integer... answers) throws Exception {
        Queue<Integer> left = new ArrayDeque<>(List.of(answers));
        HttpServer server = vertx.createHttpServer()
                .requestHandler(request -> request.body().onSuccess(body -> {
                    received.add("%s %s %s %s %s"
                            .formatted(
                                    request.method(),
                                    request.path(),
                                    request.getHeader("Authorization"),
                                    request.getHeader("Connection"),
                                    body));
                    answer(request, left.remove());
                }));
        await(server.listen(port, "127.0.0.1"));
    }

    private static void answer(HttpServerRequest request, int answer) {
        if (answer == RESET) {
            Future<Void> unused = request.connection().close();
        } else if (answer != HANG) {
            Future<Void> unused = request.response()
                    .setStatusCode(answer)
                    .putHeader("Retry-After", "3600")
                    .end();
        }
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(1, TimeUnit.MINUTES);
    }
}
