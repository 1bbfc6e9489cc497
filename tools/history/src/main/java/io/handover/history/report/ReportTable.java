package io.handover.history.report;

import io.handover.history.report.AgainstResult.Difference;
import io.handover.history.report.ReportView.SettingView;
import io.handover.terminal.PrintableText;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Prints the result of a back-test on a terminal: a table with one column per setting, the findings, and examples. */
public final class ReportTable {

    private static final int WIDTH = 120;
    private static final int LONGEST_NAME = 36;
    private static final int LEAST_COLUMN = 8;
    private static final int EXAMPLES = 3;
    private static final String GAP = "  ";

    private final ReportView view;
    private final PrintStream out;

    private ReportTable(ReportView view, PrintStream out) {
        this.view = view;
        this.out = out;
    }

    public static void write(BacktestReport report, PrintStream out) {
        new ReportTable(ReportView.of(report), out).write();
    }

    private void write() {
        paragraph(ReportFindings.read(view), "");
        out.println();
        table();
        ReportFindings.sentences(view).forEach(sentence -> {
            paragraph(sentence, GAP);
            out.println();
        });
        examples();
        AgainstResult against = view.against();
        if (against != null) {
            against(against);
        }
        paragraph("--report FILE writes a page with charts, which explains the words. --json lists everything.", "");
    }

    /**
     * Prints the table. If the columns of the settings do not fit beside each other, the rest follows in more tables.
     */
    private void table() {
        List<ReportRow> rows = ReportRow.all(view);
        int labels = rows.stream().mapToInt(row -> row.text().length()).max().orElse(0);
        int settings = view.settings().size();
        int to;
        for (int from = 0; from < settings; from = to) {
            List<Integer> widths = new ArrayList<>();
            int width = labels;
            for (to = from; to < settings && (to == from || width + columnWidth(rows, to) <= WIDTH); to++) {
                widths.add(columnWidth(rows, to));
                width += columnWidth(rows, to);
            }
            List<SettingView> shown = view.settings().subList(from, to);
            line(labels, "", shown.stream().map(ReportTable::name).toList(), widths);
            for (ReportRow row : rows) {
                line(labels, row.text(), row.cells().subList(from, to), widths);
            }
            out.println();
        }
    }

    private int columnWidth(List<ReportRow> rows, int setting) {
        int width = Math.max(LEAST_COLUMN, name(view.settings().get(setting)).length());
        for (ReportRow row : rows) {
            width = Math.max(width, row.cells().get(setting).length());
        }
        return GAP.length() + width;
    }

    private static String name(SettingView setting) {
        return ReportWords.shortened(PrintableText.of(setting.name()), LONGEST_NAME);
    }

    private void line(int labels, String label, List<String> cells, List<Integer> widths) {
        StringBuilder line = new StringBuilder(label).append(" ".repeat(labels - label.length()));
        for (int i = 0; i < cells.size(); i++) {
            line.append(" ".repeat(widths.get(i) - cells.get(i).length())).append(cells.get(i));
        }
        print(line.toString().stripTrailing());
    }

    private void examples() {
        for (SettingView setting : view.settings()) {
            List<PrematureEnd> ends = setting.premature().ends();
            if (ends.isEmpty()) {
                continue;
            }
            paragraph(
                    "Too early with " + setting.name()
                            + (ends.size() > EXAMPLES
                                    ? ", the first " + EXAMPLES + " of " + ReportWords.count(ends.size()) + ':'
                                    : ":"),
                    "");
            ends.stream().limit(EXAMPLES).forEach(this::example);
            out.println();
        }
        if (view.settings().stream().anyMatch(setting -> setting.premature().count() > 0)) {
            paragraph("--json lists all of them. ./handover explain ID SOURCE shows one conversation.", "");
            out.println();
        }
    }

    private void example(PrematureEnd end) {
        paragraph(end.conversationId(), GAP);
        paragraph(
                "handover " + end.cycle() + " ended by " + end.reason() + " at " + ReportWords.time(end.decidedAt())
                        + " UTC; " + ReportFindings.refutation(end),
                GAP + GAP);
    }

    private void against(AgainstResult against) {
        paragraph(ReportFindings.against(against), "");
        for (Difference difference :
                against.differences().stream().limit(EXAMPLES).toList()) {
            paragraph(difference.conversationId(), GAP);
            side("-", difference.theirs());
            side("+", difference.ours());
        }
        out.println();
    }

    private void side(String sign, @Nullable String command) {
        if (command != null) {
            String line = GAP + sign + ' ' + PrintableText.of(command);
            print(ReportWords.shortened(line, WIDTH));
        }
    }

    private void paragraph(String text, String indent) {
        PrintableText.lines(text, WIDTH - indent.length()).forEach(line -> print(indent + line));
    }

    /** Prints a line. Characters that some terminals cannot show are replaced. */
    private void print(String line) {
        out.println(line.replace(ReportWords.NO_BREAK, ' ').replace('–', '-').replace('…', '~'));
    }
}
