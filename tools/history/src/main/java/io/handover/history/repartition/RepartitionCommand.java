package io.handover.history.repartition;

import io.handover.conversation.fold.StateStores;
import io.handover.history.cluster.Cluster;
import io.handover.history.options.ClusterOptions;
import io.handover.schema.Topics;
import io.handover.service.SettingsException;
import io.handover.terminal.CommandRunner;
import io.handover.terminal.HelpOption;
import io.handover.terminal.StopSignal;
import java.io.PrintStream;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ./handover repartition}. */
@Command(
        name = "repartition",
        description = {
            "Moves an installation to a topic of events with another number of partitions. Do not add partitions to"
                    + " the topic itself: a conversation would go on in another partition than its state. This command"
                    + " also mends a topic that has grown.",
            "",
            "First, while everything runs, it copies the events that streams-app has decided to the new topic: each to the"
                    + " partition of its key, in the order of time, with the time at which it counted. Repeat this as often as"
                    + " you like; it goes on where it was. Then stop bridges and streams-app, and run it with --cut-over: it"
                    + " copies the rest, gives the state of every conversation to a new application, verifies the copy, and"
                    + " prints the settings to start with. The old topic and state stay as they are.",
            "",
            "Without --execute it only prints what it would do."
        },
        customSynopsis = "./handover repartition --bootstrap-server HOST:PORT --to NAME --partitions N"
                + " --new-application-id ID [OPTIONS]",
        sortOptions = false,
        usageHelpWidth = CommandRunner.HELP_WIDTH,
        optionListHeading = "%nOptions:%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done, or printed",
            "1:refused or failed; the message says what to do",
            "2:wrong usage",
            "130:stopped by Ctrl-C; the same command resumes"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  Copy the past while everything runs:",
            "    ./handover repartition --bootstrap-server localhost:9092 --to handover-events-6 --partitions 6 \\",
            "      --new-application-id handover-6 --execute",
            "  Move, after bridges and streams-app are stopped:",
            "    ./handover repartition --bootstrap-server localhost:9092 --to handover-events-6 --partitions 6 \\",
            "      --new-application-id handover-6 --cut-over --execute",
            "",
            "Every step: docs/operations.md, More partitions."
        })
public final class RepartitionCommand implements Callable<Integer> {

    private final PrintStream out;
    private final PrintStream err;
    private final StopSignal stop;

    @Mixin
    HelpOption help = new HelpOption();

    @Mixin
    ClusterOptions kafka = new ClusterOptions();

    @Option(
            names = "--topic-events",
            paramLabel = "NAME",
            defaultValue = Topics.EVENTS,
            description = "The old topic: the setting topic.events (${DEFAULT-VALUE}).")
    String from = Topics.EVENTS;

    @Option(
            names = "--application-id",
            paramLabel = "ID",
            defaultValue = "handover",
            description = "The old application: the setting application.id of streams-app (${DEFAULT-VALUE}).")
    String applicationId = "";

    @Option(
            names = "--to",
            paramLabel = "NAME",
            required = true,
            description = "The new topic, which is created with the settings of the old one.")
    String to = "";

    @Option(
            names = "--partitions",
            paramLabel = "N",
            required = true,
            description = "The number of partitions of the new topic.")
    int partitions;

    @Option(
            names = "--new-application-id",
            paramLabel = "ID",
            required = true,
            description = "The new application; its state gets N partitions too.")
    String newApplicationId = "";

    @Option(
            names = "--cut-over",
            description = "Copy the rest and the state, and verify. Bridges and streams-app must be stopped.")
    boolean isCutOver;

    @Option(names = "--execute", description = "Do it.")
    boolean execute;

    @Spec
    @Nullable
    CommandSpec spec;

    public RepartitionCommand(PrintStream out, PrintStream err, StopSignal stop) {
        this.out = out;
        this.err = err;
        this.stop = stop;
    }

    @Override
    public Integer call() {
        require(partitions > 0, "--partitions must be at least 1");
        require(!to.equals(from), "--to must be another topic than --topic-events");
        require(
                !newApplicationId.equals(applicationId),
                "--new-application-id must be another id than --application-id");
        Properties client = kafka.client();
        Repartition.Names names = new Repartition.Names(from, to, applicationId, newApplicationId);
        try (Cluster cluster = new Cluster(client)) {
            Repartition repartition = new Repartition(cluster, client, names, partitions, err, stop);
            OldLog old = repartition.oldLog();
            if (!execute) {
                printPlan(cluster, old);
                return CommandRunner.EXIT_OK;
            }
            boolean isComplete =
                    isCutOver ? repartition.cutOver() : repartition.copyDecided(old) && repartition.verifyDecided();
            if (!isComplete) {
                err.println("Stopped; the same command resumes.");
                return CommandRunner.EXIT_STOPPED;
            }
        } catch (KafkaException e) {
            throw SettingsException.ofClient(e);
        }
        if (isCutOver) {
            printSettings();
        } else {
            err.println("Repeat this. Then stop the bridges, wait for consumer lag 0, stop streams-app, and add"
                    + " --cut-over.");
        }
        return CommandRunner.EXIT_OK;
    }

    private void require(boolean condition, String sentence) {
        if (!condition) {
            throw new ParameterException(Objects.requireNonNull(spec, "spec").commandLine(), sentence);
        }
    }

    private void printPlan(Cluster cluster, OldLog old) {
        Map<Integer, Long> begins = cluster.begins(from);
        Map<Integer, Long> ends = cluster.ends(from);
        out.println("Repartition of " + from + " to " + to + ", " + partitions + " partitions, on "
                + kafka.bootstrapServer);
        out.println();
        out.println("The state of the application " + applicationId + " has " + old.partitions() + " partitions.");
        ends.forEach((partition, end) -> out.println("  partition " + partition + ": offsets "
                + begins.get(partition) + " to " + end + ", "
                + (partition >= old.partitions()
                        ? "never read by the application"
                        : "decided to " + old.decided().getOrDefault(partition, 0L))));
        out.println();
        if (isCutOver) {
            out.println("Copied: the rest of " + from + ". Created, with the state of every conversation:");
            out.println("  topic " + StateStores.ofConversations(newApplicationId));
            out.println("Verified, and then started at the first undecided event: the application " + newApplicationId);
            err.println("Nothing was changed. Stop every bridge and every streams-app, and add --execute.");
        } else {
            out.println("Copied: the events that are decided, with the time at which they counted.");
            err.println("Nothing was changed. Add --execute; bridges and streams-app go on running.");
        }
    }

    private void printSettings() {
        out.println("""
                The installation is moved. Start every streams-app and every bridge with these settings:

                  HANDOVER_TOPIC_EVENTS=%1$s
                  HANDOVER_APPLICATION_ID=%2$s

                A record that a bridge has since written to %3$s is copied by the same command once more.
                You can go back only before a bridge has written to %1$s and before the new application has run:
                start everything with the old settings.
                When you need the way back no more, delete the old topic and state:

                  kafka-topics.sh --bootstrap-server %4$s --delete --topic '%5$s'
                  kafka-consumer-groups.sh --bootstrap-server %4$s --delete --group %6$s
                """.formatted(
                to,
                newApplicationId,
                from,
                kafka.bootstrapServer,
                Stream.concat(Stream.of(from), StateStores.changelogs(applicationId).stream())
                        .map(topic -> topic.replace(".", "\\."))
                        .collect(Collectors.joining("|")),
                applicationId).stripTrailing());
    }
}
