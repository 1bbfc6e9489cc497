package io.handover.torture;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.handover.reference.Arrival;
import io.handover.reference.Command;
import io.handover.reference.ConversationLogs;
import io.handover.reference.ProfileArrival;
import io.handover.schema.AgentProfile;
import io.handover.schema.HandoverSerdes;
import io.handover.schema.RecordKind;
import io.handover.schema.Topics;
import io.handover.torture.Finding.Defect;
import io.handover.torture.Script.Conversation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/** The check after a run. It reads the topics from beginning to end and enters its findings into a ledger. */
final class Audit {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> TOPICS =
            List.of(Topics.EVENTS, Topics.COMMANDS, Topics.DEAD_LETTERS, Topics.AGENT_LOOKUPS);

    private final LogReader committed;
    private final LogReader all;
    private final Script script;
    private final Ledger ledger;
    private final LookupAudit lookups;
    private final TopicDump dump;
    private final Map<String, List<Command>> commands = new HashMap<>();
    private final Map<String, Integer> logged = new HashMap<>();
    private long ticks;

    private Audit(
            LogReader committed, LogReader all, Script script, Ledger ledger, LookupAudit lookups, TopicDump dump) {
        this.committed = committed;
        this.all = all;
        this.script = script;
        this.ledger = ledger;
        this.lookups = lookups;
        this.dump = dump;
    }

    /**
     * Audits the topics.
     *
     * @param answers the answers of the bridge
     * @param genesys the answers of Genesys
     * @param until the time up to which every deadline must have fired, epoch ms
     * @return the number of clock ticks in the log
     */
    static long run(
            String bootstrapServers,
            Script script,
            Answers answers,
            GenesysAnswers genesys,
            long until,
            Ledger ledger,
            TopicDump dump) {
        try (LogReader committed = LogReader.of(bootstrapServers, IsolationLevel.READ_COMMITTED);
                LogReader all = LogReader.of(bootstrapServers, IsolationLevel.READ_UNCOMMITTED)) {
            Audit audit = new Audit(committed, all, script, ledger, new LookupAudit(genesys, ledger), dump);
            for (String topic : TOPICS) {
                audit.requireNoOpenTransaction(topic);
            }
            audit.partitions(Topics.DEAD_LETTERS).forEach(audit::readDeadLetters);
            audit.partitions(Topics.COMMANDS).forEach(audit::readCommands);
            audit.partitions(Topics.AGENT_LOOKUPS).forEach(audit::readLookups);
            audit.partitions(Topics.EVENTS).forEach(partition -> audit.readEvents(partition, until));
            audit.lookups.close();
            audit.commands.forEach((conversation, rest) -> ledger.enter(new Finding(
                    Defect.UNEXPECTED, rest.size() + " commands of the unknown conversation " + conversation)));
            ledger.enter(answers, audit.logged);
            return audit.ticks;
        }
    }

    private List<TopicPartition> partitions(String topic) {
        return committed.partitionsOf(topic);
    }

    /** Finds partitions with an open transaction. A {@code read_committed} consumer never reads past it. */
    private void requireNoOpenTransaction(String topic) {
        List<TopicPartition> partitions = partitions(topic);
        Map<TopicPartition, Long> stable = committed.ends(partitions);
        all.ends(partitions).forEach((partition, end) -> {
            if (stable.getOrDefault(partition, 0L) < end) {
                ledger.enter(new Finding(
                        Defect.OPEN_TRANSACTION,
                        partition + " ends at " + end + ", but is stable only up to " + stable.get(partition)));
            }
        });
    }

    private void readDeadLetters(TopicPartition partition) {
        committed.read(partition, letter -> {
            dump.add(letter);
            ledger.enter(new Finding(
                    Defect.DEAD_LETTER, "dead letter " + partition + "@" + letter.offset() + " of " + letter.key()));
        });
    }

    private void readCommands(TopicPartition partition) {
        committed.read(partition, command -> {
            dump.add(command);
            commands.computeIfAbsent(String.valueOf(command.key()), ignored -> new ArrayList<>())
                    .add(Command.read(command.value()));
        });
    }

