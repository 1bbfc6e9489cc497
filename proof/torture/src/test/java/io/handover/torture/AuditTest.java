package io.handover.torture;

import static org.assertj.core.api.Assertions.assertThat;

import io.handover.embeddedkafka.EmbeddedKafka;
import io.handover.fakegenesys.FakeGenesys.Request;
import io.handover.reference.Arrival;
import io.handover.reference.Command;
import io.handover.reference.Command.Shown;
import io.handover.reference.LogEntry;
import io.handover.reference.ProfileArrival;
import io.handover.reference.ReferenceModel;
import io.handover.reference.Rules;
import io.handover.reference.UnreliableDelivery;
import io.handover.schema.AgentLookup;
import io.handover.schema.AgentProfile;
import io.handover.schema.HandoverSerdes;
import io.handover.schema.RecordKind;
import io.handover.schema.Topics;
import io.handover.torture.Finding.Defect;
import io.handover.torture.Script.Conversation;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The findings of an audit in topics that the test wrote. */
class AuditTest {

    private static final RunTimes TIMES = RunTimes.of(Duration.ofMinutes(1));
    private static final Rules RULES = TIMES.rules();
    private static final Script SCRIPT =
            new Script(1, Runs.START, 1_000, TIMES.tempo(), UnreliableDelivery.within(1_000, 5_000));
    private static final long UNTIL = Runs.START + 3_600_000;
    private static final Conversation CONVERSATION = conversationWithAgents();
    private static final List<LogEntry> LOG = log();

    /** The record times are long ago, and the broker would delete the records. */
    private static final Map<String, String> KEPT = Map.of("retention.ms", "-1");

    @TempDir
    Path folder;

    private EmbeddedKafka kafka;
    private KafkaProducer<String, byte[]> producer;
    private final Ledger ledger = new Ledger(RULES);
    private final GenesysAnswers genesys = new GenesysAnswers();
    private final Map<String, Integer> accepted = new HashMap<>();

