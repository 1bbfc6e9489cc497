package io.handover.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.handover.embeddedkafka.EmbeddedKafka;
import io.handover.reference.RunSeed;
import io.handover.traffic.Choices;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Requests that no honest client sends. None is answered with 500, and none leaves a connection behind. */
class HostileRequestsIT {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int REQUESTS = 10_000;

    /** The heap is read first after so many requests, when everything is loaded. */
    private static final int WARM_UP = 2_000;

    /** If each request left 4 KB behind, the heap would grow by this. */
    private static final long GROWTH_MAX_BYTES = 4_096L * (REQUESTS - WARM_UP);

    private static final int CONNECTIONS_MAX = 256;

    private static final List<String> METHODS = List.of(
            "GET", "GET", "GET", "POST", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH", "TRACE", "X", "get");

    private static final List<String> PATHS = List.of(
            "/",
            "/handovers/held",
            "/handovers/open",
            "/handovers/counts",
            "/instances",
            "/topology",
            "/conversations/",
            "/conversations/c",
            "/conversations/c/end",
            "/conversations/c/release",
            "/agents/a/forget",
            "/conversations/%00",
            "/conversations/%zz",
            "/conversations/..%2f..%2fetc",
            "/conversations/%C3%28",
            "/conversations/a/b/c/end",
            "/metrics",
            "/health/ready",
            "/openapi.yaml",
            "//",
            "/../../etc/passwd",
            "*",
            "http://elsewhere/instances",
            "/handovers",
            "/\u0001");

    private static final List<String> QUERIES = List.of(
            "",
            "",
            "?limit=0",
            "?limit=501",
            "?limit=-1",
            "?limit=99999999999999",
            "?limit=abc",
            "?limit=5&limit=6",
            "?after=",
            "?after=%",
            "?after=%zz",
            "?after=!!!!",
            "?after=AAAAAAAAAAAA",
            "?after=________________________",
            "?" + "a=b&".repeat(400),
            "?after=" + "A".repeat(3_000));

    private static final List<String> TOKENS = List.of(
            "Authorization: Bearer steer-token\r\n",
            "Authorization: Bearer steer-token\r\n",
            "Authorization: Bearer steer-token\r\n",
            "Authorization: Bearer read-token\r\n",
            "Authorization: Bearer\r\n",
            "Authorization: Bearer \u00ff\r\n",
            "Authorization: Basic c3RlZXItdG9rZW46\r\n",
            "authorization: bEARER steer-token\r\n",
            "Authorization: " + "x".repeat(9_000) + "\r\n",
            "");

    private static final List<String> HEADERS = List.of(
            "",
            "",
            "Handover-Forwarded: 1\r\n",
            "Handover-Forwarded: " + "1".repeat(500) + "\r\n",
            "Transfer-Encoding: chunked\r\n",
            "Content-Encoding: gzip\r\n",
            "Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAMAAABk\r\n",
            "Expect: 100-continue\r\n",
            "Range: bytes=0-1\r\n",
            "X: " + "y".repeat(8_500) + "\r\n",
            ": no name\r\n",
            "Content-Length: -5\r\n");

    private static final List<String> BODIES = List.of(
            "",
            "{}",
            "[]",
            "null",
            "{\"operator\":\"o\",\"reason\":\"r\"}",
            "{\"operator\":\"o\",\"reason\":\"r\",\"cycle\":9}",
            "{\"operator\":\"o\\u0000\\n\",\"reason\":\"\\ud800\"}",
            "{\"operator\":\"o\",\"reason\":\"r\",\"cycle\":1e99}",
            "{\"operator\":\"o\",\"reason\":\"r\",\"cycle\":99999999999999999999}",
            "{\"operator\":{\"a\":1},\"reason\":[]}",
            "[".repeat(4_000),
            "{\"a\":".repeat(1_500),
            "\u0000\u0001\u0002",
            "x".repeat(20_000));

    @TempDir
    private static Path folder;

    private static EmbeddedKafka kafka;
    private static AppInstance app;

    @BeforeAll
    static void start() {
        kafka = EmbeddedKafka.start(folder.resolve("kafka"), 0);
        app = new AppInstance(kafka.bootstrapServers(), folder.resolve("app"), Map.of());
        await().atMost(PATIENCE).until(() -> app.app().ready());
    }

    @AfterAll
    static void stop() {
        app.close();
        kafka.close();
    }

    @Test
    void shouldAnswerEveryRequestOrCloseItsConnection() throws Exception {
        // Given
        Choices choices = Choices.seeded(RunSeed.of(11));
        Map<Integer, Integer> statuses = new TreeMap<>();
        long warm = 0;
        // When
        for (int i = 0; i < REQUESTS; i++) {
            String request = request(choices);
            int status = exchange(request);
            statuses.merge(status, 1, Integer::sum);
            // Then
            assertThat(status).as(() -> "status of " + request).isNotEqualTo(500);
            if (i == WARM_UP) {
                warm = usedHeap();
            }
        }
        assertThat(statuses.keySet()).contains(200, 400, 401, 403, 404, 405, 413);
        await().atMost(PATIENCE).until(() -> app.app().managementConnections() == 0);
        assertThat(app.app().ready()).isTrue();
        assertThat(app.fatal()).isNull();
        assertThat(usedHeap() - warm).isLessThan(GROWTH_MAX_BYTES);
    }

    private static long usedHeap() {
        MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
        memory.gc();
        return memory.getHeapMemoryUsage().getUsed();
    }

    @Test
    void shouldCloseConnectionsBeyondTheLimit() throws Exception {
        List<Socket> sockets = new ArrayList<>();
        try {
            // When
            for (int i = 0; i < CONNECTIONS_MAX + 50; i++) {
                sockets.add(
                        new Socket(InetAddress.getLoopbackAddress(), app.app().managementPort()));
            }
            // Then
            await().atMost(PATIENCE).until(() -> app.app().managementConnections() == CONNECTIONS_MAX);
        } finally {
            for (Socket socket : sockets) {
                socket.close();
            }
        }
        await().atMost(PATIENCE).until(() -> app.app().managementConnections() == 0);
    }

    @Test
    void shouldNotWaitForABodyForEver() throws Exception {
        // When
        String answer = answerToOrder("Content-Length: 100\r\n\r\n{");
        // Then
        assertThat(answer).startsWith("HTTP/1.1 408");
    }

    @Test
    void shouldLogNoErrorForABodyThatIsNotHttp() throws Exception {
        // Given
        Logger logger = (Logger) LoggerFactory.getLogger(ManagementApi.class);
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        logger.addAppender(lines);
        // When
        String answer;
        try {
            answer = answerToOrder("Transfer-Encoding: chunked\r\n\r\nno size\r\n");
            await().atMost(PATIENCE).until(() -> app.app().managementConnections() == 0);
        } finally {
            logger.detachAppender(lines);
        }
        // Then
        assertThat(answer).isEmpty();
        assertThat(lines.list).isEmpty();
    }

    private static String answerToOrder(String rest) throws IOException {
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), app.app().managementPort())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream()
                    .write(("POST /conversations/c/end HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer steer-token\r\n"
                                    + rest)
                            .getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static <T> T one(Choices choices, List<T> of) {
        return of.get(choices.below(of.size()));
    }

    private static String request(Choices choices) {
        String path = one(choices, PATHS);
        String query = one(choices, QUERIES);
        if (choices.below(6) == 0) {
            byte[] random = new byte[choices.below(60)];
            for (int i = 0; i < random.length; i++) {
                random[i] = (byte) choices.below(256);
            }
            query = "?after=" + Base64.getUrlEncoder().withoutPadding().encodeToString(random);
        }
        String body = one(choices, BODIES);
        return one(choices, METHODS) + ' ' + path + query + " HTTP/1.1\r\nHost: h\r\n" + one(choices, TOKENS)
                + one(choices, HEADERS) + "Content-Length: " + body.length() + "\r\nConnection: close\r\n\r\n" + body;
    }

    /** Returns the status; 0 if the connection was closed without one, or nothing came for a while. */
    private static int exchange(String request) throws IOException {
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), app.app().managementPort())) {
            socket.setSoTimeout(8_000);
            ByteArrayOutputStream received = new ByteArrayOutputStream();
            try {
                socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
                InputStream in = socket.getInputStream();
                for (int next = in.read(); next >= 0 && received.size() < 12; next = in.read()) {
                    received.write(next);
                }
            } catch (SocketTimeoutException e) {
                return 0;
            } catch (IOException e) {
                // The server has answered and closed before it read everything.
            }
            String head = received.toString(StandardCharsets.ISO_8859_1);
            return head.length() < 12
                    ? 0
                    : Integer.parseInt(head.substring(9, 12).strip());
        }
    }
}
