package io.handover.streams;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.streams.errors.StreamsException;
import org.junit.jupiter.api.Test;

class RefusedRecordExceptionTest {

    @Test
    void shouldNameTopicAndReason() {
        // Given
        StreamsException failure = new StreamsException(new StreamsException(
                "Error encountered sending record to topic handover-commands for task 0_1 due to:\nand more",
                new RecordTooLargeException("It is too large.")));
        // When / Then
        assertThat(RefusedRecordException.in(failure))
                .hasValueSatisfying(refused -> assertThat(refused)
                        .hasMessage("Kafka refused a record for the topic handover-commands: It is too large.")
                        .hasCause(failure));
    }

    @Test
    void shouldFindNothingInOtherFailures() {
        // When / Then
        assertThat(RefusedRecordException.in(new StreamsException("failed", new IllegalStateException("a defect"))))
                .isEmpty();
    }
}
