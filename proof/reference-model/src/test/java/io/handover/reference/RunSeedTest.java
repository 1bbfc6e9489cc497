package io.handover.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class RunSeedTest {

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);

    @Test
    void shouldUseTheSeedInTheSourceByDefault() {
        // Given, When
        RunSeed fixed = RunSeed.read(null, out);

        // Then
        assertThat(fixed.mixedWith(7)).isEqualTo(7);
        assertThat(printed.size()).isZero();
    }

    @Test
    void shouldPrintTheSeedThatRepeatsARandomRun() {
        // Given
        RunSeed random = RunSeed.read("random", out);
        Matcher seed = Pattern.compile("-Dseed=([0-9]+)\\R$").matcher(printed.toString(StandardCharsets.UTF_8));
        assertThat(seed.find()).isTrue();

        // When
        RunSeed repeated = RunSeed.read(seed.group(1), out);

        // Then
        assertThat(repeated.mixedWith(1)).isEqualTo(random.mixedWith(1)).isNotEqualTo(random.mixedWith(2));
    }

    @Test
    void shouldDifferFromRunToRun() {
        // Given, When, Then
        assertThat(RunSeed.read("1", out).mixedWith(2))
                .isNotEqualTo(RunSeed.read("2", out).mixedWith(1))
                .isNotEqualTo(RunSeed.read("2", out).mixedWith(2));
    }

    @Test
    void shouldRejectAnyOtherSetting() {
        // Given, When, Then
        assertThatThrownBy(() -> RunSeed.read("chance", out)).hasMessageContaining("random or a number", "chance");
    }
}
