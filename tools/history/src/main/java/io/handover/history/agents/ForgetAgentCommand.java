package io.handover.history.agents;

import io.handover.history.cluster.Cluster;
import io.handover.history.options.ClusterOptions;
import io.handover.schema.AgentProfile;
import io.handover.schema.HandoverSerdes;
import io.handover.schema.RecordKind;
import io.handover.schema.Topics;
import io.handover.service.MissingRight;
import io.handover.service.SettingsException;
import io.handover.terminal.CommandException;
import io.handover.terminal.CommandRunner;
import io.handover.terminal.HelpOption;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ./handover forget-agent}. */
@Command(
        name = "forget-agent",
        description = {
            "Makes streams-app forget the name and picture of an agent now, instead of at the end of"
                    + " agent.profile.retention.ms.",
            "",
            "It writes a profile without a name to every partition of the events, so a replay forgets the agent too. Delete"
                    + " the agent in Genesys first: otherwise the next announcement asks for the name again, and the memory"
                    + " of ingress-bridge keeps an answer for some minutes. Records that have the name already stay until"
                    + " the retention of their topic is over. Where live queries are on, ./handover conversations forget-agent"
                    + " orders it instead, and needs no right in Kafka."
        },
        customSynopsis = "./handover forget-agent --bootstrap-server HOST:PORT --agent ID [OPTIONS]",
        sortOptions = false,
        usageHelpWidth = CommandRunner.HELP_WIDTH,
        optionListHeading = "%nOptions:%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:written, or printed", "1:failed", "2:wrong usage"},
        footerHeading = "%nExamples:%n",
        footer = {
            "  Forget an agent:",
            "    ./handover forget-agent --bootstrap-server localhost:9092 \\",
            "      --agent 5c7e9a1b-3d2f-4b6a-8c0d-1e2f3a4b5c61 --execute"
        })
public final class ForgetAgentCommand implements Callable<Integer> {

    private final PrintStream err;

    @Mixin
    HelpOption help = new HelpOption();

    @Mixin
    ClusterOptions kafka = new ClusterOptions();

    @Option(names = "--agent", paramLabel = "ID", required = true, description = "The Genesys user id of the agent.")
    String agentId = "";

    @Option(
            names = "--topic-events",
            paramLabel = "NAME",
            defaultValue = Topics.EVENTS,
            description = "The setting topic.events of streams-app (${DEFAULT-VALUE}).")
    String events = Topics.EVENTS;

    @Option(names = "--execute", description = "Write the records.")
    boolean execute;

    public ForgetAgentCommand(PrintStream err) {
        this.err = err;
    }

    @Override
    public Integer call() {
        if (agentId.isBlank()) {
            throw new CommandException("--agent must be the id of an agent, but it is blank.");
        }
        Properties client = kafka.client();
        try (Cluster cluster = new Cluster(client)) {
            if (!cluster.has(events, AclOperation.WRITE)) {
                throw new CommandException("There is no topic " + events + " on this cluster. Check --topic-events.");
            }
            List<TopicPartition> partitions = cluster.partitions(events);
            if (!execute) {
                err.println("Would write one record to each of the " + partitions.size() + " partitions of " + events
                        + ". Nothing was changed. Add --execute.");
                return CommandRunner.EXIT_OK;
            }
            write(client, partitions);
            err.println("Written to " + partitions.size() + " partitions of " + events
                    + ". streams-app forgets the agent when it reads them.");
            return CommandRunner.EXIT_OK;
        } catch (KafkaException e) {
            throw SettingsException.ofClient(e);
        }
    }

    private void write(Properties client, List<TopicPartition> partitions) {
        Properties properties = new Properties();
        properties.putAll(client);
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        byte[] forgotten =
                HandoverSerdes.agentProfileSerializer().serialize(events, new AgentProfile(null, agentId, null, null));
        List<Future<?>> sent = new ArrayList<>();
        try (Producer<byte[], byte[]> producer =
                new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (TopicPartition partition : partitions) {
                sent.add(producer.send(new ProducerRecord<>(
                        partition.topic(),
                        partition.partition(),
                        null,
                        null,
                        forgotten,
                        List.of(RecordKind.AGENT_PROFILE.header()))));
            }
            for (Future<?> each : sent) {
                each.get();
            }
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new CommandException(
                    cause instanceof TopicAuthorizationException
                            ? MissingRight.onTopic(events, AclOperation.WRITE).sentence(kafka.bootstrapServer)
                            : "Kafka does not take the record: " + cause.getMessage(),
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandException("Interrupted while writing; run the command again.", e);
        }
    }
}
