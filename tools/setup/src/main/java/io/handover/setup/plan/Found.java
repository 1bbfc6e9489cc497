package io.handover.setup.plan;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * How a thing is.
 *
 * @param owner who has made it
 * @param fields how it is, by field
 * @param pending the state that it is about to leave; empty if it is settled
 * @param note what a person should know; empty for nothing
 * @param unknown why a field cannot be compared; empty if all can
 */
public record Found(Owner owner, Map<String, String> fields, String pending, String note, String unknown) {

    /** Nothing with this name exists. */
    public static final Found ABSENT = new Found(Owner.NOBODY, Map.of(), "", "", "");

    /** Who has made a thing. */
    public enum Owner {
        /** Nobody: it does not exist. */
        NOBODY,
        /** This command, with the same {@code name}. */
        US,
        /** Somebody else. It is not touched. */
        OTHERS
    }

    public Found {
        Objects.requireNonNull(owner, "owner");
        Objects.requireNonNull(pending, "pending");
        Objects.requireNonNull(note, "note");
        Objects.requireNonNull(unknown, "unknown");
        fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
    }

    /** A thing that this command or somebody else has made. */
    public static Found of(boolean ours, Map<String, String> fields) {
        return new Found(ours ? Owner.US : Owner.OTHERS, fields, "", "", "");
    }

    public Found pendingIn(String state) {
        return new Found(owner, fields, state, note, unknown);
    }

    public Found withNote(String text) {
        return new Found(owner, fields, pending, text, unknown);
    }

    public Found withUnknown(String why) {
        return new Found(owner, fields, pending, note, why);
    }

    public boolean exists() {
        return owner != Owner.NOBODY;
    }

    public boolean isOurs() {
        return owner == Owner.US;
    }
}
