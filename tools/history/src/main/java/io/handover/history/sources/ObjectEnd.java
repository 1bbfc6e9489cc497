package io.handover.history.sources;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Finds where a JSON object ends, without reading what is in it: where its brace closes, or where it must be broken,
 * because no JSON goes on like that.
 */
final class ObjectEnd {

    private int depth;
    private boolean inText;
    private boolean escaped;
    private byte lastVisible;

    /**
     * Looks on, the first byte ever being the opening brace.
     *
     * @return the index behind the object; -1 if it does not end before {@code to}
     */
    int find(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            byte b = bytes[i];
            if (inText) {
                if (b == '\n') {
                    return i;
                }
                inText = escaped || b != '"';
                escaped = !escaped && b == '\\';
                continue;
            }
            if (isSpace(b)) {
                continue;
            }
            if (b == '{') {
                if (depth > 0 && !mayPrecedeObject(lastVisible)) {
                    return i;
                }
                depth++;
            } else if (b == '}') {
                depth--;
                if (depth == 0) {
                    return i + 1;
                }
            } else {
                inText = b == '"';
            }
            lastVisible = b;
        }
        return -1;
    }

    /** Whether its brace was closed. */
    boolean isClosed() {
        return depth == 0;
    }

    private static boolean mayPrecedeObject(byte b) {
        return b == ':' || b == ',' || b == '[';
    }

    /**
     * Where the next object seems to begin if this one never ends: at a brace that follows one, with a comma or without.
     *
     * @return its index, or -1
     */
    static int findNext(byte[] bytes, int from, int to) {
        byte last = 0;
        for (int i = from; i < to; i++) {
            byte b = bytes[i];
            if (b == '{' && last == '}') {
                return i;
            }
            if (b != ',' && !isSpace(b)) {
                last = b;
            }
        }
        return -1;
    }

    /** What stands on one line, one behind the other: objects, and last whatever is none. */
    static List<byte[]> split(byte[] line) {
        List<byte[]> pieces = new ArrayList<>();
        for (int begin = 0; begin < line.length; ) {
            byte b = line[begin];
            if (isSpace(b) || b == ',' || b == '[' || b == ']') {
                begin++;
                continue;
            }
            int end = b == '{' ? new ObjectEnd().find(line, begin, line.length) : -1;
            pieces.add(Arrays.copyOfRange(line, begin, end < 0 ? line.length : end));
            begin = end < 0 ? line.length : end;
        }
        return pieces;
    }

    static boolean isSpace(byte b) {
        return b == ' ' || b == '\n' || b == '\r' || b == '\t';
    }
}
