package io.handover.history.sources;

import static io.handover.history.sources.Envelopes.awkward;
import static io.handover.history.sources.Envelopes.customerEnd;
import static io.handover.history.sources.Envelopes.text;
import static io.handover.history.sources.Envelopes.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** However a file is written, compressed and cut into reads, it gives the same deliveries with the same bytes. */
class AnyFormTest {

    /** How the objects of a file may stand. */
    enum Layout {
        LINES("", "%n", ""),
        LINES_WITHOUT_THE_LAST_END("", "%n", "") {
            @Override
            String of(List<String> objects, String lineEnd) {
                return super.of(objects, lineEnd).stripTrailing();
            }
        },
        LINES_WITH_BLANK_ONES("%n%n", "%n \t%n%n", "%n"),
        ARRAY("[", ",", "]"),
        ARRAY_OF_LINES("[%n", ",%n", "]%n"),
        ARRAY_WITH_LEADING_COMMAS("[%n  ", "%n, ", "%n]%n"),
        ARRAY_ON_EACH_LINE("[", "]%n[", "]"),
        ONE_BEHIND_THE_OTHER("", "", ""),
        WITH_SPACES_BETWEEN(" ", "  ", "");

        private final String before;
        private final String between;
        private final String after;

        Layout(String before, String between, String after) {
            this.before = before;
            this.between = between;
            this.after = after;
        }

        String of(List<String> objects, String lineEnd) {
            String last = between.contains("%n") && !between.contains(",") && after.isEmpty() ? "%n" : after;
            return (before + "\u0000" + last)
                    .replace("\u0000", String.join(between, objects))
                    .replace("%n", lineEnd);
        }
    }

    /** Reads give what they like, at least a byte. */
    private static final class ShortReads extends ByteArrayInputStream {

        private final Random random;
        private final int most;

        private ShortReads(byte[] content, long seed, int most) {
            super(content);
            this.random = new Random(seed);
            this.most = most;
        }

        @Override
        public synchronized int read(byte[] into, int offset, int length) {
            return super.read(into, offset, Math.min(length, 1 + random.nextInt(most)));
        }

        @Override
        public synchronized int available() {
            return 0;
        }
    }

    @Provide
    Arbitrary<List<String>> objects() {
        Arbitrary<String> note = Arbitraries.of(
                        "{", "}", "[", "]", ",", ":", " ", "\\\"", "\\\\", "\\n", "ä", "€", "😀", "abc")
                .list()
                .ofMaxSize(100)
                .map(parts -> String.join("", parts));
        Arbitrary<String> object = Combinators.combine(
                        Arbitraries.integers().between(0, 9),
                        Arbitraries.integers().between(0, 1000),
                        note)
                .as((conversation, second, text) -> second % 2 == 0
                        ? awkward("c" + conversation, second, text)
                        : customerEnd("c" + conversation, second));
        return object.list().ofMinSize(1).ofMaxSize(30);
    }

    @Property(tries = 300, seed = "1")
    void shouldGiveTheSameDeliveriesInAnyForm(
            @ForAll("objects") List<String> objects,
            @ForAll Layout layout,
            @ForAll DecompressionTest.Form compression,
            @ForAll boolean windows,
            @ForAll boolean byteOrderMark,
            @ForAll long seed)
            throws IOException {
        // Given
        String file = (byteOrderMark ? "\uFEFF" : "") + layout.of(objects, windows ? "\r\n" : "\n");
        Random random = new Random(seed);
        byte[] bytes = compression.of(utf8(file));
        // When
        LogPiece read = read(new ShortReads(bytes, seed, 1 + random.nextInt(5_000)), 1 + random.nextInt(20_000));
        // Then
        assertThat(read.broken).isEmpty();
        assertThat(read.count.unwanted()).isZero();
        assertThat(read.deliveries)
                .extracting(delivery -> text(delivery.json()))
                .containsExactlyElementsOf(objects);
    }

    /** Whatever it is, it gives the same entries, and not more of them than it has bytes. */
    @Property(tries = 500, seed = "2")
    void shouldReadAnythingTheSameHoweverItIsCut(@ForAll("anything") String file, @ForAll long seed)
            throws IOException {
        // Given
        byte[] bytes = utf8(file);
        // When
        LogPiece whole = read(new ByteArrayInputStream(bytes), 1_000_000);
        LogPiece cut = read(new ShortReads(bytes, seed, 3), 1);
        // Then
        assertThat(all(cut)).isEqualTo(all(whole));
        assertThat(all(whole).size()).isLessThanOrEqualTo(bytes.length);
    }

    /** A broken line costs itself, and no delivery beside it. */
    @Property(tries = 200, seed = "3")
    void shouldLoseNothingBesideABrokenLine(@ForAll("objects") List<String> objects, @ForAll long seed)
            throws IOException {
        // Given
        Random random = new Random(seed);
        int at = random.nextInt(objects.size() + 1);
        String whole = customerEnd("cut", 1);
        String part = whole.substring(0, 1 + random.nextInt(whole.length() - 1));
        List<String> lines = new ArrayList<>(objects);
        lines.add(at, part);
        // When
        LogPiece read = read(new ByteArrayInputStream(utf8(String.join("\n", lines))), 10_000);
        // Then
        assertThat(read.deliveries)
                .extracting(delivery -> text(delivery.json()))
                .containsExactlyElementsOf(objects);
        assertThat(read.broken).extracting(broken -> text(broken.content())).containsExactly(part.strip());
    }

    @Provide
    Arbitrary<String> anything() {
        return Arbitraries.of(
                        "{",
                        "}",
                        "[",
                        "]",
                        ",",
                        ":",
                        "\"",
                        "\\",
                        "\n",
                        "\r\n",
                        " ",
                        "x",
                        "{\"a\":1}",
                        customerEnd("c", 1))
                .list()
                .ofMaxSize(60)
                .map(parts -> String.join("", parts));
    }

    private static List<String> all(LogPiece piece) {
        List<String> all = new ArrayList<>();
        piece.deliveries.forEach(delivery -> all.add(delivery.number() + text(delivery.json())));
        piece.broken.forEach(broken -> all.add(broken.number() + broken.reason() + text(broken.content())));
        return all;
    }

    private static LogPiece read(ByteArrayInputStream file, int pieceBytes) throws IOException {
        DeliveryReader reader = new DeliveryReader(DeliveryFilter.ALL);
        LogPiece all = new LogPiece();
        try (FileEntries entries = FileEntries.open(file)) {
            for (List<RawEntry> some = entries.read(pieceBytes); !some.isEmpty(); some = entries.read(pieceBytes)) {
                LogPiece piece = reader.read("file", some);
                all.deliveries.addAll(piece.deliveries);
                all.broken.addAll(piece.broken);
                all.count.add(piece.count);
            }
        }
        return all;
    }
}
