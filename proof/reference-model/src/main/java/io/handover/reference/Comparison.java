package io.handover.reference;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The differences between the commands that the product sent for one conversation and the commands that
 * {@link ReferenceModel} expects.
 *
 * @param lost expected commands that the product did not send
 * @param duplicated sent commands that repeat an expected command, or that end the same handover again
 * @param early sent commands that were decided before the expected time
 * @param late sent commands that were decided after the expected time
 * @param unexpected all other sent commands that the model does not expect
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

    /** Compares the expected with the sent commands. Every command is in at most one list. */
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
                // The reason or the evidence is not the expected one.
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

    /**
     * For an end, returns the missing end of the same cycle. For an update, returns the missing update of the same
     * cycle that shows the same of the same agent. Returns null if there is none.
     */
    private static @Nullable Command first(List<Command> missing, Command command) {
        for (Command other : missing) {
            if (other.type().equals(command.type())
                    && other.cycle() == command.cycle()
                    && (command.isEnd()
                            || (other.what().equals(command.what())
                                    && other.shown().equals(command.shown())))) {
                return other;
            }
        }
        return null;
    }

    /** Whether the product sent exactly the expected commands, in any order. */
    public boolean isClean() {
        return lost.isEmpty() && duplicated.isEmpty() && early.isEmpty() && late.isEmpty() && unexpected.isEmpty();
    }
}
