package io.handover.ingress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ExchangeStateTest {

    private static final Map<ExchangeState, Set<ExchangeState>> LEGAL = Map.of(
            ExchangeState.RECEIVED, Set.of(ExchangeState.READING_BODY, ExchangeState.ANSWERED_EARLY),
            ExchangeState.READING_BODY, Set.of(ExchangeState.DECIDING, ExchangeState.ANSWERED_EARLY),
            ExchangeState.DECIDING, Set.of(ExchangeState.WAITING_FOR_KAFKA, ExchangeState.WRITING_ANSWER),
            ExchangeState.WAITING_FOR_KAFKA, Set.of(ExchangeState.WRITING_ANSWER),
            ExchangeState.ANSWERED_EARLY,
                    Set.of(ExchangeState.DRAINING, ExchangeState.WRITING_ANSWER, ExchangeState.FINISHED),
            ExchangeState.DRAINING, Set.of(ExchangeState.FINISHED),
            ExchangeState.WRITING_ANSWER, Set.of(ExchangeState.FINISHED),
            ExchangeState.FINISHED, Set.of());

    static Stream<Arguments> pairs() {
        return Arrays.stream(ExchangeState.values())
                .flatMap(from -> Arrays.stream(ExchangeState.values())
                        .map(to -> Arguments.of(
                                from, to, LEGAL.getOrDefault(from, Set.of()).contains(to))));
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void shouldAllowLegalTransitionsOnly(ExchangeState from, ExchangeState to, boolean isLegal) {
        // Given
        // When / Then
        if (isLegal) {
            assertThat(from.transitionTo(to)).isEqualTo(to);
        } else {
            assertThatThrownBy(() -> from.transitionTo(to)).isInstanceOf(IllegalStateException.class);
        }
    }
}
