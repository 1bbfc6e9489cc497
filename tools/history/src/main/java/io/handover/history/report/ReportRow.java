package io.handover.history.report;

import io.handover.history.report.BacktestReport.Result;
import io.handover.history.report.PrematureEnd.Refutation;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/**
 * A row of the comparison, for people.
 *
 * @param depth how far it is a part of the row above it
 * @param cells one for each setting
 */
record ReportRow(int depth, String label, List<String> cells) {

    /** The label, indented by its depth. */
    String text() {
        return "  ".repeat(depth) + label;
    }

    static List<ReportRow> all(BacktestReport report) {
        Rows rows = new Rows(report.results());
        rows.counts(0, "ended", Tally::ended);
        for (String reason : ReportFindings.reasons(report)) {
            rows.counts(1, reason, tally -> tally.endedByReason.getOrDefault(reason, 0L));
        }
        rows.counts(0, "ended too early", tally -> tally.premature.size());
        rows.add(1, "of all", result -> {
            Tally tally = result.tally();
            return ReportWords.share(tally.premature.size(), tally.ended());
        });
        for (Refutation refutation : Refutation.values()) {
            rows.counts(1, refutation.label(), tally -> ReportFindings.premature(tally, refutation));
        }
        rows.late(0, "silence longer than needed, average", tally -> Math.round(ReportFindings.meanLate(tally)));
        rows.late(1, "half, at most", tally -> ReportFindings.quantile(tally, ReportFindings.MEDIAN));
        rows.late(1, "90 %, at most", tally -> ReportFindings.quantile(tally, ReportFindings.MOST));
        rows.late(1, "99 %, at most", tally -> ReportFindings.quantile(tally, ReportFindings.NEARLY_ALL));
        rows.late(1, "longest", tally -> tally.late.getMaxValue());
        rows.counts(1, "ended 1 s or more later than needed", ReportFindings::late);
        rows.counts(0, "never ended", tally -> tally.neverEnded);
        if (report.results().size() > 1) {
            rows.counts(0, "conversations that end otherwise", tally -> tally.differing);
        }
        rows.counts(0, "agent-updated", tally -> tally.agentUpdated);
        return rows.all;
    }

    private static final class Rows {

        private final List<Result> results;
        private final List<ReportRow> all = new ArrayList<>();

        private Rows(List<Result> results) {
            this.results = results;
        }

        private void add(int depth, String label, Function<Result, String> cell) {
            all.add(new ReportRow(depth, label, results.stream().map(cell).toList()));
        }

        private void counts(int depth, String label, ToLongFunction<Tally> count) {
            add(depth, label, result -> ReportWords.count(count.applyAsLong(result.tally())));
        }

        private void late(int depth, String label, ToLongFunction<Tally> ms) {
            add(depth, label, result -> {
                Tally tally = result.tally();
                return tally.late.getTotalCount() == 0 ? ReportWords.NONE : ReportWords.duration(ms.applyAsLong(tally));
            });
        }
    }
}
