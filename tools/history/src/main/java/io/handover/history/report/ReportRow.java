package io.handover.history.report;

import io.handover.history.report.PrematureEnd.Refutation;
import io.handover.history.report.ReportView.SettingView;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.HdrHistogram.Histogram;

/**
 * A row of the comparison of the settings.
 *
 * @param depth 1 if the row details a row above it, else 0
 * @param cells one text per setting
 */
record ReportRow(int depth, String label, List<String> cells) {

    /** Returns the label, indented by the depth of the row. */
    String text() {
        return "  ".repeat(depth) + label;
    }

    static List<ReportRow> all(ReportView view) {
        Rows rows = new Rows(view.settings());
        rows.counts(0, "ended", SettingView::ended);
        TreeSet<String> reasons = new TreeSet<>();
        view.settings()
                .forEach(setting -> reasons.addAll(setting.endedByReason().keySet()));
        for (String reason : reasons) {
            rows.counts(1, reason, setting -> setting.endedByReason().getOrDefault(reason, 0L));
        }
        rows.counts(0, "ended too early", setting -> setting.premature().count());
        rows.add(1, "of all", SettingView::shareTooEarly);
        rows.counts(1, Refutation.SERVED.label(), setting -> setting.premature().served());
        rows.counts(1, Refutation.QUEUED.label(), setting -> setting.premature().queued());
        rows.counts(
                1, Refutation.IN_FLOW.label(), setting -> setting.premature().inFlow());
        rows.counts(
                1, Refutation.CAME_BACK.label(), setting -> setting.premature().cameBack());
        Function<SettingView, Histogram> late = SettingView::late;
        rows.late(0, "silence longer than needed, average", late, setting -> Math.round(setting.averageLateMs()));
        rows.late(1, "median", late, setting -> setting.late().getValueAtPercentile(50));
        rows.late(1, "p90", late, setting -> setting.late().getValueAtPercentile(90));
        rows.late(1, "p99", late, setting -> setting.late().getValueAtPercentile(99));
        rows.late(1, "longest", late, setting -> setting.late().getMaxValue());
        rows.late(
                1,
                "of expired handovers, average",
                SettingView::lateExpired,
                setting -> Math.round(setting.averageLateExpiredMs()));
        rows.counts(1, "ended 1 s or more later than needed", SettingView::laterThanNeeded);
        rows.counts(0, "never ended", SettingView::neverEnded);
        if (view.settings().size() > 1) {
            rows.counts(0, "conversations that end differently", SettingView::differing);
        }
        rows.counts(0, "agent-updated", SettingView::agentUpdated);
        return rows.all;
    }

    private static final class Rows {

        private final List<SettingView> settings;
        private final List<ReportRow> all = new ArrayList<>();

        private Rows(List<SettingView> settings) {
            this.settings = settings;
        }

        private void add(int depth, String label, Function<SettingView, String> cell) {
            all.add(new ReportRow(depth, label, settings.stream().map(cell).toList()));
        }

        private void counts(int depth, String label, ToLongFunction<SettingView> count) {
            add(depth, label, setting -> ReportWords.count(count.applyAsLong(setting)));
        }

        private void late(
                int depth, String label, Function<SettingView, Histogram> silence, ToLongFunction<SettingView> ms) {
            add(
                    depth,
                    label,
                    setting -> silence.apply(setting).getTotalCount() == 0
                            ? ReportWords.NONE
                            : ReportWords.duration(ms.applyAsLong(setting)));
        }
    }
}
