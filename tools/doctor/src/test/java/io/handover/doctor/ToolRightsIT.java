package io.handover.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.handover.example.bot.Bot;
import io.handover.example.bot.BotConsumer;
import io.handover.history.HistoryCommands;
import io.handover.schema.Topics;
import io.handover.service.DeletedRange;
import io.handover.setup.dlq.DlqCommand;
import io.handover.terminal.CommandRunner;
import io.handover.terminal.StopSignal;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** Runs each tool with exactly its rights of docs/rights.md, and without each of them, over SASL_SSL. */
class ToolRightsIT {

    private static final String BOT = "bot";
    private static final String BOT_DEAD_LETTERS = "bot-dead-letters";
    private static final TopicPartition FIRST = new TopicPartition(Topics.EVENTS, 0);
    private static final List<String> CHANGELOGS =
            List.of("handover-conversations-changelog", "handover-agents-changelog");

    @TempDir
    private static Path folder;

    private static SecuredKafka kafka;
    private static DocumentedRights rights;
    private static Path archive;

    /** What a command returned and printed. */
    private record Run(int code, String err) {

        /** The error, which is one line. */
        String error(AclBinding lacking) {
            List<String> errors =
                    err.lines().filter(line -> line.startsWith("handover: ")).toList();
            assertThat(errors).as("without %s: %s", lacking, err).hasSize(1);
            assertThat(err).doesNotContain("\tat ", "Exception");
            assertThat(code).isEqualTo(CommandRunner.EXIT_FAILURE);
            return errors.get(0);
        }
    }

    @BeforeAll
    static void startKafka() throws Exception {
        rights = new DocumentedRights(Path.of("../../docs/rights.md"));
        kafka = SecuredKafka.start(folder, rights.users());
        for (String section : rights.sections()) {
            kafka.admin().createAcls(rights.of(section)).all().get();
        }
        archive = Files.writeString(folder.resolve("archive.ndjson"), event());
        List<NewTopic> topics = new ArrayList<>();
        topics.add(new NewTopic(Topics.EVENTS, 2, (short) 1));
        topics.add(new NewTopic(Topics.COMMANDS, 1, (short) 1));
        topics.add(new NewTopic(Topics.DEAD_LETTERS, 1, (short) 1));
        topics.add(new NewTopic(BOT_DEAD_LETTERS, 1, (short) 1));
        kafka.admin().createTopics(topics).all().get();
        createMissingChangelogs();
        publish(Topics.EVENTS, "conversation-1");
    }

    @AfterAll
    static void stopKafka() {
        kafka.close();
    }

