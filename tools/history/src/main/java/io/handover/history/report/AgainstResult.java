package io.handover.history.report;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The differences between the commands of this build and the commands of another build.
 *
 * @param file the file with the commands of the other build
 * @param same the number of commands that are byte for byte the same
 * @param differences the commands that are not the same; at most {@link #MAX_LISTED}
 * @param missing the number of commands that only the other build sent
 * @param additional the number of commands that only this build sends
 * @param changed the number of commands with the same id but another content
 */
@JsonPropertyOrder({"file", "same", "missing", "additional", "changed", "differences"})
public record AgainstResult(
        String file, long same, List<Difference> differences, long missing, long additional, long changed) {

    /** The greatest number of listed differences. The counts contain all differences. */
    public static final int MAX_LISTED = 10_000;

    /**
     * A command that the two builds do not send identically.
     *
     * @param theirs the JSON of the other build; null if the other build did not send the command
     * @param ours the JSON of this build; null if this build does not send the command
     */
    public record Difference(
            String conversationId,
            @Nullable String theirs,
            @Nullable String ours) {}

    public AgainstResult {
        differences = List.copyOf(differences);
    }

    /** Returns the number of all differences, including those that are not listed. */
    public long differing() {
        return missing + additional + changed;
    }
}
