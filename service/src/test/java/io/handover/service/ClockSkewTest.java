package io.handover.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

class ClockSkewTest {

    private static final long NOW = 1_700_000_000_000L;

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private long nanos;
    private final ClockSkew skew = new ClockSkew(registry, () -> Instant.ofEpochMilli(NOW), () -> nanos);
    private final Logger logger = (Logger) LoggerFactory.getLogger(ClockSkew.class);
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

    @BeforeEach
    void listen() {
        logger.setLevel(Level.INFO);
        lines.start();
        logger.addAppender(lines);
    }

    @AfterEach
    void stopListening() {
        logger.setLevel(null);
        logger.detachAppender(lines);
    }

    @Test
    void shouldHaveNoValueBeforeTheFirstMeasurement() {
        assertThat(seconds()).isNaN();
    }

    @ParameterizedTest
    @CsvSource({
        "15 s ahead, -15100, 100, 15",
        "15 s behind, 15000, 100, -15",
        "equal, -50, 100, 0",
        "equal although Kafka took 4 s, -100, 4000, 0",
        "equal although the tick waited 20 s in a backlog, -20000, 20010, 0",
    })
    void shouldBeTheDifferenceThatTheWayOfTheRecordDoesNotExplain(
            String title, long datedAfterNow, long sinceSend, double expected) {
        // When
        skew.measure(NOW + datedAfterNow, sinceSend);
        // Then
        assertThat(seconds()).as(title).isEqualTo(expected);
    }

    @Test
    void shouldWarnOnceBeyondASecondAndLogOnceWhenItIsBack() {
        // When
        skew.measure(NOW - 1_000, 0);
        assertThat(lines.list).isEmpty();
        measureLater(NOW - 15_000);
        measureLater(NOW - 16_000);
        measureLater(NOW);
        measureLater(NOW);
        // Then
        assertThat(lines.list).extracting(ILoggingEvent::getLevel).containsExactly(Level.WARN, Level.INFO);
        assertThat(lines.list.get(0)).satisfies(line -> {
            assertThat(line.getMessage()).contains("NTP");
            assertThat(line.getKeyValuePairs()).extracting("key", "value").containsExactly(tuple("skew_s", 15.0));
        });
    }

    @Test
    void shouldShowTheLargestDifferenceIfTheClocksOfTwoBrokersDiffer() {
        // Given
        skew.measure(NOW, 0);
        // When
        skew.measure(NOW - 2_000, 0);
        measureLater(NOW);
        measureLater(NOW - 2_000);
        // Then
        assertThat(seconds()).isEqualTo(2);
        assertThat(lines.list).hasSize(1);
    }

    private void measureLater(long brokerTime) {
        nanos += Duration.ofSeconds(10).toNanos();
        skew.measure(brokerTime, 0);
    }

    private double seconds() {
        return registry.get("handover.clock.skew").gauge().value();
    }
}
