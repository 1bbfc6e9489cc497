package io.handover.history.report;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the commands of this build differ from another one's.
 *
 * @param file what the other one wrote
 * @param same how many are the same, byte for byte
 * @param differences those that are not; at most {@link #MAX_LISTED}
 * @param missing how many only the other one gave
 * @param additional how many only this one gives
 * @param changed how many have the same id and another content
 */
public record AgainstResult(
        String file, long same, List<Difference> differences, long missing, long additional, long changed) {

    /** So many are listed; all are counted. */
    public static final int MAX_LISTED = 10_000;

    /**
     * A command that is not the same.
     *
     * @param theirs as the other build wrote it; null if it did not
     * @param ours as this one does; null if it does not
     */
    public record Difference(
            String conversationId,
            @Nullable String theirs,
            @Nullable String ours) {}

    public AgainstResult {
        differences = List.copyOf(differences);
    }

    public boolean isClean() {
        return missing + additional + changed == 0;
    }
}
