package io.handover.history.report;

import io.handover.history.report.AgainstResult.Difference;
import io.handover.history.report.BacktestReport.Result;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A back-test on the terminal: a column a setting, what that means in words, and a few examples. No line is wider than 120. */
public final class ReportTable {

    private static final int WIDTH = 120;
    private static final int LONGEST_NAME = 36;
    private static final int LEAST_COLUMN = 8;
    private static final int EXAMPLES = 3;
    private static final String GAP = "  ";

    private final BacktestReport report;
    private final PrintStream out;

    private ReportTable(BacktestReport report, PrintStream out) {
        this.report = report;
        this.out = out;
    }

    public static void write(BacktestReport report, PrintStream out) {
        new ReportTable(report, out).write();
    }

    private void write() {
        paragraph(ReportFindings.read(report), "");
        out.println();
        table();
        ReportFindings.sentences(report).forEach(sentence -> {
            paragraph(sentence, GAP);
            out.println();
        });
        examples();
        AgainstResult against = report.against();
        if (against != null) {
            against(against);
        }
        paragraph("What the words mean is on the page that --report writes; all there is to list, in --json.", "");
    }

    /** As many settings beside each other as fit; the others below. */
    private void table() {
        List<ReportRow> rows = ReportRow.all(report);
        int labels = rows.stream().mapToInt(row -> row.text().length()).max().orElse(0);
        int next = 0;
        while (next < report.results().size()) {
            int from = next;
            int width = labels;
            List<Integer> widths = new ArrayList<>();
            while (next < report.results().size()
                    && (widths.isEmpty() || width + GAP.length() + columnWidth(rows, next) <= WIDTH)) {
                widths.add(columnWidth(rows, next));
                width += GAP.length() + columnWidth(rows, next);
                next++;
            }
            line(
                    labels,
                    "",
                    report.results().subList(from, next).stream()
                            .map(ReportTable::name)
                            .toList(),
                    widths);
            for (ReportRow row : rows) {
                line(labels, row.text(), row.cells().subList(from, next), widths);
            }
            out.println();
        }
    }

    private int columnWidth(List<ReportRow> rows, int setting) {
        int width = Math.max(LEAST_COLUMN, name(report.results().get(setting)).length());
        for (ReportRow row : rows) {
            width = Math.max(width, row.cells().get(setting).length());
        }
        return width;
    }

    private static String name(Result result) {
        return ReportWords.shortened(ReportWords.plain(result.setting().name()), LONGEST_NAME);
    }

    private void line(int labels, String label, List<String> cells, List<Integer> widths) {
        StringBuilder line = new StringBuilder(label).append(" ".repeat(labels - label.length()));
        for (int i = 0; i < cells.size(); i++) {
            line.append(GAP)
                    .append(" ".repeat(widths.get(i) - cells.get(i).length()))
                    .append(cells.get(i));
        }
        print(line.toString().stripTrailing());
    }

    private void examples() {
        for (Result result : report.results()) {
            List<PrematureEnd> ends = ReportFindings.premature(result.tally());
            if (ends.isEmpty()) {
                continue;
            }
            paragraph(
                    "Too early with " + result.setting().name()
                            + (ends.size() > EXAMPLES
                                    ? ", the first " + EXAMPLES + " of " + ReportWords.count(ends.size()) + ':'
                                    : ":"),
                    "");
            ends.stream().limit(EXAMPLES).forEach(this::example);
            out.println();
        }
        if (report.results().stream()
                .anyMatch(result -> !result.tally().premature.isEmpty())) {
            paragraph("All of them: --json, or --report FILE. All of one: ./handover explain ID SOURCE", "");
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
            String line = GAP + sign + ' ' + ReportWords.plain(command);
            print(ReportWords.shortened(line, WIDTH));
        }
    }

    /** Broken between words; a word that is longer than a line stays whole, so that it can be copied. */
    private void paragraph(String text, String indent) {
        StringBuilder line = new StringBuilder(indent);
        for (String word : ReportWords.plain(text).split(" ", -1)) {
            if (line.length() > indent.length() && line.length() + 1 + word.length() > WIDTH) {
                print(line.toString());
                line = new StringBuilder(indent);
            }
            line.append(line.length() > indent.length() ? " " : "").append(word);
        }
        print(line.toString());
    }

    /** In the letters that every terminal has. */
    private void print(String line) {
        out.println(line.replace(ReportWords.NO_BREAK, ' ').replace('–', '-').replace('…', '~'));
    }
}
