package io.handover.ingress;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/**
 * One accident that befalls bytes, which are one character of ISO 8859-1 each.
 *
 * @param at where, in thousandths of the length
 * @param bytes what comes in between, where something does
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

    /** Up to so many, one after the other. */
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
