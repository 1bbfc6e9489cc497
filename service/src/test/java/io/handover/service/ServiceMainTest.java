package io.handover.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class ServiceMainTest {

    private static final Map<String, String> BROKER = Map.of("HANDOVER_KAFKA_BOOTSTRAP_SERVERS", "broker:9092");

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final CompletableFuture<Void> stop = new CompletableFuture<>();
    private final List<String> life = new ArrayList<>();
    private final SettingsDefinition definition = new SettingsDefinition(SharedSettings.define(8081), Map.of());

    @Test
    void shouldTeachHowToStart() {
        // Given
        // When
        int code = run(service(), Map.of(), "--help");

        // Then
        assertThat(code).isEqualTo(ServiceMain.EXIT_OK);
        assertThat(text(out)).contains("test-service: does nothing.", "A=1 java -jar", "--config FILE", "Exit codes:");
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
    void shouldRunUntilItIsStopped() {
        // Given
        stop.complete(null);

        // When
        int code = run(service(), BROKER);

        // Then
        assertThat(code).isEqualTo(ServiceMain.EXIT_OK);
        assertThat(life).containsExactly("started", "closed");
        assertThat(text(out)).isEmpty();
    }

    @Test
    void shouldCloseAndFailAfterWhatItCannotRecoverFrom() {
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
    void shouldSayInOneSentenceWhyItCannotStart() {
        // Given
        ServiceMain.Service broken = (settings, failure) -> {
            throw new StartException("Port 80 is taken.", new IllegalStateException());
        };

        // When
        int code = run(broken, BROKER);

        // Then
        assertThat(code).isEqualTo(ServiceMain.EXIT_FAILURE);
        assertThat(text(err)).isEqualTo("test-service: Port 80 is taken." + System.lineSeparator());
    }

    @Test
    void shouldSayInOneSentenceWhatIsWrongWithTheSettings() {
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

    @Test
    void shouldRefuseAnUnknownArgument() {
        // Given
        // When
        int code = run(service(), BROKER, "--verbose");

        // Then
        assertThat(code).isEqualTo(ServiceMain.EXIT_USAGE);
        assertThat(text(err))
                .isEqualTo("test-service: Unknown argument '--verbose'. See --help." + System.lineSeparator());
    }

    @Test
    void shouldRefuseConfigWithoutAFile() {
        // Given
        // When
        int code = run(service(), BROKER, "--config");

        // Then
        assertThat(code).isEqualTo(ServiceMain.EXIT_USAGE);
        assertThat(text(err)).contains("--config needs the name of a file.");
    }

    @Test
    void shouldRefuseAConfigFileThatDoesNotExist() {
        // Given
        // When
        int code = run(service(), BROKER, "--config", "no-such-file.properties");

        // Then
        assertThat(code).isEqualTo(ServiceMain.EXIT_USAGE);
        assertThat(text(err)).contains("no-such-file.properties does not exist.");
    }

    private ServiceMain.Service service() {
        return (settings, failure) -> {
            life.add("started");
            return () -> life.add("closed");
        };
    }

    private int run(ServiceMain.Service service, Map<String, String> environment, String... arguments) {
        return new ServiceMain("test-service", "does nothing.", "A=1", definition, service)
                .run(arguments, environment, print(out), print(err), stop);
    }

    private static PrintStream print(ByteArrayOutputStream target) {
        return new PrintStream(target, true, StandardCharsets.UTF_8);
    }

    private static String text(ByteArrayOutputStream target) {
        return target.toString(StandardCharsets.UTF_8);
    }
}
