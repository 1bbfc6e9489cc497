package io.handover.history.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.handover.terminal.CommandException;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReplayPositionTest {

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldBeReadAsItWasWritten(boolean isComplete) {
        // Given
        ReplayPosition topic = new ReplayPosition(123_456, 0xFFFF_FFFFL, isComplete, "abc", Map.of(0, 17L, 11, 4L));
        ReplayPosition files = new ReplayPosition(0, 0, isComplete, "abc", Map.of());
        // When / Then
        assertThat(ReplayPosition.of(123_456, topic.metadata())).isEqualTo(topic);
        assertThat(ReplayPosition.of(0, files.metadata())).isEqualTo(files);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "mine", "handover-replay-2;abc;0;running;", "handover-replay-1;abc"})
    void shouldRefuseTheOffsetsOfOthers(String metadata) {
        // When / Then
        assertThatThrownBy(() -> ReplayPosition.of(1, metadata))
                .isInstanceOf(CommandException.class)
                .hasMessageContaining("belongs to something else");
    }
}
