package io.handover.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class GarbageLogTest {

    @Test
    void shouldCountWhatWasAllocatedBetweenCollections() {
        // Given
        String log = """
                [0.008s][info][gc] Using G1
                [0.526s][info][gc] GC(0) Pause Young (Normal) (G1 Evacuation Pause) 600M->20M(1024M) 5.920ms
                [0.877s][info][gc] GC(1) Concurrent Mark Cycle 1.2ms
                [0.878s][info][gc] GC(2) Pause Young (Allocation Failure) 520M->30M(1024M) 21.563ms
                """;
        // When
        long allocated = GarbageLog.allocated(log);
        // Then
        assertThat(allocated).isEqualTo((600 + 500) * 1024L * 1024L);
    }
}
