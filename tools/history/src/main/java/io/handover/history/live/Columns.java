package io.handover.history.live;

import io.handover.terminal.PrintableText;
import java.util.List;

/** Writes rows with aligned columns. */
final class Columns {

    private Columns() {}

    /** @param rows the heading and the rows, all with the same number of cells */
    static String of(List<List<String>> rows) {
        int columns = rows.get(0).size();
        int[] widths = new int[columns];
        rows.forEach(row -> {
            for (int i = 0; i < columns; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        });
        StringBuilder text = new StringBuilder();
        rows.forEach(row -> {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < columns; i++) {
                String cell = PrintableText.of(row.get(i));
                line.append(cell).append(" ".repeat(widths[i] - row.get(i).length() + 2));
            }
            text.append(line.toString().stripTrailing()).append('\n');
        });
        return text.toString();
    }
}
