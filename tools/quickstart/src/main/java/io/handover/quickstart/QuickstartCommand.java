package io.handover.quickstart;

import io.handover.terminal.CommandRunner;
import io.handover.terminal.HelpOption;
import io.handover.terminal.StopSignal;
import java.io.PrintStream;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code ./handover quickstart}. */
@Command(
        name = "quickstart",
        description = {
            "Shows the product at work: a Kafka broker, the ingress bridge and the streams app in one JVM, and"
                    + " deliveries as EventBridge would send them.",
            "",
            "Commands for the bot platform are printed on standard output, one JSON document a line."
                    + " All else goes to standard error."
        },
        customSynopsis = "./handover quickstart [OPTIONS]",
        sortOptions = false,
        usageHelpWidth = CommandRunner.HELP_WIDTH,
        optionListHeading = "%nOptions (a TIME is like 500ms, 2s, 1m or 1h):%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done",
            "1:something failed, or a delivery was refused that should not be",
            "2:wrong usage",
            "130:stopped by Ctrl-C"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  Watch the samples, then send your own with curl:",
            "    ./handover quickstart",
            "  Only the commands, and no waiting for Ctrl-C:",
            "    ./handover quickstart --exit 2>/dev/null | jq -c '{type, conversationId, reason}'",
            "  Your own events, one envelope a line, with a shorter timeout:",
            "    ./handover quickstart --exit --deliveries events.ndjson --transfer-timeout 5s",
            "  Beside another Kafka, with data that survive a restart:",
            "    ./handover quickstart --kafka-port 19092 --data ./quickstart-data",
            "  Obey the customer's end alone:",
            "    ./handover quickstart --set end.evidence=customer-end"
        })
public final class QuickstartCommand implements Callable<Integer> {

    private final PrintStream out;
    private final PrintStream err;
    private final StopSignal stop;

    @Mixin
    HelpOption help = new HelpOption();

    @Mixin
    QuickstartOptions options = new QuickstartOptions();

    public QuickstartCommand(PrintStream out, PrintStream err, StopSignal stop) {
        this.out = out;
        this.err = err;
        this.stop = stop;
    }

    @Override
    public Integer call() {
        return new QuickstartRun(options, out, err, stop).run() ? CommandRunner.EXIT_OK : CommandRunner.EXIT_FAILURE;
    }
}
