package io.handover.torture;

import static org.assertj.core.api.Assertions.assertThat;

import io.handover.embeddedkafka.EmbeddedKafka;
import io.handover.reference.Arrival;
import io.handover.reference.Command;
import io.handover.reference.ReferenceModel;
import io.handover.reference.Rules;
import io.handover.reference.UnreliableDelivery;
import io.handover.schema.RecordKind;
import io.handover.schema.Topics;
import io.handover.torture.Finding.Defect;
import io.handover.torture.Script.Conversation;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
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
    private static final Conversation CONVERSATION = SCRIPT.conversation(0);
    private static final long UNTIL = Runs.START + 3_600_000;

    /** The record times are long ago, and the broker would delete the records. */
    private static final Map<String, String> KEPT = Map.of("retention.ms", "-1");

    @TempDir
    Path folder;

    private EmbeddedKafka kafka;
    private KafkaProducer<String, byte[]> producer;
    private final Ledger ledger = new Ledger(RULES);
    private final Map<String, Integer> accepted = new HashMap<>();

    @BeforeEach
    void start() throws Exception {
        kafka = EmbeddedKafka.start(folder.resolve("kafka"), 0);
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            admin.createTopics(Stream.of(Topics.EVENTS, Topics.COMMANDS, Topics.DEAD_LETTERS)
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
        CONVERSATION.planned().forEach(this::write);
        writeCommands();
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
        CONVERSATION.planned().forEach(this::write);
        writeCommands();
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
        CONVERSATION.planned().forEach(this::write);
        writeCommands();
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
        CONVERSATION.planned().forEach(this::write);

        // When
        audit();

        // Then
        assertThat(ledger.count(Defect.LOST)).isPositive().isEqualTo(ledger.expected());
        assertThat(ledger.isClean()).isFalse();
    }

    @Test
    void shouldFindCommandsOfUnknownConversationsAndDeadLetters() throws Exception {
        // Given
        CONVERSATION.planned().forEach(this::write);
        writeCommands();
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
        CONVERSATION.planned().forEach(this::write);
        writeCommands();
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

    private KafkaProducer<String, byte[]> producer(Map<String, Object> more) {
        Map<String, Object> config = new HashMap<>(more);
        config.put("bootstrap.servers", kafka.bootstrapServers());
        return new KafkaProducer<>(config, new StringSerializer(), new ByteArraySerializer());
    }

    private long audit() {
        try (TopicDump dump = TopicDump.to(folder.resolve("dump"))) {
            return Audit.run(kafka.bootstrapServers(), SCRIPT, new Answers(accepted, Map.of()), UNTIL, ledger, dump);
        }
    }

    private void write(Arrival arrival) {
        accepted.merge(arrival.eventId(), 1, Integer::sum);
        write(
                Topics.EVENTS,
                arrival.at(),
                CONVERSATION.id(),
                new String(arrival.envelope(), StandardCharsets.UTF_8),
                RecordKind.DELIVERY);
    }

    private static List<Command> expected() {
        return ReferenceModel.commands(RULES, CONVERSATION.planned(), UNTIL);
    }

    private void writeCommands() {
        int number = 0;
        for (Command command : expected()) {
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
        return """
                {"id": "id-%d", "type": "%s", "cycle": %d, "reason": "%4$s", "agent": {"id": "%4$s"},
                 "occurredAt": "%5$s", "decidedAt": "%6$s", "evidence": [%7$s]}
                """.formatted(
                        number,
                        command.type(),
                        command.cycle(),
                        command.what(),
                        Instant.ofEpochMilli(command.occurredAt()),
                        Instant.ofEpochMilli(command.decidedAt()),
                        evidence);
    }
}
