package io.handover.setup.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What is to be done about one thing.
 *
 * @param resource the thing
 * @param found how it is
 * @param state what is to be done
 * @param changes the fields that differ, or all fields of a new thing
 * @param note what a person should know; empty for nothing
 */
public record Step(Resource resource, Found found, State state, List<Change> changes, String note) {

    /** What is to be done about a thing. */
    public enum State {
        CREATE("create", "+"),
        CHANGE("change", "~"),
        KEEP("keep", "="),
        CANNOT_TELL("cannot tell", "?"),
        FOREIGN("foreign", "!"),
        /** It is to be created or changed, and that is impossible. The note says why. */
        BLOCKED("blocked", "!");

        private final String label;
        private final String sign;

        State(String label, String sign) {
            this.label = label;
            this.sign = sign;
        }

        public String label() {
            return label;
        }

        String sign() {
            return sign;
        }
    }

    /**
     * A difference.
     *
     * @param from the value now; empty for a new thing
     * @param to the value that it should have
     */
    public record Change(String field, String from, String to) {}

    public Step {
        Objects.requireNonNull(resource, "resource");
        Objects.requireNonNull(note, "note");
        changes = List.copyOf(changes);
    }

    /** Compares how a thing is with how it should be. */
    static Step of(Resource resource) {
        Found found = resource.find();
        return switch (found.owner()) {
            case NOBODY -> toDo(resource, found, State.CREATE, changes(Map.of(), resource.wanted()));
            case OTHERS ->
                new Step(
                        resource,
                        found,
                        State.FOREIGN,
                        List.of(),
                        resource.worksIfForeign() || !found.note().isEmpty()
                                ? found.note()
                                : "this command has not made it; delete it, or choose another name in the file");
            case US -> compared(resource, found);
        };
    }

    private static Step compared(Resource resource, Found found) {
        List<Change> changes = changes(found.fields(), resource.wanted());
        if (!changes.isEmpty()) {
            return toDo(resource, found, State.CHANGE, changes);
        }
        if (!found.unknown().isEmpty()) {
            return new Step(resource, found, State.CANNOT_TELL, List.of(), found.unknown());
        }
        String note = found.pending().isEmpty() ? found.note() : "still " + found.pending();
        return new Step(resource, found, State.KEEP, List.of(), note);
    }

    private static Step toDo(Resource resource, Found found, State state, List<Change> changes) {
        return resource.impossible(found)
                .map(why -> new Step(resource, found, State.BLOCKED, changes, why))
                .orElseGet(() -> new Step(resource, found, state, changes, found.note()));
    }

    private static List<Change> changes(Map<String, String> is, Map<String, String> wanted) {
        List<Change> changes = new ArrayList<>();
        wanted.forEach((field, value) -> {
            String now = is.getOrDefault(field, "");
            if (!now.equals(value)) {
                changes.add(new Change(field, now, value));
            }
        });
        return changes;
    }

    /** Whether apply has to do something. */
    boolean isToDo() {
        return state == State.CREATE || state == State.CHANGE;
    }

    /** Whether apply cannot begin because of this step. */
    boolean isBlocking() {
        return state == State.BLOCKED || (state == State.FOREIGN && !resource.worksIfForeign());
    }
}
