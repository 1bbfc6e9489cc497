package io.handover.benchmark;

import io.handover.terminal.CommandException;
import io.handover.terminal.CommandRunner;
import io.handover.terminal.StopSignal;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.zip.GZIPOutputStream;

/** Runs back-tests and what reads the same file, one after the other, round by round. */
final class BacktestBenchmark {

    /** How many envelopes a generated conversation has on average. */
    private static final int ENVELOPES_PER_CONVERSATION = 18;

    private static final int BUFFER_BYTES = 64 * 1024;
    private static final double MEGABYTE = 1024 * 1024;
    private static final double MICROS_PER_SECOND = 1e6;

    private final Path folder;
    private final PrintStream err;
    private final StopSignal stop;

    BacktestBenchmark(Path folder, PrintStream err, StopSignal stop) {
        this.folder = folder;
        this.err = err;
        this.stop = stop;
    }

    /**
     * Writes the files and measures each reader.
     *
     * @param records about how many envelopes the files have
     * @throws CommandException if a tool is missing, a process fails, or the run was stopped
     */
    Map<FileReader, List<FileFigures>> run(int records, int rounds, long seed) {
        List.of("cat", "zcat", "wc").forEach(tool -> requireOnPath(tool, System.getenv("PATH")));
        Path plain = folder.resolve("envelopes.ndjson");
        Path compressed = folder.resolve("envelopes.ndjson.gz");
        generate(plain, records / ENVELOPES_PER_CONVERSATION, seed);
        compress(plain, compressed);
        long envelopes = lines(plain);
        Map<FileReader, List<FileFigures>> all = new EnumMap<>(FileReader.class);
        for (int round = 1; round <= rounds; round++) {
            err.printf("round %d of %d ...%n", round, rounds);
            Machine machine = new Machine();
            Map<FileReader, MeasuredPipeline> runs = new EnumMap<>(FileReader.class);
            for (FileReader reader : FileReader.values()) {
                runs.put(reader, measure(reader, reader.readsCompressed() ? compressed : plain));
            }
            double own = runs.values().stream()
                    .mapToDouble(MeasuredPipeline::cpuSeconds)
                    .sum();
            double foreign = machine.foreign(own);
            runs.forEach((reader, run) -> all.computeIfAbsent(reader, key -> new ArrayList<>())
                    .add(new FileFigures(
                            envelopes / run.seconds(),
                            run.cpuSeconds() / envelopes * MICROS_PER_SECOND,
                            run.peakBytes(),
                            foreign)));
        }
        return all;
    }

    /** @throws CommandException if no folder of the path has this program */
    static void requireOnPath(String tool, String path) {
        if (Arrays.stream(path.split(File.pathSeparator, -1))
                .noneMatch(each -> Files.isExecutable(Path.of(each, tool)))) {
            throw new CommandException(
                    "This benchmark needs the program " + tool + ", but no folder of the PATH has it; install it.");
        }
    }

    private void generate(Path file, int conversations, long seed) {
        int code = CommandRunner.run(
                ChildMain::history,
                err,
                err,
                stop,
                "generate",
                "--conversations",
                String.valueOf(Math.max(1, conversations)),
                "--seed",
                String.valueOf(seed),
                "--out",
                file.toString());
        if (code != CommandRunner.EXIT_OK) {
            throw new CommandException("The envelopes were not generated.");
        }
    }

    private void compress(Path from, Path to) {
        err.println("compressing ...");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(to), BUFFER_BYTES)) {
            Files.copy(from, out);
        } catch (IOException e) {
            throw new CommandException("Cannot compress " + from + ": " + e.getMessage(), e);
        }
    }

    private MeasuredPipeline measure(FileReader reader, Path file) {
        return MeasuredPipeline.run(
                reader.pipeline(file),
                out(reader).toFile(),
                folder.resolve("log").toFile(),
                stop);
    }

    private Path out(FileReader reader) {
        return folder.resolve(reader + ".out");
    }

    private long lines(Path file) {
        measure(FileReader.CAT, file);
        try {
            return Long.parseLong(Files.readString(out(FileReader.CAT)).trim());
        } catch (IOException e) {
            throw new CommandException("Cannot read the number of lines: " + e.getMessage(), e);
        }
    }

    /** The result as a text: a line per reader, and the ratio of each back-test to what reads the same file. */
    static String text(Map<FileReader, List<FileFigures>> all) {
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT,
                "%-12s  %-26s  %-20s  %s%n",
                "",
                "envelopes/s (min med max)",
                "CPU us/envelope",
                "peak MB"));
        all.forEach((reader, runs) -> text.append(String.format(
                Locale.ROOT,
                "%-12s  %s  %s  %7.0f%n",
                reader.label(),
                Spread.of(runs, FileFigures::perSecond).text("%8.0f"),
                Spread.of(runs, FileFigures::cpuUs).text("%6.2f"),
                Spread.of(runs, run -> run.peakBytes() / MEGABYTE).most())));
        text.append(ratio(all, FileReader.BACKTEST, FileReader.CAT));
        text.append(ratio(all, FileReader.BACKTEST_GZ, FileReader.ZCAT));
        return text.toString();
    }

    private static String ratio(Map<FileReader, List<FileFigures>> all, FileReader one, FileReader other) {
        return String.format(
                Locale.ROOT,
                "%s / %s: rate %.2f%n",
                one.label(),
                other.label(),
                median(all, one, FileFigures::perSecond) / median(all, other, FileFigures::perSecond));
    }

    private static double median(
            Map<FileReader, List<FileFigures>> all, FileReader reader, ToDoubleFunction<FileFigures> figure) {
        return Spread.of(all.getOrDefault(reader, List.of()), figure).median();
    }

    static double foreign(Map<FileReader, List<FileFigures>> all) {
        return all.values().stream()
                .flatMap(List::stream)
                .mapToDouble(FileFigures::foreign)
                .max()
                .orElse(0);
    }
}
