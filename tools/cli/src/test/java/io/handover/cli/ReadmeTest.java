package io.handover.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.handover.ingress.IngressBridge;
import io.handover.quickstart.Samples;
import io.handover.schema.Topics;
import io.handover.service.SettingsDefinition;
import io.handover.streams.StreamsApp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The README and the compose file say what the code does. */
class ReadmeTest {

    private final String readme;

    ReadmeTest() throws IOException {
        readme = Files.readString(Path.of("..", "..", "README.md"));
    }

    static Stream<Arguments> processes() {
        return Stream.of(
                Arguments.of("ingress-bridge", IngressBridge.settings()),
                Arguments.of("streams-app", StreamsApp.settings()));
    }

    @ParameterizedTest
    @MethodSource("processes")
    void shouldListEverySetting(String process, SettingsDefinition settings) {
        // When
        String table = readme.substring(
                readme.indexOf("<!-- begin " + process + " -->"), readme.indexOf("<!-- end " + process + " -->"));
        // Then
        assertThat(table.lines().filter(line -> line.startsWith("|")))
                .as("the output of --settings of %s belongs between its marks", process)
                .containsExactlyElementsOf(settings.markdownTable().lines().toList());
    }

    @ParameterizedTest
    @ValueSource(strings = {Topics.EVENTS, Topics.COMMANDS, Topics.DEAD_LETTERS})
    void shouldListEveryTopic(String topic) {
        // When / Then
        assertThat(readme).contains("| `" + topic + "` |");
    }

    @Test
    void shouldShowACurlThatTheQuickstartTakes() {
        // When / Then
        assertThat(readme)
                .contains("Authorization: quickstart")
                .contains("/" + Samples.ORGANIZATION + "\"")
                .contains("http://127.0.0.1:8080/handover/genesysCloudOM");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ingress-bridge", "streams-app"})
    void shouldComposeWithSettingsThatExist(String process) throws IOException {
        // Given
        String section =
                Files.readString(Path.of("..", "..", "docker-compose.yml")).split("  " + process + ":\n", 2)[1];
        String environment = section.split("environment:\n", 2)[1].split(" volumes:", 2)[0];
        // When
        List<String> variables = environment
                .lines()
                .map(line -> line.split(":", 2)[0].strip())
                .filter(name -> !name.isEmpty())
                .toList();
        // Then
        assertThat(variables)
                .isNotEmpty()
                .allSatisfy(variable -> assertThat(readme).contains("`" + variable + "`"));
    }
}
