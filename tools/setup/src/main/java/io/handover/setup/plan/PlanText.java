package io.handover.setup.plan;

import io.handover.setup.plan.Step.Change;
import io.handover.setup.plan.Step.State;
import io.handover.terminal.PrintableText;
import java.util.Locale;
import picocli.CommandLine.Help.Ansi;

/** A plan as a text for people. */
public final class PlanText {

    private PlanText() {}

    /** Returns one line per thing, with what changes below it. */
    public static String of(Plan plan, Ansi ansi) {
        StringBuilder text = new StringBuilder();
        for (Step step : plan.steps()) {
            String head = String.format(
                    Locale.ROOT,
                    "%s %-11s  %-27s  %s",
                    step.state().sign(),
                    step.state().label(),
                    step.resource().kind(),
                    PrintableText.of(step.resource().name()));
            text.append(coloured(ansi, step.state(), head));
            if (!step.note().isEmpty()) {
                text.append("  (").append(PrintableText.of(step.note())).append(')');
            }
            text.append('\n');
            for (Change change : step.changes()) {
                text.append("      ").append(change.field()).append(": ");
                if (step.found().exists()) {
                    text.append(PrintableText.of(change.from().isEmpty() ? "none" : change.from()))
                            .append(" -> ");
                }
                text.append(PrintableText.of(change.to())).append('\n');
            }
        }
        return text.append('\n').append(summary(plan)).append('\n').toString();
    }

    private static String coloured(Ansi ansi, State state, String text) {
        String style = switch (state) {
            case CREATE -> "fg(green)";
            case CHANGE -> "fg(yellow)";
            case KEEP -> "faint";
            case CANNOT_TELL -> "fg(cyan)";
            case FOREIGN -> "fg(magenta)";
            case BLOCKED -> "bold,fg(red)";
        };
        return ansi.new Text("@|" + style + " " + text.replace("|", "/") + "|@").toString();
    }

    private static String summary(Plan plan) {
        int obstacles = plan.blocking().size() + plan.unread().size();
        if (obstacles > 0) {
            return "Cannot be applied: " + obstacles + " in the way (see the notes).";
        }
        if (!plan.hasWork()) {
            return "Nothing to do.";
        }
        return count(plan, State.CREATE) + " to create, " + count(plan, State.CHANGE) + " to change, "
                + count(plan, State.KEEP) + " as they should be.";
    }

    private static long count(Plan plan, State state) {
        return plan.steps().stream().filter(step -> step.state() == state).count();
    }
}
