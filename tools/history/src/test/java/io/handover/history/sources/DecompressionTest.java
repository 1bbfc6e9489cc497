package io.handover.history.sources;

import static io.handover.history.sources.Envelopes.text;
import static io.handover.history.sources.Envelopes.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class DecompressionTest {

    /** What a file may be compressed with. */
    enum Form {
        PLAIN,
        GZIP,
        ZSTD;

        byte[] of(byte[] content) throws IOException {
            return switch (this) {
                case PLAIN -> content;
                case GZIP -> gzip(content);
                case ZSTD -> Zstd.compress(content);
            };
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldTakeItOff(Form form) throws IOException {
        // Given
        byte[] content = utf8("deliveries".repeat(100_000));
        // When / Then
        assertThat(read(new ByteArrayInputStream(form.of(content)))).isEqualTo(text(content));
    }

    @ParameterizedTest
    @EnumSource
    void shouldReadSeveralInARowThroughAPipeThatIsSlow(Form form) throws IOException {
        // Given
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.write(form.of(utf8("one ")));
        all.write(form.of(utf8("two ")));
        all.write(form.of(new byte[0]));
        all.write(form.of(utf8("three")));
        // When / Then
        assertThat(read(new Pipe(all.toByteArray()))).isEqualTo("one two three");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "xy"})
    void shouldPassWhatIsShort(String content) throws IOException {
        assertThat(read(new ByteArrayInputStream(utf8(content)))).isEqualTo(content);
    }

    @ParameterizedTest
    @EnumSource(names = "PLAIN", mode = EnumSource.Mode.EXCLUDE)
    void shouldNoticeThatSomethingIsMissing(Form form) throws IOException {
        // Given
        byte[] whole = form.of(utf8("deliveries".repeat(1_000)));
        // When / Then
        for (int length = 2; length < whole.length; length++) {
            byte[] part = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> read(new ByteArrayInputStream(part)))
                    .as("%d bytes of %d", length, whole.length)
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void shouldNotTakeTextForAnArchive() throws IOException {
        assertThat(read(new ByteArrayInputStream(utf8("\u001Fx")))).isEqualTo("\u001Fx");
    }

    /** Gives a byte at a time, and never has another one yet. */
    private static final class Pipe extends ByteArrayInputStream {

        private Pipe(byte[] content) {
            super(content);
        }

        @Override
        public synchronized int read(byte[] into, int offset, int length) {
            return super.read(into, offset, Math.min(1, length));
        }

        @Override
        public synchronized int available() {
            return 0;
        }
    }

    static byte[] gzip(byte[] content) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(content);
        }
        return out.toByteArray();
    }

    private static String read(InputStream raw) throws IOException {
        return text(Decompression.of(raw).readAllBytes());
    }
}
