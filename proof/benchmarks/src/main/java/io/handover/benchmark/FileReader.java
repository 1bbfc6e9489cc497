package io.handover.benchmark;

import java.nio.file.Path;
import java.util.List;

/** Reads a file of envelopes to its end. A back-test and the command without which no line is read come in pairs. */
enum FileReader {
    BACKTEST("backtest", false),
    CAT("cat | wc -l", false),
    BACKTEST_GZ("backtest .gz", true),
    ZCAT("zcat | wc -l", true);

    /** The options with which the launcher starts a back-test. */
    static final List<String> LAUNCHER_FLAGS = List.of(
            "-XX:+UseParallelGC",
            "-Xmn256m",
            "-XX:MaxRAMPercentage=50",
            "-Xlog:gc+ergo=off",
            "-XX:FreqInlineSize=100",
            "-XX:InlineSmallCode=1000");

    private final String label;
    private final boolean compressed;

    FileReader(String label, boolean compressed) {
        this.label = label;
        this.compressed = compressed;
    }

    String label() {
        return label;
    }

    boolean readsCompressed() {
        return compressed;
    }

    /** The processes, each of which reads what the one before has written. */
    List<ProcessBuilder> pipeline(Path file) {
        return switch (this) {
            case BACKTEST, BACKTEST_GZ ->
                List.of(MeasuredProcess.java(LAUNCHER_FLAGS, List.of(ChildMain.BACKTEST, file.toString())));
            case CAT -> List.of(new ProcessBuilder("cat", file.toString()), new ProcessBuilder("wc", "-l"));
            case ZCAT -> List.of(new ProcessBuilder("zcat", file.toString()), new ProcessBuilder("wc", "-l"));
        };
    }
}
