package io.handover.service;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

class ServiceMainTest {

    private static final Map<String, String> BROKER = Map.of("HANDOVER_KAFKA_BOOTSTRAP_SERVERS", "broker:9092");

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final CompletableFuture<Void> stop = new CompletableFuture<>();
    private final List<String> life = new ArrayList<>();

    private final Vertx vertx = Vertx.vertx();

    @TempDir
    private Path directory;

    private final SettingsDefinition definition = new SettingsDefinition(SharedSettings.define(8081), Map.of());

    @AfterEach
    void closeVertx() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @Test
    void shouldPrintTheHelp() {
        // Given
        // When
        int code = run(service(), Map.of(), "--help");

        // Then
        assertThat(code).isEqualTo(ServiceMain.EXIT_OK);
        assertThat(text(out))
                .contains(
                        "test-service: does nothing.",
                        "A=1 java -jar",
                        "--config FILE",
                        "LOG_FORMAT=json",
                        "LOG_LEVEL=DEBUG",
                        "Exit codes:");
        assertThat(text(err)).isEmpty();
    }

    @Test
    void shouldPrintTheSettings() {
        // Given
        // When
        int code = run(service(), Map.of(), "--settings");

        // Then
        assertThat(code).isEqualTo(ServiceMain.EXIT_OK);
        assertThat(text(out)).isEqualTo(definition.markdownTable());
    }

    @Test
    void shouldPrintTheVersion() {
        // Given
        // When
        int code = run(service(), Map.of(), "--version");

        // Then
        assertThat(code).isEqualTo(ServiceMain.EXIT_OK);
        assertThat(text(out))
                .matches("handover-test-service \\d+\\.\\d+\\.\\d+(-SNAPSHOT)?"
                        + ", revision ([0-9a-f]{7,}|unknown), Kafka \\d+\\.\\d+\\.\\d+\\R");
    }

    @Test
    void shouldDrainAndCloseWhenItIsStopped() {
        // Given
        stop.complete(null);

        // When
        int code = run(service(), BROKER);

        // Then
        assertThat(code).isEqualTo(ServiceMain.EXIT_OK);
        assertThat(life).containsExactly("started", "drain begins", "draining", "drained", "closed");
        assertThat(text(out)).isEmpty();
    }

    @Test
    void shouldCloseAndFailAfterAFatalFailure() {
        // Given
        ServiceMain.Service fatal = (settings, failure) -> {
            failure.accept(new IllegalStateException("The state is lost."));
            return () -> life.add("closed");
        };

        // When
        int code = run(fatal, BROKER);

        // Then
        assertThat(code).isEqualTo(ServiceMain.EXIT_FAILURE);
        assertThat(life).containsExactly("closed");
        assertThat(text(err)).isEqualTo("test-service: The state is lost." + System.lineSeparator());
    }

    @Test
    void shouldReportInOneLineWhyItCannotStart() {
        // Given
        ServiceMain.Service broken = (settings, failure) -> {
            throw new StartException("Port 80 is in use.", new IllegalStateException());
        };

        // When
        int code = run(broken, BROKER);

        // Then
        assertThat(code).isEqualTo(ServiceMain.EXIT_FAILURE);
        assertThat(text(err)).isEqualTo("test-service: Port 80 is in use." + System.lineSeparator());
    }

