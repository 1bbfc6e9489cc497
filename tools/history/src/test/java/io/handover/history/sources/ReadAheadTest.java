package io.handover.history.sources;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReadAheadTest {

    @ParameterizedTest
    @CsvSource({"0, 1048576", "1, 1048576", "4, 1048576", "8, 524288", "256, 16384", "10000, 16384"})
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
