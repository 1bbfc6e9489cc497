package io.handover.setup;

import static org.assertj.core.api.Assertions.assertThat;

import io.handover.setup.settings.SetupSettings;
import io.handover.terminal.CommandRunner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The file of a set-up. */
class InitTest {

    @TempDir
    Path folder;

    @Test
    void shouldWriteAFileWithEverySettingAndKeepAnExistingOne() throws IOException {
        try (Clouds clouds = new Clouds(folder)) {
            // Given
            Path file = folder.resolve("new.properties");
            InitCommand command = new InitCommand(System.err);
            command.file = file;
            // When
            command.call();
            String content = Files.readString(file);
            // Then
            List<String> keys = SetupSettings.definition()
                    .markdownTable()
                    .lines()
                    .filter(line -> line.startsWith("| `"))
                    .map(line -> line.split("`", 3)[1])
                    .filter(key -> !key.equals("kafka.*"))
                    .toList();
            assertThat(keys)
                    .hasSizeGreaterThan(15)
                    // Secrets do not belong into the file, so they are named only as variables.
                    .filteredOn(
                            key -> !List.of("api.key", "genesys.client.secret").contains(key))
                    .allSatisfy(key -> assertThat(content).containsPattern("(?m)^#?" + key + "="));
            assertThat(content).contains("HANDOVER_API_KEY", "HANDOVER_GENESYS_CLIENT_SECRET");
            assertThat(clouds.run("init").code()).isEqualTo(CommandRunner.EXIT_FAILURE);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "aws.regoin | eu-central-1 | did you mean aws.region?",
                "aws.account.id | 12345 | aws.account.id",
                "endpoint.url | http://bridge.example/ | https URL",
                "topics | customer.end,customer.stop | customer.stop",
                "name | a b | name",
            })
    void shouldRejectWrongSettingsInOneSentence(String key, String value, String sentence) {
        try (Clouds clouds = new Clouds(folder)) {
            // Given
            clouds.settings.put(key, value);
            // When
            Clouds.Result plan = clouds.run("plan");
            // Then
            assertThat(plan.code()).isEqualTo(CommandRunner.EXIT_USAGE);
            assertThat(plan.err().lines()).singleElement().asString().contains(sentence);
            assertThat(clouds.aws.callCount()).isZero();
        }
    }

    @Test
    void shouldTakeTheFirstLineOfTheFileWithTheKey() throws IOException {
        try (Clouds clouds = new Clouds(folder)) {
            // Given
            clouds.run("apply", "--yes");
            clouds.settings.remove("api.key");
            clouds.settings.put(
                    "api.key.file",
                    Files.writeString(folder.resolve("keys"), Clouds.KEY + "\nold-key\n")
                            .toString());
            // When
            Clouds.Result plan = clouds.run("plan");
            // Then
            assertThat(plan.code()).as(plan.out() + plan.err()).isEqualTo(CommandRunner.EXIT_OK);
        }
    }
}
