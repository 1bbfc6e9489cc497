package io.handover.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class AccessLogTest {

    private final Logger logger = (Logger) LoggerFactory.getLogger("access");
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE);
    private final AccessLog log = new AccessLog(true, nanos::get);

    @BeforeEach
    void listen() {
        lines.start();
        logger.addAppender(lines);
    }

    @AfterEach
    void stopListening() {
        logger.detachAppender(lines);
    }

    @Test
    void shouldLogOnlyProblemsByDefault() throws Exception {
        try (BridgeFixture fixture = new BridgeFixture(true, Map.of())) {
            // When
            fixture.post(Deliveries.customerEnd());
            fixture.post("no JSON".getBytes(StandardCharsets.UTF_8));

            // Then
            assertThat(onlyLine()).doesNotContainEntry("outcome", "stored");
        }
    }

    @Test
    void shouldLogWhatOperatorsSearchFor() throws Exception {
        try (BridgeFixture fixture = new BridgeFixture(true, Map.of("access.log", "all"))) {
            // Given
            byte[] body = Deliveries.customerEnd();

            // When
            fixture.post(body);

            // Then
            assertThat(onlyLine())
                    .containsEntry("outcome", "stored")
                    .containsEntry("status", "200")
                    .containsEntry("bytes", String.valueOf(body.length))
                    .containsEntry("conversation", Deliveries.CONVERSATION)
                    .containsEntry("event", "33333333-3333-4333-8333-333333333333")
                    .containsEntry("remote", "127.0.0.1")
                    .containsKey("duration_ms")
                    .hasSize(7);
        }
    }

    @Test
    void shouldNotLogAWrongKey() throws Exception {
        try (BridgeFixture fixture = new BridgeFixture(true, Map.of())) {
            // Given
            // When
            fixture.send(fixture.request(Deliveries.customerEnd())
                    .setHeader("Authorization", "nearly-the-key")
                    .build());

            // Then
            assertThat(onlyLine()).containsEntry("outcome", "unauthorized").doesNotContainKey("conversation");
            assertThat(lines.list.toString() + onlyLine()).doesNotContain("nearly-the-key", BridgeFixture.KEY);
        }
    }

    @Test
    void shouldLogTheExceptionOfTheProducer() throws Exception {
        try (BridgeFixture fixture = new BridgeFixture(true, Map.of())) {
            // Given
            fixture.producer.sendException = new IllegalStateException("closed");

            // When
            fixture.post(Deliveries.customerEnd());

            // Then
            assertThat(onlyLine())
                    .containsEntry("outcome", "kafka-refused")
                    .containsEntry("cause", "IllegalStateException");
        }
    }

    @Test
    void shouldOmitSuccessesIfConfigured() {
        // Given
        AccessLog problems = new AccessLog(false, nanos::get);

        // When
        answer(problems, DeliveryOutcome.STORED);
        answer(problems, DeliveryOutcome.UNWANTED_TOPIC);
        answer(problems, DeliveryOutcome.KAFKA_TIMEOUT);

        // Then
        assertThat(onlyLine()).containsEntry("outcome", "kafka-timeout");
    }

    @Test
    void shouldNotLetUnauthenticatedSendersFillTheDisk() {
        // Given
        IntStream.range(0, 25).forEach(i -> answer(log, DeliveryOutcome.UNAUTHORIZED));
        int inTheFirstSecond = lines.list.size();
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));

        // When
        answer(log, DeliveryOutcome.UNAUTHORIZED);
        answer(log, DeliveryOutcome.UNKNOWN_PATH);

        // Then
        assertThat(inTheFirstSecond).isEqualTo(10);
        assertThat(lines.list).hasSize(12);
        assertThat(keyValues(lines.list.get(10))).containsEntry("unlogged", "15");
        assertThat(keyValues(lines.list.get(11))).doesNotContainKey("unlogged");
    }

    @Test
    void shouldLimitTheLinesOfUncheckedSignatures() throws Exception {
        try (BridgeFixture fixture = new BridgeFixture(
                true, Map.of("authentication", "hmac-sha256", "hmac.secret", "s", "body.max.bytes", "10"))) {
            // Given
            HttpRequest tooLarge = fixture.request(new byte[11])
                    .header("X-Hub-Signature-256", "0".repeat(64))
                    .build();

            // When
            for (int i = 0; i < 50; i++) {
                assertThat(fixture.send(tooLarge).statusCode()).isEqualTo(413);
            }

            // Then
            assertThat(lines.list).hasSizeLessThan(50);
        }
    }

    @Test
    void shouldLimitTheLinesOfSendersThatOnlyClaimToBeEventBridge() throws Exception {
        try (BridgeFixture fixture = new BridgeFixture(true, Map.of())) {
            // Given
            HttpRequest wrongKey = fixture.request(Deliveries.customerEnd())
                    .setHeader("Authorization", "another-key")
                    .header("User-Agent", "Amazon/EventBridge/ApiDestinations")
                    .build();

            // When
            for (int i = 0; i < 50; i++) {
                assertThat(fixture.send(wrongKey).statusCode()).isEqualTo(503);
            }

            // Then
            assertThat(lines.list).hasSizeLessThan(50);
            assertThat(keyValues(lines.list.get(0)))
                    .containsEntry("outcome", "unauthorized-eventbridge")
                    .containsEntry("status", "503")
                    .containsEntry("remote", "127.0.0.1")
                    .doesNotContainKeys("conversation", "event");
        }
    }

    @Test
    void shouldLogEveryAnswerToAnAuthenticatedSender() {
        // Given
        // When
        IntStream.range(0, 25).forEach(i -> answer(log, DeliveryOutcome.STORED));

        // Then
        assertThat(lines.list).hasSize(25);
    }

    private static void answer(AccessLog log, DeliveryOutcome outcome) {
        log.answered(
                outcome,
                outcome != DeliveryOutcome.UNAUTHORIZED && outcome != DeliveryOutcome.UNKNOWN_PATH,
                () -> new AccessLog.Entry(1, 2, null, null, null, null));
    }

    private Map<String, String> onlyLine() {
        List<ILoggingEvent> all = List.copyOf(lines.list);
        assertThat(all).hasSize(1);
        return keyValues(all.get(0));
    }

    private static Map<String, String> keyValues(ILoggingEvent line) {
        return Objects.requireNonNull(line.getKeyValuePairs()).stream()
                .collect(Collectors.toMap(pair -> pair.key, pair -> String.valueOf(pair.value)));
    }
}
