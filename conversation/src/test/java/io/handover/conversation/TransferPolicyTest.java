package io.handover.conversation;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.handover.conversation.TransferPolicy.AnnounceOn;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TransferPolicyTest {

    @ParameterizedTest
    @CsvSource({"-1, 0, 0, 0", "0, -1, 0, 0", "0, 0, -1, 0", "0, 0, 0, -1"})
    void shouldRejectATimeBelowZero(long transfer, long afterCallWork, long grace, long idle) {
        // When / Then
        assertThatThrownBy(() -> policy(transfer, afterCallWork, grace, idle, 1_000))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("negative");
    }

    @Test
    void shouldAcceptTimesOfZero() {
        // When / Then
        assertThatCode(() -> policy(0, 0, 0, 0, 1)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource({"1000, 0, 0, 0", "0, 1000, 0, 0", "0, 0, 1000, 0", "0, 0, 0, 1000"})
    void shouldRejectARetentionThatEndsWithAHold(long transfer, long afterCallWork, long grace, long idle) {
        // When / Then
        assertThatThrownBy(() -> policy(transfer, afterCallWork, grace, idle, 1_000))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("retention");
        assertThatCode(() -> policy(transfer, afterCallWork, grace, idle, 1_001))
                .doesNotThrowAnyException();
    }

    private static TransferPolicy policy(long transfer, long afterCallWork, long grace, long idle, long retention) {
        return new TransferPolicy(
                transfer, afterCallWork, grace, true, true, AnnounceOn.START, retention, idle, ProfilePolicy.DEFAULT);
    }
}
