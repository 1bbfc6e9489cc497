package io.handover.history.sources;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReadAheadTest {

    @ParameterizedTest
    @CsvSource({"0, 262144", "1, 262144", "16, 262144", "32, 131072", "256, 16384", "10000, 16384"})
    void shouldShareTheMemoryAmongThoseThatAreOpen(int open, int pieceBytes) {
        // Given
        ReadAhead readAhead = new ReadAhead();
        readAhead.opened();
        readAhead.closed();
        // When
        for (int i = 0; i < open; i++) {
            readAhead.opened();
        }
        // Then
        assertThat(readAhead.pieceBytes()).isEqualTo(pieceBytes);
    }
}
