package io.handover.history.sources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AheadStreamTest {

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 1_000_000, 1024 * 1024, 3_000_001})
    void shouldReturnWhatTheStreamHas(int size) throws IOException {
        // Given
        byte[] content = content(size);
        // When
        try (InputStream ahead = new AheadStream(new ByteArrayInputStream(content))) {
            // Then
            assertThat(ahead.readAllBytes()).isEqualTo(content);
            assertThat(ahead.read()).isEqualTo(-1);
            assertThat(ahead.read(new byte[10])).isEqualTo(-1);
        }
    }

    @Test
    void shouldFailAfterTheBytesBeforeTheFailure() throws IOException {
        // Given
        byte[] content = content(3_000_001);
        InputStream failing = new SequenceInputStream(new ByteArrayInputStream(content), new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("broken");
            }

            @Override
            public int read(byte[] into, int offset, int length) throws IOException {
                return read();
            }
        });
        // When
        try (InputStream ahead = new AheadStream(failing)) {
            // Then
            assertThat(ahead.readNBytes(content.length)).isEqualTo(content);
            assertThatThrownBy(ahead::read).isInstanceOf(IOException.class).hasMessage("broken");
            assertThatThrownBy(ahead::read).isInstanceOf(IOException.class).hasMessage("broken");
        }
    }

    private static byte[] content(int size) {
        byte[] content = new byte[size];
        new Random(1).nextBytes(content);
        return content;
    }
}
