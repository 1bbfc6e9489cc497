package io.handover.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MeasuredProcessTest {

    @ParameterizedTest
    @ValueSource(strings = {"tools/cli/src/main/distribution/bin/handover", "streams-app/src/main/image/app/start"})
    void shouldMeasureWithTheOptionsOfTheLauncherAndOfTheImage(String file) throws IOException {
        // When
        String text = Files.readString(Path.of("../..").resolve(file));
        // Then
        assertThat(text.split("\\s+")).containsSubsequence(MeasuredProcess.COMPILE_LATE);
    }

    @Test
    void shouldMeasureTheBridgeWithTheDefaultsOfJavaAsItsImage() throws IOException {
        // When
        String text = Files.readString(Path.of("../../ingress-bridge/src/main/image/app/start"));
        // Then
        assertThat(text).contains("IngressBridgeMain").doesNotContain("Tier4");
    }
}
