package io.handover.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.handover.terminal.StopSignal;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DeliverySenderTest {

    private final Map<String, List<String>> receivedByConversation = new ConcurrentHashMap<>();
    private final List<Integer> statuses = new CopyOnWriteArrayList<>();
    private final ExecutorService threads = Executors.newFixedThreadPool(8);
    private HttpServer server;
    private DeliverySender sender;

    @BeforeEach
    void setUp() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
        sender = new DeliverySender(
                URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/"), "key", new StopSignal());
    }

    @AfterEach
    void tearDown() {
        server.stop(0);
        threads.shutdownNow();
    }

    @Test
    void shouldKeepTheOrderOfEachConversation() {
        // Given
        List<OutgoingDelivery> deliveries = new ArrayList<>();
        for (int line = 1; line <= 400; line++) {
            deliveries.add(delivery(line, "conversation-" + line % 7));
        }

        List<DeliverySender.Answer> answers = new CopyOnWriteArrayList<>();

        // When
        deliveries.forEach(delivery -> sender.send(delivery, answers::add));
        sender.awaitAnswers();

        // Then
        assertThat(answers).hasSize(400).allMatch(DeliverySender.Answer::accepted);
        assertThat(receivedByConversation).hasSize(7);
        receivedByConversation.forEach((conversation, ids) -> assertThat(ids)
                .containsExactlyElementsOf(deliveries.stream()
                        .filter(delivery -> delivery.orderKey().equals(conversation))
                        .map(delivery -> String.valueOf(delivery.line()))
                        .toList()));
    }

    @Test
    void shouldSendAgainAfterATemporaryFailure() {
        // Given
        statuses.addAll(List.of(503, 200));

        // When
        DeliverySender.Answer answer = sender.sendAndWait(delivery(1, "c"));

        // Then
        assertThat(answer).hasToString("200 stored");
        assertThat(receivedByConversation.get("c")).containsExactly("1", "1");
    }

    @Test
    void shouldNotSendAgainAfterARejection() {
        // Given
        statuses.add(403);

        // When
        DeliverySender.Answer answer = sender.sendAndWait(delivery(1, "c"));

        // Then
        assertThat(answer.accepted()).isFalse();
        assertThat(answer.status()).isEqualTo(403);
        assertThat(receivedByConversation.get("c")).containsExactly("1");
    }

    private static OutgoingDelivery delivery(int line, String conversation) {
        String body =
                "{\"id\":\"%d\",\"detail\":{\"eventBody\":{\"conversationId\":\"%s\"}}}".formatted(line, conversation);
        return OutgoingDelivery.of(line, body.getBytes(StandardCharsets.UTF_8));
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            OutgoingDelivery received =
                    OutgoingDelivery.of(0, exchange.getRequestBody().readAllBytes());
            receivedByConversation
                    .computeIfAbsent(received.orderKey(), ignored -> new CopyOnWriteArrayList<>())
                    .add(String.valueOf(
                            received.content() == null
                                    ? null
                                    : received.content().eventId()));
            int status = statuses.isEmpty() ? 200 : statuses.remove(0);
            byte[] body = "{\"outcome\":\"stored\"}".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
        }
    }
}
