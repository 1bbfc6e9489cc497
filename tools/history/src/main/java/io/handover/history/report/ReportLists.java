package io.handover.history.report;

import io.handover.history.report.BacktestReport.Result;
import io.handover.schema.Evidence;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What is listed on the page one by one: folded up, as it may be long. */
final class ReportLists {

    /** More make a browser slow, and nobody read them. */
    static final int MAX_ROWS = 500;

    private final Markup page;
    private final BacktestReport report;

    ReportLists(Markup page, BacktestReport report) {
        this.page = page;
        this.report = report;
    }

    void write() {
        premature();
        if (report.results().size() > 1) {
            differences();
        }
        AgainstResult against = report.against();
        if (against != null) {
            against(against);
        }
    }

    private void premature() {
        page.open("section", "id", "premature").element("h2", "Ended too early");
        for (Result result : report.results()) {
            Tally tally = result.tally();
            if (tally.premature.isEmpty()) {
                page.element("p", result.setting().name() + ": none.", "class", "none");
                continue;
            }
            list(
                    result.setting().name() + ": " + ReportWords.count(tally.premature.size()) + " of "
                            + ReportWords.count(tally.ended()),
                    List.of("Conversation", "Handover", "Ended by", "Ended at (UTC)", "Evidence", "But"),
                    ReportFindings.premature(tally),
                    tally.premature.size(),
                    this::premature);
        }
        page.close();
    }

    private void premature(PrematureEnd end) {
        page.element("td", end.conversationId(), "class", "id")
                .element("td", String.valueOf(end.cycle()))
                .element("td", end.reason())
                .element("td", ReportWords.time(end.decidedAt()))
                .element(
                        "td", end.evidence().stream().map(ReportLists::evidence).collect(Collectors.joining("; ")))
                .element("td", ReportFindings.refutation(end));
    }

    private static String evidence(Evidence evidence) {
        String type = evidence.disconnectType() == null ? "" : ' ' + evidence.disconnectType();
        return evidence.topic() + type + " of " + ReportWords.time(evidence.eventTime());
    }

    private void differences() {
        Result first = report.results().get(0);
        page.open("section", "id", "differences")
                .element("h2", "Ends otherwise than with " + first.setting().name());
        for (Result result : report.results().subList(1, report.results().size())) {
            Tally tally = result.tally();
            if (tally.differing == 0) {
                page.element("p", result.setting().name() + ": none.", "class", "none");
                continue;
            }
            list(
                    result.setting().name() + ": " + ReportWords.count(tally.differing, "conversation"),
                    List.of(
                            "Conversation",
                            "With " + first.setting().name(),
                            "With " + result.setting().name()),
                    tally.differences,
                    tally.differing,
                    difference -> {
                        page.element("td", difference.conversationId(), "class", "id");
                        lines(difference.first());
                        lines(difference.here());
                    });
        }
        page.close();
    }

    private void lines(List<String> lines) {
        page.open("td");
        (lines.isEmpty() ? List.of("no end") : lines).forEach(line -> page.element("div", line));
        page.close();
    }

    private void against(AgainstResult against) {
        page.open("section", "id", "against")
                .element("h2", "Against another build")
                .element("p", ReportFindings.against(against));
        if (!against.isClean()) {
            long all = against.missing() + against.additional() + against.changed();
            list(
                    ReportWords.count(all, "command"),
                    List.of("Conversation", "There", "Here"),
                    against.differences(),
                    all,
                    difference -> {
                        page.element("td", difference.conversationId(), "class", "id");
                        command(difference.theirs());
                        command(difference.ours());
                    });
        }
        page.close();
    }

    private void command(@Nullable String command) {
        page.open("td")
                .element("code", command == null ? ReportWords.NONE : command)
                .close();
    }

    private <T> void list(String title, List<String> heads, List<T> all, long count, Consumer<T> row) {
        page.open("details").element("summary", title);
        page.open("div", "class", "scroll", "tabindex", "0", "role", "region", "aria-label", title);
        page.open("table", "class", "list")
                .element("caption", title)
                .open("thead")
                .open("tr");
        heads.forEach(head -> page.element("th", head, "scope", "col"));
        page.close().close().open("tbody");
        List<T> listed = all.subList(0, Math.min(all.size(), MAX_ROWS));
        for (T each : listed) {
            page.open("tr");
            row.accept(each);
            page.close();
        }
        page.close().close().close();
        if (count > listed.size()) {
            page.element(
                    "p",
                    "And " + ReportWords.count(count - listed.size()) + " more: ./handover backtest --json lists them.",
                    "class",
                    "more");
        }
        page.close();
    }
}
