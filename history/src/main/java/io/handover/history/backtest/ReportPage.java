package io.handover.history.backtest;

import java.nio.file.Path;

final class ReportPage {

    private ReportPage() {}

    static void write(BacktestReport report, Path file) {
        throw new UnsupportedOperationException("Expected " + report + " to be written to " + file);
    }
}
