package io.handover.cli;

import io.handover.benchmark.BenchmarkCommand;
import io.handover.doctor.DoctorCommand;
import io.handover.history.HistoryCommands;
import io.handover.quickstart.QuickstartCommand;
import io.handover.service.ServiceMain;
import io.handover.service.Version;
import io.handover.setup.SetupCommand;
import io.handover.setup.dlq.DlqCommand;
import io.handover.terminal.CommandRunner;
import io.handover.terminal.HelpOption;
import io.handover.terminal.StopSignal;
import io.handover.torture.TortureCommand;
import java.io.PrintStream;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * The command {@code handover} with the tools. The script that starts this class also starts the two processes, but
 * without this class.
 */
@Command(
        name = HandoverMain.CHECKOUT_COMMAND,
        description = "Says when the human agents are done with a customer, and which agent serves now.",
        customSynopsis = "./handover COMMAND [OPTIONS]",
        usageHelpWidth = CommandRunner.HELP_WIDTH,
        commandListHeading = "%nCommands:%n",
        footer = {
            "",
            "Processes:",
            "  bridge       Receives Genesys events from EventBridge and writes them to Kafka.",
            "  streams-app  Decides from the events in Kafka when a handover has ended, and who serves.",
            "",
            "Faster start:",
            "  archive      Writes class archives, with which both processes and all commands start faster.",
            "",
            "JAVA_HOME chooses the Java runtime. JAVA_OPTS adds options for it.",
            "",
            "Start with:",
            "  ./handover quickstart",
            "  ./handover quickstart --help"
        })
public final class HandoverMain implements Callable<Integer> {

    /** The name of the command in a checkout. The usage texts of all commands contain this name. */
    static final String CHECKOUT_COMMAND = "./handover";

    private static final String LOGBACK = "io/handover/cli/logback.xml";

    private final PrintStream out;

    @Mixin
    HelpOption help = new HelpOption();

    @Option(
            names = "--version",
            versionHelp = true,
            description = "Print the version, the source revision and the version of Kafka.")
    boolean version;

    @Spec
    @Nullable
    CommandSpec spec;

    private HandoverMain(PrintStream out) {
        this.out = out;
    }

    /** Runs the command and exits with its exit code. */
    public static void main(String[] arguments) {
        // The class path also contains the logback.xml of the two processes. That file logs more than a person at a
        // terminal needs.
        System.setProperty("logback.configurationFile", LOGBACK);
        CommandRunner.main(HandoverMain::commandLine, arguments);
    }

    static CommandLine commandLine(PrintStream out, PrintStream err, StopSignal stop) {
        CommandLine handover = new CommandLine(new HandoverMain(out))
                .addSubcommand(new QuickstartCommand(out, err, stop))
                .addSubcommand(SetupCommand.commandLine(out, err, stop))
                .addSubcommand(DlqCommand.commandLine(out, err, stop))
                .addSubcommand(new DoctorCommand(out))
                .addSubcommand(new TortureCommand(out, err, stop))
                .addSubcommand(BenchmarkCommand.commandLine(out, err, stop));
        handover.getCommandSpec().version(Version.line("handover"));
        HistoryCommands.addTo(handover, out, err, stop);
        String typed = System.getProperty(ServiceMain.COMMAND_PROPERTY, CHECKOUT_COMMAND);
        handover.setCommandName(typed);
        rename(handover, typed);
        return handover;
    }

    /**
     * Replaces the name of the command in the usage texts by the name that the person typed. So the examples can be
     * copied and run.
     */
    private static void rename(CommandLine command, String typed) {
        UsageMessageSpec usage = command.getCommandSpec().usageMessage();
        usage.customSynopsis(rename(usage.customSynopsis(), typed));
        usage.footer(rename(usage.footer(), typed));
        command.getSubcommands().values().forEach(subcommand -> rename(subcommand, typed));
    }

    private static String[] rename(String[] lines, String typed) {
        return Stream.of(lines)
                .map(line -> line.replace(CHECKOUT_COMMAND, typed))
                .toArray(String[]::new);
    }

    @Override
    public Integer call() {
        Objects.requireNonNull(spec, "spec").commandLine().usage(out);
        return CommandRunner.EXIT_OK;
    }
}
