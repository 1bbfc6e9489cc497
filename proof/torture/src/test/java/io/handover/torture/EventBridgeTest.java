package io.handover.torture;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.handover.torture.EventBridge.Attempt;
import io.handover.torture.EventBridge.Event;
import io.handover.torture.EventBridge.RetryPolicy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventBridgeTest {

    private static final Event EVENT = new Event("id", "conversation", "{\"größe\":1}");
    private static final String ACCEPTED = "200";
    private static final String CLOSE = "";
    private static final String HANG = "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n";
    private static final RetryPolicy QUICK = policy(Duration.ofMillis(1), 185, Duration.ofDays(1));

    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final List<Socket> hanging = new CopyOnWriteArrayList<>();
    private ServerSocket server;

    @BeforeEach
    void listen() throws IOException {
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    @AfterEach
    void close() throws IOException {
        server.close();
        for (Socket connection : hanging) {
            connection.close();
        }
    }

    @Test
    void shouldSendWhatEventBridgeSends() {
        // Given
        answer(ACCEPTED);

        // When
        deliver(QUICK);

        // Then
        assertThat(requests)
                .containsExactly("""
                POST /in HTTP/1.1
                Host: 127.0.0.1:%d
                User-Agent: Amazon/EventBridge/ApiDestinations
                Content-Type: application/json; charset=utf-8
                Range: bytes=0-1048575
                Accept-Encoding: gzip,deflate
                Connection: close
                Authorization: key
                Content-Length: 13

                {"größe":1}""".formatted(server.getLocalPort()).replace("\n", "\r\n"));
    }

    @Test
    void shouldRetryTemporaryFailuresOnANewConnection() {
        // Given
        answer("409", "429", "500", "503", "599", CLOSE, ACCEPTED);

        // When
        Outcome outcome = deliver(QUICK);

        // Then
        assertThat(outcome.attempts()).extracting(Attempt::status).containsExactly(409, 429, 500, 503, 599, 0, 200);
        assertThat(outcome.attempts()).extracting(Attempt::number).containsExactly(1, 2, 3, 4, 5, 6, 7);
        assertThat(requests).hasSize(7);
        assertThat(outcome.deadLetterQueue()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"401", "407"})
    void shouldSendNothingUntilTheConnectionIsUpdated(String status) {
        // Given
        answer(status, ACCEPTED, ACCEPTED);
        try (EventBridge eventBridge = new EventBridge(destination(), "key", QUICK, attempt -> {})) {
            CompletableFuture<Attempt> refused = eventBridge.deliver(EVENT);
            await().until(() -> eventBridge.waiting() == 1);
            CompletableFuture<Attempt> later = eventBridge.deliver(EVENT);
            await().until(() -> eventBridge.waiting() == 2);
            int requestsBefore = requests.size();

            // When
            eventBridge.updateConnection("new-key");
            CompletableFuture.allOf(refused, later)
                    .orTimeout(1, TimeUnit.MINUTES)
                    .join();

            // Then
            assertThat(requestsBefore).isEqualTo(1);
            assertThat(refused.join().number()).isEqualTo(2);
            assertThat(later.join().number()).isEqualTo(1);
            assertThat(requests).hasSize(3).last().asString().contains("Authorization: new-key");
            assertThat(eventBridge.deadLetterQueue()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"199", "302", "400", "403", "404", "405", "408", "413", "415", "422"})
    void shouldGiveUpAtOnceForAnyOtherStatus(String status) {
        // Given
        answer(status, ACCEPTED);

        // When
        Outcome outcome = deliver(QUICK);

        // Then
        assertThat(outcome.attempts()).hasSize(1);
        assertThat(outcome.deadLetterQueue()).extracting(Attempt::event).containsExactly(EVENT);
    }

    @Test
    void shouldGiveUpAfterTheLastRetry() {
        // Given
        answer("503", "503", "503", ACCEPTED);

        // When
        Outcome outcome = deliver(policy(Duration.ofMillis(1), 2, Duration.ofDays(1)));

        // Then
        assertThat(outcome.attempts()).hasSize(3);
        assertThat(outcome.deadLetterQueue()).extracting(Attempt::event).containsExactly(EVENT);
    }

    @Test
    void shouldGiveUpAnEventThatIsTooOld() {
        // Given
        answer("503", ACCEPTED);

        // When
        Outcome outcome = deliver(policy(Duration.ofMillis(1), 185, Duration.ZERO));

        // Then
        assertThat(outcome.attempts()).hasSize(1);
        assertThat(outcome.deadLetterQueue()).extracting(Attempt::event).containsExactly(EVENT);
    }

    @Test
    void shouldGiveUpAnEventWhoseRetryIsForbidden() {
        // Given
        answer("503\r\nRetry-After: -1", ACCEPTED);

        // When
        Outcome outcome = deliver(QUICK);

        // Then
        assertThat(outcome.attempts()).hasSize(1);
        assertThat(outcome.deadLetterQueue()).extracting(Attempt::event).containsExactly(EVENT);
    }

    @Test
    void shouldWaitForRetryAfterIfThatIsLonger() {
        // Given
        answer("503\r\nretry-after: 1", ACCEPTED);

        // When
        Outcome outcome = deliver(QUICK);

        // Then
        assertThat(outcome.pauseMs()).isGreaterThanOrEqualTo(1_000);
    }

    @Test
    void shouldBackOffIfThatIsLonger() {
        // Given
        answer("503\r\nRetry-After: 0", ACCEPTED);

        // When
        Outcome outcome = deliver(policy(Duration.ofMillis(600), 185, Duration.ofDays(1)));

        // Then
        assertThat(outcome.pauseMs()).isGreaterThanOrEqualTo(300);
    }

    @Test
    void shouldWaitNoLongerThanFiveSecondsForAWholeAnswer() {
        // Given
        answer(HANG, ACCEPTED);

        // When
        Outcome outcome = deliver(QUICK);

        // Then
        assertThat(outcome.attempts()).extracting(Attempt::failure).containsExactly("no answer in time", "");
        assertThat(outcome.attempts().get(0).duration()).isGreaterThanOrEqualTo(EventBridge.TIME_OUT);
    }

    private static RetryPolicy policy(Duration backOff, int retries, Duration age) {
        return new RetryPolicy(backOff, backOff, retries, age);
    }

    /** The attempts of the event, and the dead letter queue. */
    private record Outcome(List<Attempt> attempts, List<Attempt> deadLetterQueue) {

        /** The time between the first attempt and the second. */
        long pauseMs() {
            return Duration.ofNanos(attempts.get(1).beganNs() - attempts.get(0).endedNs())
                    .toMillis();
        }
    }

    private Outcome deliver(RetryPolicy policy) {
        List<Attempt> attempts = new CopyOnWriteArrayList<>();
        try (EventBridge eventBridge = new EventBridge(destination(), "key", policy, attempts::add)) {
            Attempt last =
                    eventBridge.deliver(EVENT).orTimeout(1, TimeUnit.MINUTES).join();
            assertThat(eventBridge.open()).isZero();
            assertThat(last).isEqualTo(attempts.get(attempts.size() - 1));
            return new Outcome(attempts, eventBridge.deadLetterQueue());
        }
    }

    private URI destination() {
        return URI.create("http://127.0.0.1:" + server.getLocalPort() + "/in");
    }

    /** Answers one connection after the other: with a status and headers, without an answer, or with an incomplete one. */
    private void answer(String... answers) {
        Thread thread = new Thread(() -> {
            for (String answer : answers) {
                try {
                    Socket connection = server.accept();
                    requests.add(read(connection));
                    if (answer.equals(HANG)) {
                        hanging.add(connection);
                        connection.getOutputStream().write(HANG.getBytes(UTF_8));
                        continue;
                    }
                    if (!answer.equals(CLOSE)) {
                        String head = "HTTP/1.1 " + answer.replaceFirst("(?s)^([0-9]+)", "$1 Reason");
                        connection.getOutputStream().write((head + "\r\nContent-Length: 0\r\n\r\n").getBytes(UTF_8));
                    }
                    connection.close();
                } catch (IOException e) {
                    return;
                }
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    /** Reads a request up to the end of the event. */
    private static String read(Socket connection) throws IOException {
        StringBuilder request = new StringBuilder();
        while (!request.toString().endsWith(EVENT.body())) {
            byte[] chunk = new byte[8_192];
            int length = connection.getInputStream().read(chunk);
            request.append(new String(chunk, 0, length, UTF_8));
        }
        return request.toString();
    }
}
