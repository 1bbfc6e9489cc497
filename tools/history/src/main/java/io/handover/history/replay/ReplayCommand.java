package io.handover.history.replay;

import io.handover.terminal.CommandRunner;
import io.handover.terminal.HelpOption;
import io.handover.terminal.StopSignal;
import java.io.PrintStream;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code ./handover replay}. */
@Command(
        name = "replay",
        description = "Publishes deliveries of the past to a topic, or saves a topic as a file.",
        customSynopsis = "./handover replay COMMAND [OPTIONS]",
        usageHelpWidth = CommandRunner.HELP_WIDTH,
        commandListHeading = "%nCommands:%n",
        footerHeading = "%nExamples:%n",
        footer = {
            "  Publish an archive to a new topic, which an application can read from its beginning:",
            "    ./handover replay publish archive/ --bootstrap-server localhost:9092 \\",
            "      --topic handover-events-2026-01 --create-partitions 4",
            "  Save the live topic as a file:",
            "    ./handover replay read --bootstrap-server localhost:9092 --topic handover-events \\",
            "      --out events.ndjson.zst"
        })
public final class ReplayCommand implements Callable<Integer> {

    private final PrintStream out;

    @Mixin
    HelpOption help = new HelpOption();

    @Spec
    @Nullable
    CommandSpec spec;

    private ReplayCommand(PrintStream out) {
        this.out = out;
    }

    /** Returns the command with its subcommands. */
    public static CommandLine commandLine(PrintStream out, PrintStream err, StopSignal stop) {
        return new CommandLine(new ReplayCommand(out))
                .addSubcommand(new PublishCommand(err, stop))
                .addSubcommand(new ReadCommand(out, err, stop));
    }

    @Override
    public Integer call() {
        Objects.requireNonNull(spec, "spec").commandLine().usage(out);
        return CommandRunner.EXIT_OK;
    }
}
