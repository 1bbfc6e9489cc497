package io.handover.ingress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.handover.ingress.SlowSenders.Sender;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests hundreds of slow senders: each is answered or closed, and no other sender waits for them. */
class SlowSendersTest {

    private static final int OF_EACH_KIND = 300;

    /** Far fewer slots than slow bodies. */
    private static final int SLOTS = 50;

    /** The announced size of each slow body. */
    private static final int BYTES = 100_000;

    /** The bridge answers within 4.5 s. On a busy machine it must still answer before EventBridge gives up. */
    private static final long ANSWERED_WITHIN_MS = 5_000;

    /** The bridge closes after 5 s, on a busy machine later. */
    private static final Duration CLOSED_WITHIN = Duration.ofSeconds(20);

    private static final String REQUEST_LINE = "POST /handover/genesysCloudOM HTTP/1.1\r\n";

    private static final byte[] BODY = Deliveries.customerEnd();

    static Stream<Arguments> senders() {
        return Stream.of(
                Arguments.argumentSet(
                        "with the key",
                        Map.of(),
                        "Authorization: " + BridgeFixture.KEY,
                        "Authorization: " + BridgeFixture.KEY),
                Arguments.argumentSet(
                        "with an unchecked signature",
                        Map.of("authentication", "hmac-sha256", "hmac.secret", "s", "hmac.encoding", "hex"),
                        "X-Hub-Signature-256: " + "0".repeat(64),
                        "X-Hub-Signature-256: " + Deliveries.signature("s", BODY)));
    }

    @ParameterizedTest
    @MethodSource("senders")
    void shouldNotLetSlowSendersDelayOthers(Map<String, String> settings, String slowKey, String key) throws Exception {
        try (BridgeFixture fixture = new BridgeFixture(true, withLimits(settings));
                SlowSenders slow = new SlowSenders(fixture.bridge.port())) {
            // Given
            String head = REQUEST_LINE + slowKey + "\r\nContent-Length: " + BYTES + "\r\n\r\n";
            List<Sender> unfinished = new ArrayList<>();
            List<Sender> slowBodies = new ArrayList<>();

            // When
            for (int i = 0; i < OF_EACH_KIND; i++) {
                unfinished.add(slow.open("", ""));
                unfinished.add(slow.open("", REQUEST_LINE));
                unfinished.add(slow.open(REQUEST_LINE, "Host: localhost\r\n"));
                slowBodies.add(slow.open(head, "{".repeat(30)));
                if (i % 3 == 0) {
                    assertThat(normalDelivery(fixture, key)).startsWith("HTTP/1.1 200 ");
                }
            }
            await().atMost(CLOSED_WITHIN).pollInterval(Duration.ofMillis(50)).until(() -> {
                assertThat(normalDelivery(fixture, key)).startsWith("HTTP/1.1 200 ");
                return slow.areClosed();
            });

            // Then
            assertThat(unfinished).extracting(Sender::received).containsOnly("");
            assertThat(slowBodies)
                    .extracting(Sender::received)
                    .allSatisfy(answer ->
                            assertThat(answer).startsWith("HTTP/1.1 503 ").endsWith("{\"outcome\":\"slow-body\"}"));
            assertThat(slowBodies).extracting(Sender::msUntilAnswer).allMatch(ms -> ms < ANSWERED_WITHIN_MS);
            await().untilAsserted(() -> assertThat(openConnections(fixture)).isZero());
        }
    }

    private static Map<String, String> withLimits(Map<String, String> settings) {
        Map<String, String> all = new HashMap<>(settings);
        all.put("requests.in.flight.max", String.valueOf(SLOTS));
        all.put("body.max.bytes", String.valueOf(BYTES));
        all.put("requests.in.flight.max.bytes", String.valueOf(BYTES));
        return all;
    }

    private static String normalDelivery(BridgeFixture fixture, String key) throws IOException {
        return fixture.exchange(REQUEST_LINE + "Host: localhost\r\nConnection: close\r\n" + key + "\r\nContent-Length: "
                + BODY.length + "\r\n\r\n" + new String(BODY, StandardCharsets.ISO_8859_1));
    }

    private static double openConnections(BridgeFixture fixture) throws IOException, InterruptedException {
        return fixture.management("/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith("handover_connections_open "))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf(' '))))
                .findFirst()
                .orElseThrow();
    }
}