    @BeforeEach
    void start() throws Exception {
        kafka = EmbeddedKafka.start(folder.resolve("kafka"), 0);
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            admin.createTopics(Stream.of(Topics.EVENTS, Topics.COMMANDS, Topics.DEAD_LETTERS, Topics.AGENT_LOOKUPS)
                            .map(topic -> new NewTopic(topic, 2, (short) 1).configs(KEPT))
                            .toList())
                    .all()
                    .get(1, TimeUnit.MINUTES);
        }
        producer = producer(Map.of());
    }

    @AfterEach
    void stop() {
        producer.close();
        kafka.close();
    }

    @Test
    void shouldFindNothingInACorrectLog() throws Exception {
        // Given
        LOG.forEach(this::write);
        writeCommands();
        writeLookups();
        write(Topics.EVENTS, UNTIL - 1, null, "{}", RecordKind.CLOCK_TICK);

        // When
        long ticks = audit();

        // Then
        assertThat(ledger.descriptions()).isEmpty();
        assertThat(ledger.isClean()).isTrue();
        assertThat(ledger.expected()).isPositive().isEqualTo(ledger.seen());
        assertThat(ticks).isOne();
        assertThat(folder.resolve("dump")).content().contains(CONVERSATION.id(), "handover-ended");
    }

    @Test
    void shouldFindALostDelivery() throws Exception {
        // Given
        LOG.forEach(this::write);
        writeCommands();
        writeLookups();
        accepted.put("never-stored", 1);

        // When
        audit();

        // Then
        assertThat(ledger.count(Defect.DELIVERY_LOST)).isOne();
        assertThat(ledger.isClean()).isFalse();
    }

    @Test
    void shouldFindADeliveryWithAnotherByte() throws Exception {
        // Given
        LOG.forEach(this::write);
        writeCommands();
        writeLookups();
        Arrival arrival = CONVERSATION.planned().get(0);
        String altered = new String(arrival.envelope(), StandardCharsets.UTF_8).replace("eu-central-1", "eu-central-2");
        write(Topics.EVENTS, UNTIL, CONVERSATION.id(), altered, RecordKind.DELIVERY);

        // When
        audit();

        // Then
        assertThat(ledger.count(Defect.DELIVERY_FOREIGN)).isOne();
        assertThat(ledger.isClean()).isFalse();
    }

    @Test
    void shouldFindLostCommands() throws Exception {
        // Given
        LOG.forEach(this::write);

        // When
        audit();

        // Then
        assertThat(ledger.count(Defect.LOST)).isPositive().isEqualTo(ledger.expected());
        assertThat(ledger.isClean()).isFalse();
    }

    @Test
    void shouldFindCommandsOfUnknownConversationsAndDeadLetters() throws Exception {
        // Given
        LOG.forEach(this::write);
        writeCommands();
        writeLookups();
        Command command = expected().get(0);
        write(Topics.COMMANDS, UNTIL, "somebody-else", json(command, 99), RecordKind.DELIVERY);
        write(Topics.DEAD_LETTERS, UNTIL, null, "unreadable", RecordKind.DELIVERY);

        // When
        audit();

        // Then
        assertThat(ledger.count(Defect.UNEXPECTED)).isOne();
        assertThat(ledger.count(Defect.DEAD_LETTER)).isOne();
        assertThat(ledger.isClean()).isFalse();
    }

    @Test
    void shouldFindAnOpenTransaction() throws Exception {
        // Given
        LOG.forEach(this::write);
        writeCommands();
        writeLookups();
        try (KafkaProducer<String, byte[]> transactional = producer(Map.of("transactional.id", "left-open"))) {
            transactional.initTransactions();
            transactional.beginTransaction();
            transactional
                    .send(new ProducerRecord<>(Topics.COMMANDS, 0, null, new byte[0]))
                    .get(1, TimeUnit.MINUTES);

            // When
            audit();
        }

        // Then
        assertThat(ledger.count(Defect.OPEN_TRANSACTION)).isOne();
        assertThat(ledger.isClean()).isFalse();
    }

    @Test
    void shouldFindAWrongName() throws Exception {
        // Given
        List<Command> commands = new ArrayList<>(expected());
        int named = firstNamed();
        commands.set(named, Runs.with(commands.get(named), new Shown("Somebody else", null, true)));
        LOG.forEach(this::write);
        writeCommands(commands);
        writeLookups();

        // When
        audit();

        // Then
        assertThat(ledger.count(Defect.UNEXPECTED)).isOne();
        assertThat(ledger.count(Defect.LOST)).isOne();
        assertThat(ledger.count(Defect.END_CHANGED)).isZero();
    }

    @Test
    void shouldFindAMissingName() throws Exception {
        // Given
        List<Command> commands = new ArrayList<>(expected());
        commands.remove(firstNamed());
        LOG.forEach(this::write);
        writeCommands(commands);
        writeLookups();

        // When
        audit();

        // Then
        assertThat(ledger.count(Defect.LOST)).isOne();
    }

    @Test
    void shouldFindANameThatIsToldTwice() throws Exception {
        // Given
        List<Command> commands = new ArrayList<>(expected());
        commands.add(firstNamed(), commands.get(firstNamed()));
        LOG.forEach(this::write);
        writeCommands(commands);
        writeLookups();

        // When
        audit();

        // Then
        assertThat(ledger.count(Defect.DUPLICATED)).isOne();
        assertThat(ledger.count(Defect.BREACH)).isOne();
    }

    @Test
    void shouldFindALookupWithoutAProfileUnlessGenesysRefusedTheAgent() throws Exception {
        // Given
        LOG.stream().filter(Arrival.class::isInstance).forEach(this::write);
        writeCommands(ReferenceModel.commands(RULES, CONVERSATION.planned(), UNTIL));
        writeLookups();
        AgentLookup refused = lookups().get(0);
        genesys.add(new Request(refused.askedAt(), "/api/v2/users/" + refused.agentId(), 403));

        // When
        audit();

        // Then
        long excused = lookups().stream()
                .filter(lookup -> lookup.agentId().equals(refused.agentId()))
                .filter(lookup -> lookup.askedAt().isBefore(refused.askedAt().plusSeconds(1)))
                .count();
        assertThat(ledger.refusedLookups()).isEqualTo((int) excused).isPositive();
        assertThat(ledger.count(Defect.LOOKUP_LOST))
                .isEqualTo(lookups().size() - (int) excused)
                .isPositive();
    }

    @Test
    void shouldFindAnAnnouncementWithoutItsLookup() throws Exception {
        // Given
        LOG.forEach(this::write);
        writeCommands();
        lookups().stream().skip(1).forEach(this::write);

        // When
        audit();

        // Then
        assertThat(ledger.count(Defect.LOOKUP_MISSING)).isOne();
    }

    @Test
    void shouldFindALookupWithoutAnAnnouncementAndOneThatCameTwice() throws Exception {
        // Given
        LOG.forEach(this::write);
        writeCommands();
        writeLookups();
        AgentLookup lookup = lookups().get(0);
        write(lookup);
        write(new AgentLookup(
                lookup.conversationId(), lookup.agentId(), lookup.askedAt().minusMillis(1)));

        // When
        audit();

        // Then
        assertThat(ledger.count(Defect.LOOKUP_UNEXPECTED)).isEqualTo(2);
    }

    @Test
    void shouldFindAProfileThatGenesysDidNotGive() throws Exception {
        // Given
        LOG.forEach(this::write);
        writeCommands();
        writeLookups();
        writeRecord(new ProfileArrival(UNTIL - 1, CONVERSATION.id(), "anna", "Somebody else", null));

        // When
        audit();

        // Then
        assertThat(ledger.count(Defect.PROFILE_FOREIGN)).isOne();
    }

    private static Conversation conversationWithAgents() {
        return IntStream.iterate(0, number -> number + 1)
                .mapToObj(SCRIPT::conversation)
                .filter(conversation -> announcements(conversation.planned()).size() > 2)
                .findFirst()
                .orElseThrow();
    }

    private static List<Command> announcements(List<? extends LogEntry> log) {
        return ReferenceModel.commands(RULES, log, UNTIL).stream()
                .filter(command -> !command.isEnd())
                .toList();
    }

    /** The arrivals, the profile of the first agent as soon as the agent is announced, and at last those of all agents. */
    private static List<LogEntry> log() {
        List<LogEntry> log = new ArrayList<>(CONVERSATION.planned());
        List<Command> announcements = announcements(log);
        Command first = announcements.get(0);
        int position = 0;
        while (log.get(position).at() <= first.decidedAt()) {
            position++;
        }
        log.add(position, profileOf(first, first.decidedAt()));
        announcements.forEach(announcement -> log.add(profileOf(announcement, UNTIL - 2)));
        return log;
    }

    private static ProfileArrival profileOf(Command announcement, long at) {
        return new ProfileArrival(at, CONVERSATION.id(), announcement.what(), "Name of " + announcement.what(), null);
    }

    private static int firstNamed() {
        List<Command> commands = expected();
        int first = 0;
        while (!commands.get(first).shown().byProfile()) {
            first++;
        }
        return first;
    }

    /** The lookups of the expected announcements of unknown agents. */
    private static List<AgentLookup> lookups() {
        return expected().stream()
                .filter(command -> !command.isEnd() && command.shown().equals(Shown.ID_ALONE))
                .map(command ->
                        new AgentLookup(CONVERSATION.id(), command.what(), Instant.ofEpochMilli(command.decidedAt())))
                .toList();
    }

    private void writeLookups() {
        lookups().forEach(this::write);
    }

    private void write(AgentLookup lookup) {
        byte[] value = HandoverSerdes.agentLookups().serializer().serialize(Topics.AGENT_LOOKUPS, lookup);
        write(
                Topics.AGENT_LOOKUPS,
                lookup.askedAt().toEpochMilli(),
                lookup.agentId(),
                new String(value, StandardCharsets.UTF_8),
                RecordKind.DELIVERY);
    }

    private KafkaProducer<String, byte[]> producer(Map<String, Object> more) {
        Map<String, Object> config = new HashMap<>(more);
        config.put("bootstrap.servers", kafka.bootstrapServers());
        return new KafkaProducer<>(config, new StringSerializer(), new ByteArraySerializer());
    }

    private long audit() {
        try (TopicDump dump = TopicDump.to(folder.resolve("dump"))) {
            return Audit.run(
                    kafka.bootstrapServers(), SCRIPT, new Answers(accepted, Map.of()), genesys, UNTIL, ledger, dump);
        }
    }

    private void write(LogEntry entry) {
        if (entry instanceof Arrival arrival) {
            accepted.merge(arrival.eventId(), 1, Integer::sum);
            write(
                    Topics.EVENTS,
                    arrival.at(),
                    CONVERSATION.id(),
                    new String(arrival.envelope(), StandardCharsets.UTF_8),
                    RecordKind.DELIVERY);
        } else if (entry instanceof ProfileArrival profile) {
            genesys.add(profile.agentId(), profile.name(), profile.imageUrl());
            writeRecord(profile);
        }
    }

    private void writeRecord(ProfileArrival profile) {
        byte[] value = HandoverSerdes.agentProfileSerializer()
                .serialize(
                        Topics.EVENTS,
                        new AgentProfile(
                                profile.conversationId(), profile.agentId(), profile.name(), profile.imageUrl()));
        write(
                Topics.EVENTS,
                profile.at(),
                CONVERSATION.id(),
                new String(value, StandardCharsets.UTF_8),
                RecordKind.AGENT_PROFILE);
    }

    private static List<Command> expected() {
        return ReferenceModel.commands(RULES, LOG, UNTIL);
    }

    private void writeCommands() {
        writeCommands(expected());
    }

    private void writeCommands(List<Command> commands) {
        int number = 0;
        for (Command command : commands) {
            number++;
            write(Topics.COMMANDS, command.decidedAt(), CONVERSATION.id(), json(command, number), RecordKind.DELIVERY);
        }
    }

    private void write(String topic, long time, @Nullable String key, String value, RecordKind kind) {
        try {
            producer.send(new ProducerRecord<>(
                            topic, null, time, key, value.getBytes(StandardCharsets.UTF_8), List.of(kind.header())))
                    .get(1, TimeUnit.MINUTES);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static String json(Command command, int number) {
        String evidence = command.evidence().stream()
                .map(fact -> fact.split("@"))
                .map(fact -> "{\"topic\": \"%s\", \"eventTime\": \"%s\"}"
                        .formatted(fact[0], Instant.ofEpochMilli(Long.parseLong(fact[1]))))
                .collect(Collectors.joining(","));
        String name =
                command.shown().name() == null ? "null" : '"' + command.shown().name() + '"';
        return """
                {"id": "id-%d", "type": "%s", "cycle": %d, "reason": "%8$s", "agent": {"id": "%4$s", "name": %9$s},
                 "occurredAt": "%5$s", "decidedAt": "%6$s", "evidence": [%7$s]}
                """.formatted(
                        number,
                        command.type(),
                        command.cycle(),
                        command.what(),
                        Instant.ofEpochMilli(command.occurredAt()),
                        Instant.ofEpochMilli(command.decidedAt()),
                        evidence,
                        command.shown().byProfile() ? "agent-profile" : command.what(),
                        name);
    }
}
