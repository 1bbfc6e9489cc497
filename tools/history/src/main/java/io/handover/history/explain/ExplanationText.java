package io.handover.history.explain;

import io.handover.history.explain.Explanation.Handover;
import io.handover.history.explain.Step.DeadlineFiring;
import io.handover.schema.HandoverCommand;
import io.handover.schema.HandoverEnded;
import io.handover.terminal.DurationText;
import io.handover.terminal.PrintableText;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Help.Ansi.IStyle;
import picocli.CommandLine.Help.Ansi.Style;

/** Writes an explanation as text: a header about the conversation, a timeline, and a summary of the handovers. */
final class ExplanationText {

    /** The maximum length of a line. */
    static final int WIDTH = 118;

    private static final String INDENT = " ".repeat(28);
    private static final String COMMAND = " ".repeat(24) + ">>> ";
    private static final int LABEL_WIDTH = 14;

    private final Explanation explanation;
    private final Ansi ansi;
    private final StepText steps;
    private final StringBuilder text = new StringBuilder();
    private @Nullable Instant last;
    private boolean afterLog;

    private ExplanationText(Explanation explanation, Ansi ansi) {
        this.explanation = explanation;
        this.ansi = ansi;
        this.steps = new StepText(explanation.ticked());
    }

    static String of(Explanation explanation, Ansi ansi) {
        return new ExplanationText(explanation, ansi).write();
    }

    private String write() {
        // The header is written last, because it lists the short names that the timeline introduces.
        explanation.steps().forEach(this::step);
        summary();
        String timeline = text.toString();
        text.setLength(0);
        header();
        return text + timeline;
    }

    private void header() {
        List<Step> events = explanation.events();
        Instant first = events.get(0).time();
        Instant newest = events.get(events.size() - 1).time();
        labelled("Conversation", explanation.conversationId());
        labelled("Organisation", orUnknown(explanation.organizationId()));
        labelled("Customer", orUnknown(explanation.customerId()));
        labelled(
                "Events",
                events.size() + ", from " + TimeText.dateAndTime(first) + " to " + TimeText.time(newest, first)
                        + " UTC");
        labelled(
                "Settings",
                explanation.settings().isEmpty()
                        ? "default settings"
                        : explanation.settings().entrySet().stream()
                                .map(setting -> setting.getKey() + "=" + setting.getValue())
                                .collect(Collectors.joining(" ")));
        legend("Agents", steps.agents());
        legend("Queues", steps.queues());
    }

    private static String orUnknown(@Nullable String id) {
        return id == null ? "unknown" : id;
    }

    private void legend(String label, List<String> names) {
        for (int i = 0; i < names.size(); i++) {
            labelled(i == 0 ? label : "", names.get(i));
        }
    }

    private void labelled(String label, String value) {
        wrapped(label + " ".repeat(LABEL_WIDTH - label.length()), value);
    }

    private void step(Step step) {
        line("");
        logEndBefore(step);
        if (last == null || !TimeText.date(step.time()).equals(TimeText.date(last))) {
            line(styled(TimeText.date(step.time()), Style.bold));
        }
        String passed = last == null ? "" : "+" + DurationText.brief(step.time().toEpochMilli() - last.toEpochMilli());
        last = step.time();
        wrapped(
                TimeText.time(step.time()) + String.format(Locale.ROOT, "%14s  ", passed),
                steps.cause(step),
                Style.bold);
        steps.caveats(step).forEach(caveat -> wrapped(INDENT, caveat, Style.fg_yellow));
        if (step.outcome() != null) {
            wrapped(INDENT, StepText.row(step, step.outcome()));
        }
        StepText.changes(step).forEach(change -> wrapped(INDENT, change));
        step.commands().forEach(this::command);
    }

    private void logEndBefore(Step step) {
        if (!afterLog && step.cause() instanceof DeadlineFiring firing && firing.afterLog()) {
            afterLog = true;
            Instant end = explanation.logEnd();
            line("The log ends at " + TimeText.time(end, last == null ? end : last)
                    + ". If nothing else comes for this conversation:");
            line("");
        }
    }

    private void command(HandoverCommand command) {
        wrapped(
                COMMAND,
                steps.command(command),
                Style.bold,
                command instanceof HandoverEnded ? Style.fg_magenta : Style.fg_green);
    }

    private void summary() {
        line("");
        line(styled("Summary", Style.bold));
        for (Handover handover : explanation.handovers()) {
            labelled("  cycle " + handover.cycle(), steps.handover(handover));
        }
    }

    private void wrapped(String start, String sentence, IStyle... styles) {
        String before = start;
        for (String line : PrintableText.lines(sentence, WIDTH - start.length())) {
            line(before + styled(line, styles));
            before = " ".repeat(start.length());
        }
    }

    private String styled(String plain, IStyle... styles) {
        return ansi.enabled() && styles.length > 0 ? Style.on(styles) + plain + Style.off(styles) : plain;
    }

    private void line(String line) {
        text.append(line).append('\n');
    }
}
