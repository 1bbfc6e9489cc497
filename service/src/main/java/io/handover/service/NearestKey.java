package io.handover.service;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Finds the existing key that is most similar to a mistyped key. */
final class NearestKey {

    /** The maximum Levenshtein distance. A key at a larger distance is not proposed. */
    private static final int MAX_DISTANCE = 3;

    private NearestKey() {}

    static Optional<String> to(String key, Collection<String> known) {
        return known.stream()
                .filter(candidate -> distance(key, candidate) <= MAX_DISTANCE)
                .min(Comparator.comparingInt((String candidate) -> distance(key, candidate))
                        .thenComparing(Comparator.naturalOrder()));
    }

    /** The Levenshtein distance of two texts. */
    private static int distance(String a, String b) {
        int[] previous = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] current = new int[b.length() + 1];
            current[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int substitution = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                current[j] = Math.min(substitution, 1 + Math.min(previous[j], current[j - 1]));
            }
            previous = current;
        }
        return previous[b.length()];
    }
}
