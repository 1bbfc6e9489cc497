package io.handover.history.words;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;

/**
 * Gives short names to long ids, in the order in which the ids first occur. An id that is already short stays as it is.
 */
public final class ShortNames {

    private static final int LONGEST = 12;
    private static final int LETTERS = 26;

    private final IntFunction<String> name;
    private final Map<String, String> names = new LinkedHashMap<>();

    private ShortNames(IntFunction<String> name) {
        this.name = name;
    }

    /** Names the ids A, B, … Z, A1, B1, … */
    public static ShortNames letters() {
        return new ShortNames(i -> (char) ('A' + i % LETTERS) + (i < LETTERS ? "" : String.valueOf(i / LETTERS)));
    }

    /** Names the ids 1, 2, 3, … */
    public static ShortNames numbers() {
        return new ShortNames(i -> String.valueOf(i + 1));
    }

    /** Returns the short name of an id. */
    public String of(String id) {
        return id.length() <= LONGEST ? id : names.computeIfAbsent(id, added -> name.apply(names.size()));
    }

    /** Returns a text like {@code A = 0f1e…} for each short name, in the order of the names. */
    public List<String> legend() {
        return names.entrySet().stream()
                .map(entry -> entry.getValue() + " = " + entry.getKey())
                .toList();
    }
}
