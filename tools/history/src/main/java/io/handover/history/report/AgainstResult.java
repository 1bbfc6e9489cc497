package io.handover.history.report;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The differences between the commands of this build and those of another one.
 *
 * @param file the commands of the other build
 * @param same how many are the same, byte for byte
 * @param differences the commands that are not the same; at most {@link #MAX_LISTED}
 * @param missing how many only the other build sent
 * @param additional how many only this build sends
 * @param changed how many have the same id and another content
 */
@JsonPropertyOrder({"file", "same", "missing", "additional", "changed", "differences"})
public record AgainstResult(
        String file, long same, List<Difference> differences, long missing, long additional, long changed) {

    /** The limit of listed differences; all are counted. */
    public static final int MAX_LISTED = 10_000;

    /**
     * A command that is not the same.
     *
     * @param theirs the command of the other build; null if it sent none
     * @param ours the command of this build; null if it sends none
     */
    public record Difference(
            String conversationId,
            @Nullable String theirs,
            @Nullable String ours) {}

    public AgainstResult {
        differences = List.copyOf(differences);
    }

    /** The number of differences, listed or not. */
    public long differing() {
        return missing + additional + changed;
    }
}
