package io.handover.history;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Finds where JSON objects end, without reading what is in them. */
final class JsonObjects {

    private int depth;
    private boolean inText;
    private boolean escaped;

    /** Takes the next byte, the first being the opening brace. Returns whether the object ends with it. */
    boolean endsWith(byte next) {
        if (inText) {
            inText = escaped || next != '"';
            escaped = !escaped && next == '\\';
            return false;
        }
        switch (next) {
            case '"' -> inText = true;
            case '{', '[' -> depth++;
            case '}', ']' -> depth--;
            default -> {
                // a name, a number, a space
            }
        }
        return depth == 0;
    }

    /** Objects that stand one behind the other, as some archives write them; fewer than two if it is not that. */
    static List<byte[]> split(byte[] json) {
        List<byte[]> objects = new ArrayList<>();
        int begin = 0;
        while (begin < json.length) {
            if (isSpace(json[begin])) {
                begin++;
                continue;
            }
            int end = json[begin] == '{' ? end(json, begin) : -1;
            if (end < 0) {
                return List.of();
            }
            objects.add(Arrays.copyOfRange(json, begin, end));
            begin = end;
        }
        return objects;
    }

    private static int end(byte[] json, int begin) {
        JsonObjects scan = new JsonObjects();
        for (int i = begin; i < json.length; i++) {
            if (scan.endsWith(json[i])) {
                return i + 1;
            }
        }
        return -1;
    }

    static boolean isSpace(byte b) {
        return b == ' ' || b == '\n' || b == '\r' || b == '\t';
    }
}
