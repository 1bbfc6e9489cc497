package io.handover.benchmark;

import io.handover.terminal.CommandException;
import io.handover.terminal.CommandRunner;
import io.handover.terminal.HelpOption;
import io.handover.terminal.StopSignal;
import io.handover.terminal.TemporaryFolder;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A command that starts processes and measures them, round by round. */
@Command(
        sortOptions = false,
        usageHelpWidth = CommandRunner.HELP_WIDTH,
        optionListHeading = "%nOptions:%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:measured",
            "1:the run failed, or the machine was not quiet",
            "2:wrong usage",
            "130:stopped by Ctrl-C"
        },
        footerHeading = "%nExamples:%n")
abstract class MeasurementCommand implements Callable<Integer> {

    final PrintStream out;
    final PrintStream err;
    final StopSignal stop;

    @Mixin
    HelpOption help = new HelpOption();

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "3",
            description = "How often each is measured (${DEFAULT-VALUE}).")
    int rounds;

    @Option(
            names = "--keep",
            paramLabel = "FOLDER",
            description = "An empty folder for the logs and the data, or a new one. By default, a temporary one.")
    @Nullable
    Path keep;

    @Spec
    @Nullable
    CommandSpec spec;

    MeasurementCommand(PrintStream out, PrintStream err, StopSignal stop) {
        this.out = out;
        this.err = err;
        this.stop = stop;
    }

    /** Returns what is wrong with the options of the command; null if they are right. */
    abstract @Nullable String problem();

    /**
     * Measures, and prints the figures.
     *
     * @param folder an empty folder for the logs and the data
     * @return the exit code
     */
    abstract int measure(Path folder);

    @Override
    public final Integer call() {
        String problem = rounds < 1 ? "--rounds must be at least 1." : problem();
        if (problem != null) {
            throw new ParameterException(Objects.requireNonNull(spec, "spec").commandLine(), problem);
        }
        if (keep != null) {
            return measure(created(keep));
        }
        try (TemporaryFolder folder = TemporaryFolder.create("handover-benchmark")) {
            return measure(folder.path());
        }
    }

    private static Path created(Path folder) {
        try {
            return Files.createDirectories(folder);
        } catch (IOException e) {
            throw new CommandException("Cannot create the folder " + folder + ": " + e.getMessage(), e);
        }
    }

    /** Settings of a process as its environment variables. */
    static Map<String, String> environment(Map<String, String> settings) {
        Map<String, String> environment = new TreeMap<>();
        settings.forEach((name, value) ->
                environment.put("HANDOVER_" + name.toUpperCase(Locale.ROOT).replace('.', '_'), value));
        return environment;
    }
}
