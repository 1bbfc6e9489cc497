package io.handover.quickstart.torture;

import io.handover.quickstart.torture.Finding.Defect;
import io.handover.reference.Command;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/** The commands of one conversation that were seen, against those that had to come. */
final class CommandComparison {

    private final List<Command> missing;
    private final List<Command> surplus;
    private final List<Finding> findings = new ArrayList<>();

    private CommandComparison(List<Command> expected, List<Command> seen) {
        missing = new ArrayList<>(expected);
        surplus = new ArrayList<>(seen);
    }

    /**
     * What differs; nothing if they are the same, in the same order.
     *
     * @param expected what had to come
     * @param seen what came, as a consumer of committed records saw it
     */
    static List<Finding> findings(List<Command> expected, List<Command> seen) {
        CommandComparison comparison = new CommandComparison(expected, seen);
        comparison.dropDuplicates();
        List<Command> rest = List.copyOf(comparison.surplus);
        comparison.match(Command::tellsTheSameAs);
        comparison.match(CommandComparison::tellsTheSameAtAnotherTime);
        comparison.match(CommandComparison::endsTheSame);
        comparison.missing.forEach(command -> comparison.add(Defect.LOST, command));
        comparison.surplus.forEach(command -> comparison.add(Defect.UNEXPECTED, command));
        if (comparison.findings.isEmpty() && !isInOrder(expected, rest)) {
            comparison.findings.add(new Finding(Defect.UNEXPECTED, "the commands are not in order"));
        }
        return comparison.findings;
    }

    /** The same command twice, or a second end of a handover. */
    private void dropDuplicates() {
        Set<String> ids = new HashSet<>();
        Set<Integer> ended = new HashSet<>();
        surplus.removeIf(command -> {
            boolean secondEnd = command.isEnd() && !ended.add(command.cycle());
            boolean duplicate = !ids.add(command.id()) || secondEnd;
            if (duplicate) {
                add(Defect.DUPLICATED, command);
            }
            return duplicate;
        });
    }

    /** Pairs what belongs together, and notes how the pair differs. */
    private void match(BiPredicate<Command, Command> belongTogether) {
        missing.removeIf(expected -> {
            Command found = take(expected, belongTogether);
            if (found != null && !expected.tellsTheSameAs(found)) {
                add(difference(expected, found), found);
            }
            return found != null;
        });
    }

    private @Nullable Command take(Command expected, BiPredicate<Command, Command> belongTogether) {
        for (int i = 0; i < surplus.size(); i++) {
            if (belongTogether.test(expected, surplus.get(i))) {
                return surplus.remove(i);
            }
        }
        return null;
    }

    private static boolean tellsTheSameAtAnotherTime(Command expected, Command seen) {
        return expected.cycle() == seen.cycle()
                && expected.type().equals(seen.type())
                && expected.what().equals(seen.what())
                && expected.occurredAt() == seen.occurredAt();
    }

    private static boolean endsTheSame(Command expected, Command seen) {
        return expected.isEnd() && seen.isEnd() && expected.cycle() == seen.cycle();
    }

    private static Defect difference(Command expected, Command seen) {
        if (seen.decidedAt() == expected.decidedAt()) {
            return Defect.UNEXPECTED;
        }
        return seen.decidedAt() < expected.decidedAt() ? Defect.EARLY : Defect.LATE;
    }

    private static boolean isInOrder(List<Command> expected, List<Command> seen) {
        for (int i = 0; i < expected.size(); i++) {
            if (!expected.get(i).tellsTheSameAs(seen.get(i))) {
                return false;
            }
        }
        return true;
    }

    private void add(Defect defect, Command command) {
        findings.add(new Finding(defect, "#%d %s %s".formatted(command.cycle(), command.type(), command.what())));
    }
}
