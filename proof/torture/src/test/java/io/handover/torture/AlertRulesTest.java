package io.handover.torture;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Checks the rules for Prometheus with its own tool, and against their tests and the runbook. */
class AlertRulesTest {

    private static final Path FOLDER = Path.of("..", "..", "docs", "prometheus");
    private static final List<Path> TESTS =
            List.of(FOLDER.resolve("handover.rules.test.yml"), FOLDER.resolve("handover.rules.week.test.yml"));

    /** An alert of the rules. */
    private record Alert(String name, JsonNode rule) {

        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Alert> alerts() throws IOException {
        JsonNode rules = new YAMLMapper().readTree(Files.readString(PrometheusProcess.RULES));
        return StreamSupport.stream(rules.at("/groups").spliterator(), false)
                .flatMap(group -> StreamSupport.stream(group.at("/rules").spliterator(), false))
                .filter(rule -> rule.has("alert"))
                .map(rule -> new Alert(rule.get("alert").textValue(), rule));
    }

    @Test
    void shouldPassTheirUnitTests() throws Exception {
        // Given
        List<String> command = new ArrayList<>(List.of("promtool", "test", "rules"));
        TESTS.forEach(test -> command.add(test.toString()));
        // When
        String output = outputOf(command);
        // Then
        assertThat(output).doesNotContain("FAILED").containsPattern("(?s)SUCCESS.*SUCCESS");
    }

    @Test
    void shouldBeValid() throws Exception {
        // When
        String output = outputOf(List.of("promtool", "check", "rules", PrometheusProcess.RULES.toString()));
        // Then
        assertThat(output).contains("SUCCESS").doesNotContain("FAILED", "duplicate");
    }

    @ParameterizedTest
    @MethodSource("alerts")
    void shouldSayWhatToDo(Alert alert) throws IOException {
        // Given
        String runbook = Files.readString(Runbook.FILE);
        // When
        String section = runbook.split("(?m)^## " + alert.name() + "$", -1)[1].split("(?m)^## ", 2)[0];
        // Then
        assertThat(section).contains("**Means.**", "**Look.**", "**Can it wait?**");
        assertThat(alert.rule().at("/labels/severity").textValue()).isIn("critical", "warning");
        assertThat(alert.rule().at("/annotations/summary").textValue()).endsWith(".");
        assertThat(alert.rule().at("/annotations/runbook_url").textValue())
                .isEqualTo("docs/runbook.md#" + alert.name().toLowerCase(Locale.ROOT));
    }

    @ParameterizedTest
    @MethodSource("alerts")
    void shouldBeTested(Alert alert) throws IOException {
        // When
        StringBuilder tests = new StringBuilder();
        for (Path test : TESTS) {
            tests.append(Files.readString(test));
        }
        // Then
        assertThat(tests).contains("alertname=\"" + alert.name() + "\"");
    }

    @ParameterizedTest
    @MethodSource("alerts")
    void shouldBeRaisedByItsCause(Alert alert) throws IOException {
        // When
        String causes = Files.readString(Path.of("src", "test", "java", "io", "handover", "torture", "AlertsIT.java"));
        // Then
        assertThat(causes).contains('"' + alert.name() + '"');
    }

    @Test
    void shouldHaveNoSectionWithoutAnAlert() throws IOException {
        // Given
        List<String> names = alerts().map(Alert::name).toList();
        // When
        List<String> sections = Files.readAllLines(Runbook.FILE).stream()
                .filter(line -> line.startsWith("## "))
                .map(line -> line.substring("## ".length()))
                .toList();
        // Then
        assertThat(sections).containsExactlyElementsOf(names);
    }

    private static String outputOf(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return output;
    }
}
