package io.handover.conversation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class FingerprintsTest {

    @Test
    void shouldContainWhatWasAdded() {
        // When
        Fingerprints two = Fingerprints.NONE.with(new Fingerprint(1)).with(new Fingerprint(3));
        // Then
        assertThat(two.contains(new Fingerprint(1))).isTrue();
        assertThat(two.contains(new Fingerprint(3))).isTrue();
        assertThat(two.size()).isEqualTo(2);
    }

    @Test
    void shouldNotContainWhatWasNotAdded() {
        // When
        Fingerprints two = Fingerprints.NONE.with(new Fingerprint(1)).with(new Fingerprint(1L << 32));
        // Then
        assertThat(two.contains(new Fingerprint(0))).isFalse();
        assertThat(two.contains(new Fingerprint(1L << 32 | 1))).isFalse();
    }

    @Test
    void shouldDropTheOldestWhenFull() {
        // Given
        Fingerprints full = Fingerprints.NONE;
        for (int i = 0; i < Fingerprints.MAX; i++) {
            assertThat(full.isFull()).isFalse();
            full = full.with(new Fingerprint(i));
        }
        assertThat(full.isFull()).isTrue();
        // When
        Fingerprints one = full.with(new Fingerprint(1_000));
        // Then
        assertThat(one.size()).isEqualTo(Fingerprints.MAX);
        assertThat(one.contains(new Fingerprint(0))).isFalse();
        assertThat(one.contains(new Fingerprint(1))).isTrue();
        assertThat(one.contains(new Fingerprint(1_000))).isTrue();
    }

    @Test
    void shouldReadWhatItWrote() {
        // Given
        Fingerprints two = Fingerprints.NONE.with(new Fingerprint(1)).with(new Fingerprint(0xfedc_ba98_7654L));
        ByteBuffer buffer = ByteBuffer.allocate(2 * Fingerprints.BYTES);
        two.write(buffer);
        buffer.flip();
        // When
        Fingerprints read = Fingerprints.read(buffer, 2);
        // Then
        assertThat(read).isEqualTo(two).hasSameHashCodeAs(two).hasToString("2 fingerprints");
    }

    @Test
    void shouldReadNone() {
        // When / Then
        assertThat(Fingerprints.read(ByteBuffer.allocate(0), 0)).isEqualTo(Fingerprints.NONE);
    }

    @Test
    void shouldRejectToReadMoreThanThereIs() {
        // When / Then
        assertThatThrownBy(() -> Fingerprints.read(ByteBuffer.allocate(11), 2))
                .isInstanceOf(BufferUnderflowException.class);
    }

    @Test
    void shouldDifferByTheirContent() {
        // Given
        Fingerprints one = Fingerprints.NONE.with(new Fingerprint(1));
        // When / Then
        assertThat(one)
                .isNotEqualTo(Fingerprints.NONE)
                .isNotEqualTo(Fingerprints.NONE.with(new Fingerprint(2)))
                .isNotEqualTo(new Fingerprint(1));
        assertThat(one.hashCode()).isNotEqualTo(Fingerprints.NONE.hashCode());
    }
}
