package io.handover.reference;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the commands of one conversation that were seen differ from those that {@link ReferenceModel} says must come out.
 *
 * @param lost expected, but not seen: an end that was swallowed, an agent who was not told
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

    /** Compares; every command is counted in one list at most. */
    public static Comparison of(List<Command> expected, List<Command> seen) {
        List<Command> missing = new ArrayList<>(expected);
        List<Command> left = new ArrayList<>();
        List<Command> duplicated = new ArrayList<>();
        List<Command> taken = new ArrayList<>();
        for (Command command : seen) {
            if (removeFirst(missing, command)) {
                taken.add(command);
            } else if (taken.stream().anyMatch(command::tellsTheSameAs)
                    || (command.isEnd() && isEndOfSameCycle(taken, command))) {
                duplicated.add(command);
            } else {
                left.add(command);
            }
        }
        List<Command> early = new ArrayList<>();
        List<Command> late = new ArrayList<>();
        List<Command> unexpected = new ArrayList<>();
        for (Command command : left) {
            Command meant = first(missing, command);
            if (meant == null) {
                unexpected.add(command);
                continue;
            }
            missing.remove(meant);
            if (command.decidedAt() < meant.decidedAt()) {
                early.add(command);
            } else if (command.decidedAt() > meant.decidedAt()) {
                late.add(command);
            } else {
                // for another reason, or with other evidence
                unexpected.add(command);
                missing.add(meant);
            }
        }
        return new Comparison(missing, duplicated, early, late, unexpected);
    }

    private static boolean removeFirst(List<Command> missing, Command command) {
        for (int i = 0; i < missing.size(); i++) {
            if (missing.get(i).tellsTheSameAs(command)) {
                missing.remove(i);
                return true;
            }
        }
        return false;
    }

    private static boolean isEndOfSameCycle(List<Command> taken, Command end) {
        return taken.stream().anyMatch(other -> other.isEnd() && other.cycle() == end.cycle());
    }

    /** The end of the same cycle, or the same agent told in it. */
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

    /** Whether what was seen is what was expected, no more and no less. */
    public boolean isClean() {
        return lost.isEmpty() && duplicated.isEmpty() && early.isEmpty() && late.isEmpty() && unexpected.isEmpty();
    }
}
