package io.handover.history.reset;

import io.handover.history.reset.ResetPlan.Rewind;
import io.handover.history.sources.TopicReader;
import io.handover.schema.Topics;
import io.handover.service.SettingsException;
import io.handover.terminal.InstantConverter;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;

/** {@code ./handover reset}. */
@Command(
        name = "reset",
        description = {
            "Prepares streams-app to decide everything again from the log, after a change of its settings or of its code:"
                    + " with Kafka's own reset tool, its place in handover-events is set back, and the state of every"
                    + " conversation is deleted.",
            "",
            "It says what it will do, and does it only with --execute. Every instance has to be stopped first."
        },
        customSynopsis = "./handover reset --bootstrap-server HOST:PORT [OPTIONS]",
        sortOptions = false,
        usageHelpWidth = 100,
        optionListHeading = "%nOptions:%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:done, or said what would be done", "1:refused or failed", "2:wrong usage"},
        footerHeading = "%nExamples:%n",
        footer = {
            "  What would be done:",
            "    ./handover reset --bootstrap-server localhost:9092",
            "  Do it, and delete the state of the instance on this machine too:",
            "    ./handover reset --bootstrap-server localhost:9092 --state-dir handover-state --execute",
            "  Only what was received since a time:",
            "    ./handover reset --bootstrap-server localhost:9092 --from 2026-01-15T10:00:00Z --execute",
            "",
            "To try a change without touching anything that runs, see ./handover backtest --help."
        })
public final class ResetCommand implements Callable<Integer> {

    private static final int PATIENCE_MS = 20_000;

    /** The only one that the tool understands. */
    private static final DateTimeFormatter DATE_TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSX").withZone(ZoneOffset.UTC);

    private final PrintStream out;
    private final PrintStream err;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Print this.")
    boolean help;

    @Option(
            names = "--bootstrap-server",
            paramLabel = "HOST:PORT",
            required = true,
            description = "Where Kafka is; several with commas.")
    String bootstrapServer = "";

    @Option(
            names = "--command-config",
            paramLabel = "FILE",
            description = "Further settings of the Kafka clients, such as those of TLS and SASL: a properties file.")
    @Nullable
    Path commandConfig;

    @Option(
            names = "--application-id",
            paramLabel = "ID",
            defaultValue = "handover",
            description = "The setting application.id of streams-app (${DEFAULT-VALUE}).")
    String applicationId = "";

    @Option(
            names = "--from",
            paramLabel = "TIME",
            converter = InstantConverter.class,
            description = "Read again only what was received at that time or later, such as 2026-01-15T10:00:00Z;"
                    + " everything that the log still has if not given.")
    @Nullable
    Instant from;

    @Option(
            names = "--state-dir",
            paramLabel = "FOLDER",
            description = "Delete the local state too: the setting state.dir of an instance on this machine.")
    @Nullable
    Path stateDir;

    @Option(names = "--execute", description = "Do it.")
    boolean execute;

    public ResetCommand(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    @Override
    public Integer call() {
        try (Admin admin = Admin.create(client())) {
            ResetPlan plan = ResetPlan.of(admin, applicationId, from);
            LocalState local = stateDir == null ? null : LocalState.of(stateDir, applicationId);
            print(plan, local);
            if (!execute) {
                err.println("Nothing was changed; --execute does it, once every instance is stopped.");
                return ExitCode.OK;
            }
            ResetPlan.refuseIfRunning(admin, applicationId);
            if (local != null) {
                local.refuseIfUsed();
            }
            KafkaResetTool.run(arguments(plan));
            if (local != null) {
                local.delete();
            }
        } catch (KafkaException e) {
            throw SettingsException.ofClient(e);
        }
        err.println("Done.");
        return ExitCode.OK;
    }

    private Properties client() {
        Properties client = TopicReader.client(bootstrapServer, commandConfig);
        client.putIfAbsent(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, PATIENCE_MS);
        client.putIfAbsent(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, PATIENCE_MS / 2);
        return client;
    }

    /**
     * What the tool is told. The topics to delete are always named: it would take those of an application whose id begins
     * with this one's for ours.
     */
    private List<String> arguments(ResetPlan plan) {
        List<String> arguments = new ArrayList<>(List.of(
                "--bootstrap-server=" + bootstrapServer,
                "--application-id=" + applicationId,
                "--input-topics=" + Topics.EVENTS,
                "--internal-topics=" + String.join(",", plan.changelogs()),
                from == null ? "--to-earliest" : "--to-datetime=" + DATE_TIME.format(from)));
        if (commandConfig != null) {
            arguments.add("--command-config=" + commandConfig);
        }
        return arguments;
    }

    private void print(ResetPlan plan, @Nullable LocalState local) {
        out.println("Reset of the application " + applicationId + " on " + bootstrapServer);
        out.println();
        out.println("Read again, of " + Topics.EVENTS + ":");
        plan.rewinds().forEach(rewind -> out.println("  " + describe(rewind)));
        out.println("Deleted, and with it the state of every conversation:");
        plan.changelogs().forEach(topic -> out.println("  topic " + topic));
        if (local != null) {
            out.println("  folder " + local.folder());
        }
        out.println("""

                Before you start it again:
                  - Delete the local state of every %sinstance: the folder %s in its state.dir (--state-dir does it for one
                    on this machine). What is left there would be mixed with what is decided again.
                  - Commands will be written to %s again, and a consumer that obeys blindly would obey again.
                    Those decided as before have the ids that they had: who drops known ids (header ce_id) is safe.
                    Else stop that consumer now, and once the application has caught up, move it on to the time when
                    you stopped the application; the time of a command's record is that of its decision:
                      kafka-consumer-groups.sh --bootstrap-server %s --group GROUP \\
                        --topic %s --reset-offsets --to-datetime YYYY-MM-DDTHH:mm:SS.sss --execute
                  - %s
                    Of a conversation that began earlier only the rest is read: its handovers are counted from 1, and
                    its commands have other ids.
                """.formatted(
                local == null ? "" : "other ",
                applicationId,
                Topics.COMMANDS,
                bootstrapServer,
                Topics.COMMANDS,
                reach(plan)).stripTrailing());
    }

    private static String describe(Rewind rewind) {
        String stands = rewind.from() == null ? "not read yet" : "at offset " + rewind.from();
        return "partition " + rewind.partition() + ": " + stands + ", then from " + rewind.to() + " on, "
                + (rewind.received() == null ? "where it ends" : "received " + rewind.received());
    }

    private String reach(ResetPlan plan) {
        Duration kept = plan.kept();
        String log = kept == null
                ? "The log keeps everything"
                : "The log reaches back " + (kept.toDays() > 0 ? kept.toDays() + " days" : kept.toHours() + " hours");
        return log + " (retention.ms of " + Topics.EVENTS + ")"
                + (from == null ? "." : ", and is read from " + from + " on.");
    }
}
