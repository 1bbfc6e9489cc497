package io.handover.service;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LoggingTest {

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final PrintStream standardError = System.err;
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final CountDownLatch reached = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);
    private final LoggerContext context = context();

    @AfterEach
    void restoreStandardError() {
        released.countDown();
        context.stop();
        System.setErr(standardError);
    }

    @Test
    void shouldWriteALineOfTextWithTheKeyValuesAtItsEnd() {
        // Given
        Logger logger = logger("text", "INFO", written);

        // When
        logger.atInfo()
                .addKeyValue("outcome", "stored")
                .addKeyValue("partition", 3)
                .log("delivery");

        // Then
        assertThat(end())
                .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}(Z|[+-]\\d\\d:\\d\\d) INFO  LoggingTest"
                        + " - delivery outcome=stored partition=3\\R");
    }

    @Test
    void shouldWriteALineOfTextWithoutKeyValues() {
        // Given
        Logger logger = logger("text", "INFO", written);

        // When
        logger.warn("Metrics scrape failed");

        // Then
        assertThat(end()).endsWith(" WARN  LoggingTest - Metrics scrape failed" + System.lineSeparator());
    }

    @Test
    void shouldWriteAnExceptionOnTheLineOfItsText() {
        // Given
        Logger logger = logger("text", "INFO", written);

        // When
        logger.error("Failed", new IllegalStateException("broken", new IllegalArgumentException("wrong\nvalue")));

        // Then
        assertThat(end())
                .hasLineCount(1)
                .contains(
                        " - Failed java.lang.IllegalStateException: broken | at io.handover",
                        " | Caused by: java.lang.IllegalArgumentException: wrong | value | ");
    }

    @Test
    void shouldWriteAFlatObjectWithTheKeyValuesAsFields() {
        // Given
        Logger logger = logger("json", "INFO", written);

        // When
        logger.atInfo()
                .addKeyValue("outcome", "stored")
                .addKeyValue("partition", 3)
                .addKeyValue("again", true)
                .addKeyValue("key", (Object) null)
                .log("delivery");

        // Then
        JsonObject line = new JsonObject(end());
        assertThat(line.getString("@timestamp")).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z");
        line.remove("@timestamp");
        assertThat(line)
                .isEqualTo(new JsonObject()
                        .put("level", "INFO")
                        .put("logger_name", LoggingTest.class.getName())
                        .put("thread_name", Thread.currentThread().getName())
                        .put("message", "delivery")
                        .put("outcome", "stored")
                        .put("partition", 3)
                        .put("again", true)
                        .putNull("key"));
    }

    @Test
    void shouldWriteAValueOfAnyOtherTypeAsItsText() {
        // Given
        Logger logger = logger("json", "INFO", written);

        // When
        logger.atInfo()
                .addKeyValue("since", Instant.EPOCH)
                .addKeyValue("reason", Optional.of("slow"))
                .log("Waiting");

        // Then
        JsonObject line = new JsonObject(end());
        assertThat(line.getValue("since")).isEqualTo("1970-01-01T00:00:00Z");
        assertThat(line.getValue("reason")).isEqualTo("Optional[slow]");
    }

    @Test
    void shouldWriteAnExceptionAsOneField() {
        // Given
        Logger logger = logger("json", "INFO", written);

        // When
        logger.error("Failed", new IllegalStateException("broken"));

        // Then
        String text = end();
        assertThat(text).hasLineCount(1);
        assertThat(new JsonObject(text).getString("stack_trace"))
                .startsWith("java.lang.IllegalStateException: broken")
                .contains("at io.handover.service.LoggingTest");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r", "\r\n", "\n\t", "\f", "\u000B", "\u0085", "\u2028", "\u2029"})
    void shouldNotLetAValueForgeALineOfText(String lineBreak) {
        // Given
        Logger logger = logger("text", "INFO", written);
        String forged = "x" + lineBreak + "2026-01-01T00:00:00.000Z ERROR Main - forged";

        // When
        logger.atInfo().addKeyValue("topic", forged).log("From {}", forged);

        // Then
        String visible = "x | 2026-01-01T00:00:00.000Z ERROR Main - forged";
        assertThat(end())
                .endsWith(
                        " INFO  LoggingTest - From " + visible + " topic=\"" + visible + "\"" + System.lineSeparator());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    x outcome=refused | "x outcome=refused"
                    x" outcome="refused | "x\\" outcome=\\"refused"
                    x\\" outcome=refused | "x\\\\\\" outcome=refused"
                    x\u00A0y | "x\u00A0y"
                    '' | ""
                    a-b:c/d | a-b:c/d
                    """)
    void shouldNotLetAValueForgeAnother(String value, String visible) {
        // Given
        Logger logger = logger("text", "INFO", written);

        // When
        logger.atInfo()
                .addKeyValue("topic", value)
                .addKeyValue("outcome", "stored")
                .log("delivery");

        // Then
        assertThat(end()).endsWith(" - delivery topic=" + visible + " outcome=stored" + System.lineSeparator());
    }

    @ParameterizedTest
    @ValueSource(strings = {"\0", "\b", "\u001B", "\u007F", "\u009B", "\u202E", "\u2066"})
    void shouldReplaceControlCharacters(String control) {
        // Given
        Logger logger = logger("text", "INFO", written);

        // When
        logger.atInfo().addKeyValue("topic", control + "[2K").log("From {}", control + "[2K");

        // Then
        assertThat(end()).endsWith(" - From ?[2K topic=?[2K" + System.lineSeparator());
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n", "\u001B[2K", "\u2028", "\"}", "\\"})
    void shouldNotLetAValueForgeAnObject(String control) {
        // Given
        Logger logger = logger("json", "INFO", written);
        String forged = "x" + control + "{\"level\":\"ERROR\"}";

        // When
        logger.atInfo().addKeyValue("topic", forged).log("From {}", forged);

        // Then
        String text = end();
        assertThat(text.indexOf('\n')).isEqualTo(text.length() - 1);
        JsonObject line = new JsonObject(text);
        assertThat(line.getString("level")).isEqualTo("INFO");
        assertThat(line.getString("message")).isEqualTo("From " + forged);
        assertThat(line.getString("topic")).isEqualTo(forged);
    }

    @ParameterizedTest
    @ValueSource(strings = {"WARN", "warn"})
    void shouldWriteNothingBelowTheLevel(String level) {
        // Given
        Logger logger = logger("text", level, written);

        // When
        logger.info("less");
        logger.warn("enough");

        // Then
        assertThat(end()).contains("enough").doesNotContain("less");
    }

    @Test
    void shouldNeverBlockALoggerOnAStalledStandardError() throws InterruptedException {
        // Given
        Logger logger = logger("json", "INFO", stalled());
        int more = 3 * BatchAppender.CAPACITY;

        // When
        CompletableFuture<Void> logging = CompletableFuture.runAsync(() -> {
            for (int i = 0; i < more; i++) {
                logger.info("line {}", i);
            }
        });

        // Then
        assertThat(logging).succeedsWithin(PATIENCE);
        assertThat(reached.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void shouldStopThoughStandardErrorIsStalled() throws InterruptedException {
        // Given
        Logger logger = logger("text", "INFO", stalled());
        logger.info("line");
        reached.await();

        // When
        CompletableFuture<Void> ending = CompletableFuture.runAsync(context::stop);

        // Then
        assertThat(ending).succeedsWithin(PATIENCE);
    }

    @Test
    void shouldWriteTheQueuedEventsWhenItStops() throws InterruptedException {
        // Given
        Logger logger = logger("text", "INFO", heldUntilTheEnd());
        logger.info("first");
        reached.await();
        logger.info("second");
        logger.info("third");

        // When
        context.stop();

        // Then
        assertThat(written.toString(StandardCharsets.UTF_8).lines().map(line -> line.replaceAll(".* - ", "")))
                .containsExactly("first", "second", "third");
    }

    private Logger logger(String format, String level, OutputStream target) {
        System.setErr(new PrintStream(target, true, StandardCharsets.UTF_8));
        Logging.configure(context, format, level);
        return context.getLogger(LoggingTest.class);
    }

    private String end() {
        context.stop();
        return written.toString(StandardCharsets.UTF_8);
    }

    /** Blocks every write while the test runs. */
    private OutputStream stalled() {
        return new OutputStream() {
            @Override
            public void write(int b) {
                reached.countDown();
                while (released.getCount() > 0) {
                    try {
                        released.await();
                    } catch (InterruptedException e) {
                        // a write to a pipe is not interrupted either
                    }
                }
            }
        };
    }

    /** Blocks the first write until the log is stopped, which interrupts the writing thread. */
    private OutputStream heldUntilTheEnd() {
        return new OutputStream() {
            private boolean held = true;

            @Override
            public void write(int b) {
                reached.countDown();
                if (held) {
                    held = false;
                    try {
                        released.await();
                    } catch (InterruptedException e) {
                        // the log is being stopped
                    }
                }
                written.write(b);
            }
        };
    }

    /** A separate context, so that the log of the tests does not change. */
    private static LoggerContext context() {
        LoggerContext context = new LoggerContext();
        context.setMDCAdapter(new LogbackMDCAdapter());
        context.start();
        return context;
    }
}