    @ParameterizedTest(name = "{1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "read | explain conversation-1 topic:handover-events",
                "read | backtest topic:handover-events",
                "read | replay read --topic handover-events",
                "replay | replay publish ARCHIVE --topic handover-trial --create-partitions 1",
                "dlq | dlq list --from topic",
                "dlq | dlq discard --from topic --execute",
                "forget-agent | forget-agent --agent agent-1 --execute",
                "reset | reset --execute",
                "acknowledge-deleted | acknowledge-deleted --execute",
                "repartition | repartition --to handover-events-4 --partitions 4"
                        + " --new-application-id handover-4 --cut-over --execute",
            })
    void shouldNeedExactlyTheseRights(String section, String command) throws Exception {
        // Given
        Map<String, String> reports = new TreeMap<>();
        for (AclBinding right : rights.of(section)) {
            prepare(section);
            kafka.takeAway(right);
            reports.put(DocumentedRights.name(right), run(section, command).error(right));
            kafka.grant(right);
        }
        prepare(section);
        // When
        Run complete = run(section, command);
        // Then
        assertThat(complete.code()).as(complete.err()).isZero();
        rights.assertDocumented(section, reports);
    }

    @Test
    void shouldConsumeWithExactlyTheseRights() throws Exception {
        // Given
        publish(Topics.COMMANDS, "not-a-command");
        publish(Topics.COMMANDS, "conversation-1", "ce_id", "id-1", "ce_type", "io.handover.handover-ended");
        Map<String, String> reports = new TreeMap<>();
        for (AclBinding right : rights.of(BOT)) {
            kafka.takeAway(right);
            reports.put(DocumentedRights.name(right), consumed(1));
            kafka.grant(right);
        }
        // When
        String all = consumed(1);
        // Then
        assertThat(all).isEqualTo("[id-1]");
        rights.assertDocumented(BOT, reports);
    }

    /** Runs the consumer until the bot has that many commands. Returns their ids, or why the consumer failed. */
    private static String consumed(int count) throws InterruptedException {
        Properties client = new Properties();
        client.putAll(kafka.client(BOT));
        List<String> ids = new ArrayList<>();
        try (KafkaConsumer<String, byte[]> consumer = new KafkaConsumer<>(
                        BotConsumer.consumerProperties(client, "bot-0"),
                        new StringDeserializer(),
                        new ByteArrayDeserializer());
                KafkaProducer<String, byte[]> producer =
                        new KafkaProducer<>(client, new StringSerializer(), new ByteArraySerializer())) {
            BotConsumer[] running = new BotConsumer[1];
            running[0] = new BotConsumer(consumer, producer, BOT_DEAD_LETTERS, (id, type, command) -> {
                ids.add(id);
                if (ids.size() == count) {
                    running[0].stop();
                }
                return Bot.Answer.ACCEPTED;
            });
            running[0].run(Topics.COMMANDS);
            return ids.toString();
        } catch (KafkaException e) {
            return String.valueOf(e.getMessage());
        }
    }

    /** Brings the cluster into the state in which the tool has something to do. */
    private static void prepare(String section) throws Exception {
        Set<String> made = new TreeSet<>(kafka.admin().listTopics().names().get());
        made.removeIf(topic -> !topic.equals("handover-trial")
                && !topic.startsWith("handover-4-")
                && !topic.equals("handover-events-4"));
        kafka.delete(made);
        List<String> groups = kafka.admin().listGroups().all().get().stream()
                .map(GroupListing::groupId)
                .toList();
        kafka.admin().deleteConsumerGroups(groups).all().get();
        createMissingChangelogs();
        publish(Topics.DEAD_LETTERS, "conversation-1");
        commit("handover", new OffsetAndMetadata(0));
        if (section.equals("acknowledge-deleted")) {
            commit("handover-deleted-unread", new DeletedRange(0, 1, Instant.EPOCH).toOffset());
        }
    }

    private static void commit(String group, OffsetAndMetadata offset) throws Exception {
        kafka.admin()
                .alterConsumerGroupOffsets(group, Map.of(FIRST, offset))
                .all()
                .get();
    }

    private static void createMissingChangelogs() throws Exception {
        Set<String> topics = kafka.admin().listTopics().names().get();
        kafka.admin()
                .createTopics(CHANGELOGS.stream()
                        .filter(changelog -> !topics.contains(changelog))
                        .map(changelog -> new NewTopic(changelog, 2, (short) 1))
                        .toList())
                .all()
                .get();
    }

    private static void publish(String topic, String key, String... headers) throws Exception {
        RecordHeaders all = new RecordHeaders();
        for (int i = 0; i < headers.length; i += 2) {
            all.add(headers[i], headers[i + 1].getBytes(StandardCharsets.UTF_8));
        }
        try (KafkaProducer<String, byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.plainBootstrapServers()),
                new StringSerializer(),
                new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(topic, null, key, event().getBytes(StandardCharsets.UTF_8), all))
                    .get();
        }
    }

    private static String event() {
        return """
                {"version":"0","id":"event-1","detail-type":"v2.detail.events.conversation.{id}.user.start",\
                "source":"aws.partner/genesys.com/cloud/my-genesys/example-organization",\
                "time":"%1$s","detail":{"topicName":"v2.detail.events.conversation.conversation-1.user.start",\
                "eventBody":{"eventTime":%2$d,"sessionId":"session-1","userId":"agent-1"}}}
                """.formatted(Instant.now(), System.currentTimeMillis());
    }

    private static Run run(String user, String command) throws Exception {
        Properties client = new Properties();
        client.putAll(kafka.client(user));
        Path config = folder.resolve(user + ".properties");
        try (OutputStream out = Files.newOutputStream(config)) {
            client.store(out, null);
        }
        List<String> arguments = new ArrayList<>(
                List.of(command.replace("ARCHIVE", archive.toString()).split(" ", -1)));
        arguments.addAll(List.of(
                "--bootstrap-server", client.getProperty("bootstrap.servers"), "--command-config", config.toString()));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code = CommandRunner.run(
                (printOut, printErr, stop) -> HistoryCommands.addTo(
                        new CommandLine(CommandSpec.create().name("./handover"))
                                .addSubcommand(DlqCommand.commandLine(printOut, printErr, stop)),
                        printOut,
                        printErr,
                        stop),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                new StopSignal(),
                arguments.toArray(new String[0]));
        return new Run(code, err.toString(StandardCharsets.UTF_8));
    }
}
