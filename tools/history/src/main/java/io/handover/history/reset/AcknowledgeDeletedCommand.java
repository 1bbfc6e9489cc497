package io.handover.history.reset;

import io.handover.history.cluster.Cluster;
import io.handover.history.options.ClusterOptions;
import io.handover.schema.Topics;
import io.handover.service.DeletedRange;
import io.handover.service.SettingsException;
import io.handover.terminal.CommandException;
import io.handover.terminal.CommandRunner;
import io.handover.terminal.HelpOption;
import java.io.PrintStream;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclOperation;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ./handover acknowledge-deleted}. */
@Command(
        name = "acknowledge-deleted",
        description = {
            "Acknowledges that Kafka deleted deliveries before streams-app had read them. Until then, streams-app is not"
                    + " ready.",
            "",
            "Without --execute it only prints the ranges. Replay the EventBridge archive of that time first."
        },
        customSynopsis = "./handover acknowledge-deleted --bootstrap-server HOST:PORT [OPTIONS]",
        sortOptions = false,
        usageHelpWidth = CommandRunner.HELP_WIDTH,
        optionListHeading = "%nOptions:%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:the ranges are acknowledged, or printed", "1:failed", "2:wrong usage"},
        footerHeading = "%nExamples:%n",
        footer = {
            "  Print what was deleted:",
            "    ./handover acknowledge-deleted --bootstrap-server localhost:9092",
            "  Acknowledge it, after the replay:",
            "    ./handover acknowledge-deleted --bootstrap-server localhost:9092 --execute"
        })
public final class AcknowledgeDeletedCommand implements Callable<Integer> {

    private static final Comparator<TopicPartition> BY_NAME =
            Comparator.comparing(TopicPartition::topic).thenComparing(TopicPartition::partition);

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

    @Option(names = "--execute", description = "Acknowledge the ranges.")
    boolean execute;

    public AcknowledgeDeletedCommand(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    @Override
    public Integer call() {
        String group = DeletedRange.groupOf(applicationId);
        try (Cluster cluster = new Cluster(kafka.client())) {
            // Kafka leaves out the offsets of a topic that the user may not describe.
            if (!cluster.has(events, AclOperation.DESCRIBE)) {
                throw new CommandException("There is no topic " + events + " on this cluster. Check --topic-events.");
            }
            Map<TopicPartition, OffsetAndMetadata> stored = new TreeMap<>(BY_NAME);
            stored.putAll(cluster.committed(group, AclOperation.DELETE));
            if (stored.isEmpty()) {
                err.println("Nothing waits for an acknowledgement of the application " + applicationId + ".");
                return CommandRunner.EXIT_OK;
            }
            stored.forEach((partition, offset) -> out.println(describe(partition, offset)));
            if (!execute) {
                err.println("Nothing was changed. Replay the EventBridge archive of that time, and add --execute to"
                        + " acknowledge.");
                return CommandRunner.EXIT_OK;
            }
            cluster.deleteGroup(group);
        } catch (KafkaException e) {
            throw SettingsException.ofClient(e);
        }
        err.println("Acknowledged. The instances are ready within seconds.");
        return CommandRunner.EXIT_OK;
    }

    private static String describe(TopicPartition partition, OffsetAndMetadata offset) {
        Optional<DeletedRange> range = DeletedRange.of(offset);
        return partition.topic() + " partition " + partition.partition() + ": "
                + range.map(deleted -> deleted + ", at most " + deleted.count() + " deliveries")
                        .orElse("an offset that streams-app did not commit");
    }
}
