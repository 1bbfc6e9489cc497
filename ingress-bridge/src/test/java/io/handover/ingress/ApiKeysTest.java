package io.handover.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.common.config.types.Password;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ApiKeysTest {

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "new-key, true",
        "old-key, true",
        "new-ke, false",
        "new-key2, false",
        "Bearer new-key, false",
        "NEW-KEY, false",
        "'', false",
        ", false"
    })
    void shouldAcceptBothKeysLetterForLetter(@Nullable String authorization, boolean accepted) {
        // Given
        ApiKeys keys = new ApiKeys(new Password("new-key"), new Password("old-key"));

        // When
        boolean result = keys.accept(authorization);

        // Then
        assertThat(result).isEqualTo(accepted);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"new-key, true", "old-key, false", "'', false", ", false"})
    void shouldAcceptTheOnlyKeyOutsideARotation(@Nullable String authorization, boolean accepted) {
        // Given
        ApiKeys keys = new ApiKeys(new Password("new-key"), null);

        // When
        boolean result = keys.accept(authorization);

        // Then
        assertThat(result).isEqualTo(accepted);
    }
}
