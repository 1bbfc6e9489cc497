package io.handover.history.reset;

import io.handover.history.cluster.Cluster;
import io.handover.history.options.ClusterOptions;
import io.handover.history.reset.ResetPlan.OffsetReset;
import io.handover.schema.Topics;
import io.handover.service.SettingsException;
import io.handover.terminal.CommandRunner;
import io.handover.terminal.DurationText;
import io.handover.terminal.HelpOption;
import io.handover.terminal.InstantConverter;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ./handover reset}. */
@Command(
        name = "reset",
        description = {
            "Prepares streams-app to decide everything again from the log, after a change of its settings or code: it"
                    + " resets the offsets in handover-events and deletes the state of every conversation.",
            "",
            "Without --execute it only prints the changes. Stop every instance before you execute them."
        },
        customSynopsis = "./handover reset --bootstrap-server HOST:PORT [OPTIONS]",
        sortOptions = false,
        usageHelpWidth = CommandRunner.HELP_WIDTH,
        optionListHeading = "%nOptions:%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:the changes are made, or printed", "1:refused or failed", "2:wrong usage"},
        footerHeading = "%nExamples:%n",
        footer = {
            "  Print the changes:",
            "    ./handover reset --bootstrap-server localhost:9092",
            "  Make them, and delete the state of the instance on this machine too:",
            "    ./handover reset --bootstrap-server localhost:9092 --state-dir handover-state --execute",
            "  Read again only events that were received since a time:",
            "    ./handover reset --bootstrap-server localhost:9092 --from 2026-01-15T10:00:00Z --execute",
            "",
            "To try new settings without changing anything, see ./handover backtest --help."
        })
public final class ResetCommand implements Callable<Integer> {

    private final PrintStream out;
    private final PrintStream err;

    @Mixin
    HelpOption help = new HelpOption();

    @Mixin
    ClusterOptions kafka = new ClusterOptions();

    @Option(
            names = "--application-id",
            paramLabel = "ID",
            defaultValue = "handover",
            description = "The setting application.id of streams-app (${DEFAULT-VALUE}).")
    String applicationId = "";

    @Option(
            names = "--topic-events",
            paramLabel = "NAME",
            defaultValue = Topics.EVENTS,
            description = "The setting topic.events of streams-app (${DEFAULT-VALUE}).")
    String events = Topics.EVENTS;

    @Option(
            names = "--from",
            paramLabel = "TIME",
            converter = InstantConverter.class,
            description = "Read again only events that were received at that time or later, such as"
                    + " 2026-01-15T10:00:00Z. Without it, everything that the log still has.")
    @Nullable
    Instant from;

    @Option(
            names = "--state-dir",
            paramLabel = "FOLDER",
            description = "Delete the local state too: the setting state.dir of an instance on this machine.")
    @Nullable
    Path stateDir;

    @Option(names = "--execute", description = "Make the changes.")
    boolean execute;

    public ResetCommand(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    @Override
    public Integer call() {
        try (Cluster cluster = new Cluster(kafka.client())) {
            ResetPlan plan = ResetPlan.of(cluster, applicationId, events, from);
            LocalState localState = stateDir == null ? null : LocalState.of(stateDir, applicationId);
            print(plan, localState);
            if (!execute) {
                err.println("Nothing was changed. Stop every instance, and add --execute to make the changes.");
                return CommandRunner.EXIT_OK;
            }
            plan.execute(cluster, localState);
        } catch (KafkaException e) {
            throw SettingsException.ofClient(e);
        }
        err.println("Done.");
        return CommandRunner.EXIT_OK;
    }

    private void print(ResetPlan plan, @Nullable LocalState localState) {
        out.println("Reset of the application " + applicationId + " on " + kafka.bootstrapServer);
        out.println();
        out.println("Offsets in " + events + ":");
        plan.offsets().forEach(offset -> out.println("  " + describe(offset)));
        out.println("Deleted, with the state of every conversation:");
        plan.changelogs().forEach(topic -> out.println("  topic " + topic));
        if (localState != null) {
            out.println("  folder " + localState.folder());
        }
        out.println("""

                Before you start the application again:
                  - Delete the local state of every %sinstance, which does not fit the new decisions:
                    the folder %s in its state.dir (--state-dir deletes the one on this machine).
                  - Decide about the consumers of %s, which receive the commands again. An unchanged command has the
                    same id (header ce_id), so a consumer that skips ids it has seen needs nothing. Stop any other now. When
                    the application has read the log, set its offset to the time when you stopped the application; the time
                    of a command's record is the time of its decision:
                      kafka-consumer-groups.sh --bootstrap-server %s --group GROUP \\
                        --topic %s --reset-offsets --to-datetime YYYY-MM-DDTHH:mm:SS.sss --execute
                  - %s
                    Of a conversation that began earlier, only the rest is read: its handovers are counted from 1, and its
                    commands have other ids.
                """.formatted(
                localState == null ? "" : "other ",
                applicationId,
                Topics.COMMANDS,
                kafka.bootstrapServer,
                Topics.COMMANDS,
                reach(plan.retention())).stripTrailing());
    }

    private static String describe(OffsetReset offset) {
        return "partition " + offset.partition() + ": "
                + (offset.committed() == null ? "nothing committed" : "committed " + offset.committed())
                + ", reset to " + offset.target()
                + (offset.receivedAt() == null ? " (the end)" : " (received " + offset.receivedAt() + ")");
    }

    private String reach(@Nullable Duration retention) {
        String log = retention == null
                ? "The log keeps everything"
                : "The log reaches back " + DurationText.brief(retention);
        return log + " (retention.ms of " + events + ")" + (from == null ? "." : ", and is read from " + from + " on.");
    }
}
