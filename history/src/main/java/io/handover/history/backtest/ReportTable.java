package io.handover.history.backtest;

import java.io.PrintStream;

final class ReportTable {

    private ReportTable() {}

    static void write(BacktestReport report, PrintStream out) {
        throw new UnsupportedOperationException("Expected " + report + " to be written to " + out);
    }
}
