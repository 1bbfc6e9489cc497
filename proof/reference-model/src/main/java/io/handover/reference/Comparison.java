package io.handover.reference;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The differences between the commands of one conversation that were seen and those that {@link ReferenceModel} expects.
 *
 * @param lost expected, but not seen
 * @param duplicated seen again
 * @param early seen as expected, but decided before its time
 * @param late seen as expected, but decided after its time
 * @param unexpected seen, but not expected
 */
public record Comparison(
        List<Command> lost,
        List<Command> duplicated,
        List<Command> early,
        List<Command> late,
        List<Command> unexpected) {

    public Comparison {
        lost = List.copyOf(lost);
        duplicated = List.copyOf(duplicated);
        early = List.copyOf(early);
        late = List.copyOf(late);
        unexpected = List.copyOf(unexpected);
    }

    /** Compares. Every command is in at most one list. */
    public static Comparison of(List<Command> expected, List<Command> seen) {
        List<Command> missing = new ArrayList<>(expected);
        List<Command> others = new ArrayList<>();
        List<Command> duplicated = new ArrayList<>();
        List<Command> matched = new ArrayList<>();
        for (Command command : seen) {
            if (removeFirst(missing, command)) {
                matched.add(command);
            } else if (matched.stream().anyMatch(command::equalsApartFromId)
                    || (command.isEnd() && isEndOfSameCycle(matched, command))) {
                duplicated.add(command);
            } else {
                others.add(command);
            }
        }
        List<Command> early = new ArrayList<>();
        List<Command> late = new ArrayList<>();
        List<Command> unexpected = new ArrayList<>();
        for (Command command : others) {
            Command intended = first(missing, command);
            if (intended == null) {
                unexpected.add(command);
                continue;
            }
            missing.remove(intended);
            if (command.decidedAt() < intended.decidedAt()) {
                early.add(command);
            } else if (command.decidedAt() > intended.decidedAt()) {
                late.add(command);
            } else {
                // for another reason, or with other evidence
                unexpected.add(command);
                missing.add(intended);
            }
        }
        return new Comparison(missing, duplicated, early, late, unexpected);
    }

    private static boolean removeFirst(List<Command> missing, Command command) {
        for (int i = 0; i < missing.size(); i++) {
            if (missing.get(i).equalsApartFromId(command)) {
                missing.remove(i);
                return true;
            }
        }
        return false;
    }

    private static boolean isEndOfSameCycle(List<Command> matched, Command end) {
        return matched.stream().anyMatch(other -> other.isEnd() && other.cycle() == end.cycle());
    }

    /** Returns the missing end of the same cycle, or the missing update of it to the same agent. */
    private static @Nullable Command first(List<Command> missing, Command command) {
        for (Command other : missing) {
            if (other.type().equals(command.type())
                    && other.cycle() == command.cycle()
                    && (command.isEnd() || other.what().equals(command.what()))) {
                return other;
            }
        }
        return null;
    }

    /** Whether the commands that were seen are those that were expected. */
    public boolean isClean() {
        return lost.isEmpty() && duplicated.isEmpty() && early.isEmpty() && late.isEmpty() && unexpected.isEmpty();
    }
}
