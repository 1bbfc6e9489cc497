package io.handover.quickstart;

import io.handover.terminal.CommandRunner;
import io.handover.terminal.HelpOption;
import io.handover.terminal.StopSignal;
import java.io.PrintStream;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The command {@code ./handover quickstart}. */
@Command(
        name = "quickstart",
        description = {
            "Runs a Kafka broker, the ingress bridge and streams-app in one JVM, and sends deliveries to the bridge as"
                    + " EventBridge would.",
            "",
            "Commands for the bot platform are printed on standard output, one JSON document per line."
                    + " Everything else is printed on standard error."
        },
        customSynopsis = "./handover quickstart [OPTIONS]",
        sortOptions = false,
        usageHelpWidth = CommandRunner.HELP_WIDTH,
        optionListHeading = "%nOptions (a TIME is like 500ms, 2s, 1m or 1h):%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done",
            "1:something failed, or a delivery was rejected unexpectedly",
            "2:wrong usage",
            "130:stopped by Ctrl-C"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  Watch the samples, then send your own deliveries with curl:",
            "    ./handover quickstart",
            "  Print only the commands, and end without Ctrl-C:",
            "    ./handover quickstart --exit 2>/dev/null | jq -c '{type, conversationId, reason}'",
            "  Send your own envelopes, with a shorter timeout:",
            "    ./handover quickstart --exit --deliveries events.ndjson --transfer-timeout 5s",
            "  Run beside another Kafka, and keep the data over restarts:",
            "    ./handover quickstart --kafka-port 19092 --data ./quickstart-data",
            "  Let only customer.end end a handover:",
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