    private void readLookups(TopicPartition partition) {
        committed.read(partition, lookup -> {
            dump.add(lookup);
            lookups.add(HandoverSerdes.agentLookups().deserializer().deserialize(lookup.topic(), lookup.value()));
        });
    }

    /** Enters the conversations of one partition of {@code handover-events} into the ledger, each with its commands. */
    private void readEvents(TopicPartition partition, long until) {
        PartitionEntries read = new PartitionEntries(partition.toString());
        committed.read(partition, read::add);
        for (Conversation conversation : read.conversations.values()) {
            List<Command> seen = commands.remove(conversation.id());
            seen = seen == null ? List.of() : seen;
            seen.forEach(command -> lookups.add(partition.toString(), conversation.id(), command));
            ledger.enter(conversation, read.logs.of(conversation.id()), seen, Math.max(until, read.streamTime));
        }
    }

    /** The conversations of one partition, by their number, and the entries of the log that matter to them. */
    private final class PartitionEntries {

        private final String partition;
        private final Map<Integer, Conversation> conversations = new TreeMap<>();
        private final ConversationLogs logs = new ConversationLogs(ledger.rules());

        /** The highest record time so far. */
        private long streamTime = Long.MIN_VALUE;

        private PartitionEntries(String partition) {
            this.partition = partition;
        }

        private void add(ConsumerRecord<String, byte[]> read) {
            dump.add(read);
            streamTime = Math.max(streamTime, read.timestamp());
            if (isTick(read)) {
                ticks++;
                return;
            }
            if (isProfile(read)) {
                addProfile(profileOf(read, streamTime));
                return;
            }
            Arrival arrival = arrivalOf(read);
            if (arrival == null) {
                ledger.enter(new Finding(
                        Defect.DELIVERY_FOREIGN,
                        "record " + read.topic() + "-" + read.partition() + "@" + read.offset() + " was never sent"));
                return;
            }
            logged.merge(arrival.eventId(), 1, Integer::sum);
        }

        private void addProfile(ProfileArrival profile) {
            logs.add(profile);
            lookups.add(partition, profile);
        }

        /**
         * Finds the planned delivery with the same bytes as the record, and adds its arrival.
         * Returns null if no such delivery was planned.
         */
        private @Nullable Arrival arrivalOf(ConsumerRecord<String, byte[]> read) {
            Integer number = script.numberOf(String.valueOf(read.key())).orElse(null);
            if (number == null) {
                return null;
            }
            Conversation conversation = conversations.computeIfAbsent(number, script::conversation);
            String eventId = eventIdOf(read.value());
            for (Arrival planned : conversation.planned()) {
                if (planned.eventId().equals(eventId) && Arrays.equals(planned.envelope(), read.value())) {
                    logs.add(new Arrival(streamTime, planned.event(), eventId));
                    return planned;
                }
            }
            return null;
        }
    }

    static boolean isTick(ConsumerRecord<String, byte[]> read) {
        return isOfKind(RecordKind.CLOCK_TICK, read);
    }

    static boolean isProfile(ConsumerRecord<String, byte[]> read) {
        return isOfKind(RecordKind.AGENT_PROFILE, read);
    }

    static ProfileArrival profileOf(ConsumerRecord<String, byte[]> read, long streamTime) {
        AgentProfile profile = (AgentProfile)
                HandoverSerdes.recordDeserializer().deserialize(read.topic(), read.headers(), read.value());
        return new ProfileArrival(
                streamTime, profile.conversationId(), profile.agentId(), profile.name(), profile.imageUrl());
    }

    private static boolean isOfKind(RecordKind kind, ConsumerRecord<String, byte[]> read) {
        Header header = read.headers().lastHeader(RecordKind.HEADER);
        return header != null && new String(header.value(), StandardCharsets.UTF_8).equals(kind.label());
    }

    private static String eventIdOf(byte[] envelope) {
        try {
            JsonNode id = JSON.readTree(envelope).path("id");
            return id.asText();
        } catch (IOException e) {
            return "";
        }
    }
}
