package io.handover.history.explain;

import io.handover.history.explain.Explanation.Handover;
import io.handover.history.explain.Step.DeadlineFiring;
import io.handover.history.words.TimeText;
import io.handover.history.words.WrappedText;
import io.handover.schema.HandoverCommand;
import io.handover.schema.HandoverEnded;
import io.handover.terminal.DurationText;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Help.Ansi.Style;

/** Writes an explanation as text: a header about the conversation, a timeline, and a summary of the handovers. */
final class ExplanationText {

    private static final String INDENT = " ".repeat(28);
    private static final String COMMAND = " ".repeat(24) + ">>> ";

    private final Explanation explanation;
    private final StepText steps;
    private final WrappedText header;
    private final WrappedText text;
    private @Nullable Instant last;
    private boolean afterLog;

    private ExplanationText(Explanation explanation, Ansi ansi) {
        this.explanation = explanation;
        this.steps = new StepText(explanation.ticked());
        this.header = new WrappedText(ansi);
        this.text = new WrappedText(ansi);
    }

    static String of(Explanation explanation, Ansi ansi) {
        return new ExplanationText(explanation, ansi).write();
    }

    private String write() {
        // The header is written last, because it lists the short names that the timeline introduces.
        explanation.steps().forEach(this::step);
        summary();
        header();
        return header.toString() + text;
    }

    private void header() {
        List<Step> events = explanation.events();
        Instant first = events.get(0).time();
        Instant newest = events.get(events.size() - 1).time();
        header.labelled("Conversation", explanation.conversationId());
        header.labelled("Organisation", orUnknown(explanation.organizationId()));
        header.labelled("Customer", orUnknown(explanation.customerId()));
        header.labelled(
                "Events",
                events.size() + ", from " + TimeText.dateAndTime(first) + " to " + TimeText.time(newest, first)
                        + " UTC");
        header.labelled(
                "Settings",
                explanation.settings().isEmpty()
                        ? "default settings"
                        : explanation.settings().entrySet().stream()
                                .map(setting -> setting.getKey() + "=" + setting.getValue())
                                .collect(Collectors.joining(" ")));
        header.labelled("Agents", steps.agents());
        header.labelled("Queues", steps.queues());
    }

    private static String orUnknown(@Nullable String id) {
        return id == null ? "unknown" : id;
    }

    private void step(Step step) {
        text.line("");
        logEndBefore(step);
        if (last == null || !TimeText.date(step.time()).equals(TimeText.date(last))) {
            text.heading(TimeText.date(step.time()));
        }
        String passed = last == null ? "" : "+" + DurationText.brief(step.time().toEpochMilli() - last.toEpochMilli());
        last = step.time();
        text.wrapped(
                TimeText.time(step.time()) + String.format(Locale.ROOT, "%14s  ", passed),
                steps.cause(step),
                Style.bold);
        steps.caveats(step).forEach(caveat -> text.wrapped(INDENT, caveat, Style.fg_yellow));
        if (step.outcome() != null) {
            text.wrapped(INDENT, StepText.row(step, step.outcome()));
        }
        StepText.changes(step).forEach(change -> text.wrapped(INDENT, change));
        step.commands().forEach(this::command);
    }

    private void logEndBefore(Step step) {
        if (!afterLog && step.cause() instanceof DeadlineFiring firing && firing.afterLog()) {
            afterLog = true;
            Instant end = explanation.logEnd();
            text.line("The log ends at " + TimeText.time(end, last == null ? end : last)
                    + ". If nothing else comes for this conversation:");
            text.line("");
        }
    }

    private void command(HandoverCommand command) {
        text.wrapped(
                COMMAND,
                steps.command(command),
                Style.bold,
                command instanceof HandoverEnded ? Style.fg_magenta : Style.fg_green);
    }

    private void summary() {
        text.line("");
        text.heading("Summary");
        for (Handover handover : explanation.handovers()) {
            text.labelled("  cycle " + handover.cycle(), steps.handover(handover));
        }
    }
}
