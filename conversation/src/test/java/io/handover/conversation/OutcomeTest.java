package io.handover.conversation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OutcomeTest {

    @ParameterizedTest
    @EnumSource(Outcome.class)
    void shouldBeTaggedWithItsName(Outcome outcome) {
        // When / Then
        assertThat(outcome.label())
                .isEqualTo(outcome.name().toLowerCase(Locale.ROOT).replace('_', '-'));
    }
}