    @Test
    void shouldReportInOneLineWhatIsWrongWithTheSettings() {
        // Given
        // When
        int code = run(service(), Map.of());

        // Then
        assertThat(code).isEqualTo(ServiceMain.EXIT_USAGE);
        assertThat(text(err))
                .startsWith("test-service: The setting kafka.bootstrap.servers is required")
                .hasLineCount(1);
        assertThat(life).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"LOG_FORMAT", "HANDOVER_LOG_FORMAT", "LOG_LEVEL", "HANDOVER_LOG_LEVEL"})
    void shouldRejectAnInvalidLogSetting(String name) {
        // Given
        Map<String, String> environment = new HashMap<>(BROKER);
        environment.put(name, "xml");

        // When
        int code = run(service(), environment);

        // Then
        assertThat(code).isEqualTo(ServiceMain.EXIT_USAGE);
        assertThat(text(err))
                .startsWith("test-service: Invalid value xml for configuration log.")
                .hasLineCount(1);
    }

    @Test
    void shouldWriteOnlyJsonWhenTheFileChoosesIt() throws IOException {
        // Given
        Path file = Files.writeString(directory.resolve("handover.properties"), "log.format=json\n");
        Map<String, String> environment = new HashMap<>(BROKER);
        environment.put("HANDOVER_API_KEYS", "the name of no setting");
        ServiceMain.Service broken = (settings, failure) -> {
            throw new StartException("Port 80 is in use.", new IllegalStateException());
        };

        // When
        int code = runWithStandardError(broken, environment, "--config", file.toString());

        // Then
        assertThat(code).isEqualTo(ServiceMain.EXIT_FAILURE);
        List<JsonObject> lines = text(err).lines().map(JsonObject::new).toList();
        assertThat(lines)
                .extracting(line -> line.getString("message"))
                .containsExactly("Ignored environment variables that match no setting", "Process failed");
        assertThat(lines.get(0).getString("names")).isEqualTo("[HANDOVER_API_KEYS]");
        assertThat(lines.get(1).getString("reason")).isEqualTo("Port 80 is in use.");
        assertThat(lines.get(1).containsKey("stack_trace")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"text", "json"})
    void shouldWriteAllOfTheLogBeforeTheProcessEnds(String format) throws IOException, InterruptedException {
        // Given
        ProcessBuilder process = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                TalkativeMain.class.getName());
        process.environment().putAll(BROKER);
        process.environment().put("LOG_FORMAT", format);

        // When
        Process talkative = process.start();
        String log = new String(talkative.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);

        // Then
        assertThat(talkative.waitFor()).isEqualTo(ServiceMain.EXIT_FAILURE);
        assertThat(log.lines().filter(line -> line.contains(TalkativeMain.WORD)))
                .hasSize(TalkativeMain.LINES);
        assertThat(log.lines().toList()).last(InstanceOfAssertFactories.STRING).contains(TalkativeMain.LAST_WORDS);
    }

    @Test
    void shouldRejectAnUnknownArgument() {
        // Given
        // When
        int code = run(service(), BROKER, "--verbose");

        // Then
        assertThat(code).isEqualTo(ServiceMain.EXIT_USAGE);
        assertThat(text(err))
                .isEqualTo("test-service: Unknown argument '--verbose'. See --help." + System.lineSeparator());
    }

    @Test
    void shouldRejectConfigWithoutAFile() {
        // Given
        // When
        int code = run(service(), BROKER, "--config");

        // Then
        assertThat(code).isEqualTo(ServiceMain.EXIT_USAGE);
        assertThat(text(err)).contains("--config needs a file name.");
    }

    @Test
    void shouldRejectAConfigFileThatDoesNotExist() {
        // Given
        // When
        int code = run(service(), BROKER, "--config", "no-such-file.properties");

        // Then
        assertThat(code).isEqualTo(ServiceMain.EXIT_USAGE);
        assertThat(text(err)).contains("no-such-file.properties does not exist.");
    }

    @Test
    void shouldSayThatTheRunningProcessIsReady() {
        // Given
        Map<String, String> environment = new HashMap<>(BROKER);
        int code;
        try (ManagementServer running = managementServer(Optional.empty())) {
            environment.put("HANDOVER_MANAGEMENT_PORT", String.valueOf(running.port()));

            // When
            code = run(service(), environment, "--health");
        }

        // Then
        assertThat(code).isEqualTo(ServiceMain.EXIT_OK);
        assertThat(text(out)).isEqualTo("{\"status\":\"up\"}" + System.lineSeparator());
        assertThat(text(err)).isEmpty();
        assertThat(life).isEmpty();
    }

    @Test
    void shouldSayWhyTheRunningProcessIsNotReady() throws IOException {
        // Given
        int code;
        try (ManagementServer running = managementServer(Optional.of("Kafka does not answer."))) {
            Path file = Files.writeString(
                    directory.resolve("service.properties"),
                    "kafka.bootstrap.servers=broker:9092\nmanagement.port=" + running.port());

            // When
            code = run(service(), Map.of(), "--config", file.toString(), "--health");
        }

        // Then
        assertThat(code).isEqualTo(ServiceMain.EXIT_FAILURE);
        assertThat(text(err))
                .contains("answered 503")
                .contains("Kafka does not answer.")
                .hasLineCount(1);
        assertThat(text(out)).isEmpty();
    }

    @Test
    void shouldSayThatNoProcessAnswers() {
        // Given
        Map<String, String> environment = new HashMap<>(BROKER);
        try (ManagementServer stopped = managementServer(Optional.empty())) {
            environment.put("HANDOVER_MANAGEMENT_PORT", String.valueOf(stopped.port()));
        }

        // When
        int code = run(service(), environment, "--health");

        // Then
        assertThat(code).isEqualTo(ServiceMain.EXIT_FAILURE);
        assertThat(text(err)).contains("/health/ready does not answer").hasLineCount(1);
    }

    @Test
    void shouldNotGuessAPortForTheHealth() {
        // Given
        Map<String, String> environment = new HashMap<>(BROKER);
        environment.put("HANDOVER_MANAGEMENT_PORT", "0");

        // When
        int code = run(service(), environment, "--health");

        // Then
        assertThat(code).isEqualTo(ServiceMain.EXIT_USAGE);
        assertThat(text(err)).contains("management.port=0").hasLineCount(1);
    }

    private ManagementServer managementServer(Optional<String> notReady) {
        return ManagementServer.start(
                vertx,
                "127.0.0.1",
                0,
                () -> true,
                () -> notReady,
                new PrometheusMeterRegistry(PrometheusConfig.DEFAULT),
                Map.of(),
                Map.of());
    }

    private ServiceMain.Service service() {
        return (settings, failure) -> {
            life.add("started");
            return new RunningService() {
                @Override
                public void drain() {
                    life.add("draining");
                }

                @Override
                public void close() {
                    life.add("closed");
                }
            };
        };
    }

    private int run(ServiceMain.Service service, Map<String, String> environment, String... arguments) {
        return new ServiceMain("test-service", "does nothing.", "A=1", definition, service)
                .run(
                        arguments,
                        environment,
                        print(out),
                        print(err),
                        stop,
                        draining -> life.add(draining ? "drain begins" : "drained"));
    }

    /** Runs with the log written to {@link #err}, and resets the log to plain text. */
    private int runWithStandardError(
            ServiceMain.Service service, Map<String, String> environment, String... arguments) {
        PrintStream standardError = System.err;
        System.setErr(print(err));
        try {
            return run(service, environment, arguments);
        } finally {
            Logging.configure((LoggerContext) LoggerFactory.getILoggerFactory(), "text", "INFO");
            System.setErr(standardError);
        }
    }

    private static PrintStream print(ByteArrayOutputStream target) {
        return new PrintStream(target, true, StandardCharsets.UTF_8);
    }

    private static String text(ByteArrayOutputStream target) {
        return target.toString(StandardCharsets.UTF_8);
    }

    /** A process that logs many lines and then fails. */
    static final class TalkativeMain {

        static final int LINES = 5_000;
        static final String WORD = "chatter";
        static final String LAST_WORDS = "Failed after many lines.";

        private TalkativeMain() {}

        public static void main(String[] arguments) {
            SettingsDefinition definition = new SettingsDefinition(SharedSettings.define(8081), Map.of());
            new ServiceMain("talkative", "talks.", "A=1", definition, TalkativeMain::talk).runAndExit(arguments);
        }

        private static RunningService talk(Settings settings, Consumer<Throwable> fatal) {
            Logger logger = LoggerFactory.getLogger(TalkativeMain.class);
            for (int i = 0; i < LINES; i++) {
                logger.info(WORD);
            }
            throw new IllegalStateException(LAST_WORDS);
        }
    }
}
