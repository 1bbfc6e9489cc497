package io.handover.ingress;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/**
 * A random change of bytes. Each character is one byte (ISO 8859-1).
 *
 * @param at the position in thousandths of the length
 * @param bytes the inserted bytes, if the change inserts some
 */
record FuzzEdit(Kind kind, int at, int length, String bytes) {

    private static final int WHOLE = 1_000;
    private static final int MOST_BYTES = 40;

    enum Kind {
        REPLACE,
        INSERT,
        CUT,
        DOUBLE,
        END
    }

    /** Up to this number of changes, one after the other. */
    static Arbitrary<List<FuzzEdit>> upTo(int count) {
        return Combinators.combine(
                        Arbitraries.of(Kind.class),
                        Arbitraries.integers().between(0, WHOLE),
                        Arbitraries.integers().between(1, MOST_BYTES),
                        bytes(MOST_BYTES))
                .as(FuzzEdit::new)
                .list()
                .ofMaxSize(count);
    }

    static Arbitrary<String> bytes(int max) {
        return Arbitraries.strings().withCharRange('\0', '\u00ff').ofMaxLength(max);
    }

    static String apply(List<FuzzEdit> edits, String text) {
        String edited = text;
        for (FuzzEdit edit : edits) {
            edited = edit.apply(edited);
        }
        return edited;
    }

    private String apply(String text) {
        int from = (int) ((long) at * text.length() / WHOLE);
        int to = Math.min(text.length(), from + length);
        String before = text.substring(0, from);
        String piece = text.substring(from, to);
        String after = text.substring(to);
        return switch (kind) {
            case REPLACE -> before + bytes + after;
            case INSERT -> before + bytes + piece + after;
            case CUT -> before + after;
            case DOUBLE -> before + piece + piece + after;
            case END -> before;
        };
    }
}
