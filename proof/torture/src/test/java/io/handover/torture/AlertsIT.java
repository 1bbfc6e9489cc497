package io.handover.torture;

import static org.assertj.core.api.Assertions.assertThat;

import io.handover.conversation.fold.IdEncoding;
import io.handover.embeddedkafka.FreePorts;
import io.handover.fakegenesys.Behaviour;
import io.handover.schema.KeyPartition;
import io.handover.schema.Topics;
import io.handover.torture.EventBridge.Event;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.common.utils.Utils;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each trouble of an installation raises exactly its alerts, and they clear when it is over. */
class AlertsIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** Longer than a clock may differ, and much shorter than a session of Kafka's clients. */
    private static final Duration SKEW = Duration.ofSeconds(3);

    /** Smaller than a dead letter can be, so the checks of both processes refuse the topic. */
    private static final String FEW_BYTES = "1000";

    private static final String ENOUGH_BYTES = "2097152";

    /** Less than the deliveries of two partitions have. */
    private static final double FEW_BYTES_READ_PER_SECOND = 700;

    private static final double FEW_BYTES_WRITTEN_PER_SECOND = 200;
    private static final Duration LONGEST_FREEZE = Duration.ofMinutes(2);

    /** For longer than the alert waits. */
    private static final int LATE_SECONDS = 12;

    private static final Duration STEP_BACK = Duration.ofMinutes(5);

    /** In some steps only, a tick is on its way. */
    private static final int MOST_STEPS_BACK = 8;

    private static final String GARBLED = "garbled";
    private static final String MISPLACED = "misplaced";

    /** Only the version of its encoding. */
    private static final byte[] GARBLED_STATE = {1};

    private static final int SCRAPE_MAX_BYTES = 100_000;
    private static final int PARTITIONS = 4;

    @TempDir
    private static Path folder;

    private static WatchedInstallation installation;
    private static BrokerCluster kafka;

    @BeforeAll
    static void start() throws Exception {
        installation = new WatchedInstallation(folder);
        kafka = installation.kafka();
    }

    @AfterAll
    static void stop() {
        installation.close();
    }

    @BeforeEach
    void awaitQuiet() {
        installation.awaitQuiet();
    }

    @Test
    void shouldReportAnOutageOfTheBroker() throws Exception {
        installation.assertRaises(
                () -> kafka.broker(1).freeze(LONGEST_FREEZE), kafka.broker(1)::thaw, "HandoverKafkaDown");
    }

    /**
     * The other app takes over the partitions, so nothing is late, although the app that is cut off knows of ends that are
     * due.
     */
    @Test
    void shouldReportInstancesThatAreCutOff() throws Exception {
        installation.assertRaises(
                () -> {
                    kafka.link().cut();
                    installation.awaitRaised("HandoverInstanceDown", "HandoverDeliveriesFailing");
                    Awaitility.await().atMost(PATIENCE).until(AlertsIT::isOverdue);
                },
                kafka.link()::heal,
                List.of("HandoverInstanceDown", "HandoverDeliveriesFailing"));
    }

    /** The events have too few replicas, and the dead letters are not as they must be. */
    @Test
    void shouldReportTopicsThatCannotBeUsed() throws Exception {
        installation.assertRaises(
                () -> {
                    kafka.alterTopic(Topics.EVENTS, TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, "2");
                    kafka.alterTopic(Topics.DEAD_LETTERS, TopicConfig.MAX_MESSAGE_BYTES_CONFIG, FEW_BYTES);
                },
                () -> {
                    kafka.alterTopic(Topics.EVENTS, TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, "1");
                    kafka.alterTopic(Topics.DEAD_LETTERS, TopicConfig.MAX_MESSAGE_BYTES_CONFIG, ENOUGH_BYTES);
                },
                "HandoverTopicUnusable",
                "HandoverDeadLettersNotWritable");
    }

    @Test
    void shouldReportBridgesThatAreDown() throws Exception {
        installation.assertRaises(
                () -> {
                    installation.spare().kill();
                    installation.bridge().kill();
                },
                () -> {
                    installation.spare().start();
                    installation.bridge().start();
                },
                "HandoverBridgeDown");
    }

    @Test
    void shouldReportABridgeThatStartsAgainAndAgain() throws Exception {
        installation.assertRaises(
                () -> {
                    restartSpare();
                    restartSpare();
                },
                () -> {},
                "HandoverRestarts");
    }

    private static void restartSpare() {
        installation.spare().kill();
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> !installation.prometheus().results("up == 0").isEmpty());
        installation.spare().start();
        installation.awaitReady();
    }

    /** What comes meanwhile is deleted, and the disk garbles a state. */
    @Test
    void shouldReportAppsThatAreDownAndWhatIsLostMeanwhile() throws Exception {
        installation.assertRaises(
                () -> {
                    installation.app().stop();
                    installation.otherApp().stop();
                    installation.awaitRaised("HandoverAppDown");
                    deleteUnread();
                    garbleState();
                    installation.app().restart();
                    installation.otherApp().restart();
                    installation.awaitRaised("HandoverDeletedUnread");
                    installation.deliver(WatchedInstallation.completed(GARBLED));
                    installation.awaitRaised("HandoverCorruptStates");
                },
                () -> assertThat(AcknowledgeDeleted.run(kafka, "handover", "--execute"))
                        .contains("Acknowledged."),
                List.of("HandoverAppDown", "HandoverDeletedUnread", "HandoverCorruptStates"));
    }

    private static void deleteUnread() throws Exception {
        TopicPartition events = new TopicPartition(Topics.EVENTS, 0);
        long end = kafka.admin()
                .listOffsets(Map.of(events, OffsetSpec.latest()))
                .partitionResult(events)
                .get()
                .offset();
        kafka.admin()
                .deleteRecords(Map.of(events, RecordsToDelete.beforeOffset(end)))
                .all()
                .get();
    }

    private static void garbleState() throws IOException {
        kafka.publish(Stream.of(new ProducerRecord<>(
                "handover-conversations-changelog",
                partitionOf(GARBLED),
                new String(IdEncoding.encode(GARBLED), StandardCharsets.UTF_8),
                GARBLED_STATE)));
        // The apps restore the state from Kafka.
        Utils.delete(folder.resolve("app").toFile());
        Utils.delete(folder.resolve("other-app").toFile());
    }

    @Test
    void shouldReportAWrongClockOfTheApps() throws Exception {
        installation.assertRaises(
                () -> installation.appsClock().set(SKEW),
                () -> installation.appsClock().set(Duration.ZERO),
                "HandoverClockSkew");
    }

    /** Its time passes deadlines that are not due. */
    @Test
    void shouldReportAClockOfTheBrokersThatJumpsAhead() throws Exception {
        installation.assertRaises(
                () -> installation.brokerClock().set(SKEW.multipliedBy(2)),
                () -> installation.brokerClock().set(Duration.ZERO),
                "HandoverCommandEarly",
                "HandoverClockSkew");
    }

    /**
     * Kafka's clients wait for the time that they had before, so the clock ticks do not come. A tick that was on its way
     * ends the wait of its app, which then works, and measures its clock.
     */
    @Test
    void shouldReportAppsWhoseClockWasSetBackWhileNothingComes() throws Exception {
        installation.assertRaises(
                () -> {
                    installation.stopDeliveries();
                    installation.awaitHeld(0);
                    setBackUntilAnAppWaits();
                    installation.awaitRaised("HandoverDeadlinesOverdue");
                },
                () -> {
                    installation.appsClock().set(Duration.ZERO);
                    installation.resumeDeliveries();
                },
                List.of("HandoverDeadlinesOverdue"),
                "HandoverClockSkew",
                "HandoverNoDeliveries");
    }

    private static void setBackUntilAnAppWaits() throws Exception {
        boolean isWaiting = false;
        for (int i = 1; i <= MOST_STEPS_BACK && !isWaiting; i++) {
            installation.deliver(WatchedInstallation.completed("held-" + i));
            installation.awaitHeld(1);
            installation.appsClock().set(STEP_BACK.multipliedBy(i).negated());
            Awaitility.await()
                    .atMost(PATIENCE)
                    .ignoreExceptionsInstanceOf(IOException.class)
                    .until(() -> installation.held() == 0 || isOverdue());
            if (isOverdue() && isUnread()) {
                // The tick was written, and is not read because its app waits. So the partition is stuck, which is
                // another alert.
                installation.appsClock().set(Duration.ZERO);
                installation.awaitHeld(0);
            }
            isWaiting = installation.held() > 0;
        }
        assertThat(isWaiting)
                .as("an app waits after " + MOST_STEPS_BACK + " steps")
                .isTrue();
    }

    private static boolean isOverdue() throws Exception {
        return !installation
                .prometheus()
                .results("handover_partition_overdue_seconds > " + LATE_SECONDS)
                .isEmpty();
    }

    private static boolean isUnread() throws Exception {
        return !installation
                .prometheus()
                .results("handover_partition_lag_records > 0")
                .isEmpty();
    }

    /** The alert needs deliveries some time before the silence. */
    @Test
    void shouldReportThatNoDeliveryComes() throws Exception {
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> !installation
                        .prometheus()
                        .results("sum(increase(handover_deliveries_received_total[10s] offset 20s)) > 10")
                        .isEmpty());
        installation.assertRaises(installation::stopDeliveries, installation::resumeDeliveries, "HandoverNoDeliveries");
    }

    /** Kafka acknowledges later than the bridge can wait. */
    @Test
    void shouldReportABridgeThatKafkaSlowsDown() throws Exception {
        installation.assertRaises(
                () -> kafka.limit("handover-ingress-bridge", "producer_byte_rate", FEW_BYTES_WRITTEN_PER_SECOND),
                () -> kafka.limit("handover-ingress-bridge", "producer_byte_rate", null),
                "HandoverDeliveriesFailing");
    }

    @Test
    void shouldReportAnAppThatKafkaSlowsDown() throws Exception {
        installation.assertRaises(
                () -> kafka.limit("app-StreamThread-1-consumer", "consumer_byte_rate", FEW_BYTES_READ_PER_SECOND),
                () -> kafka.limit("app-StreamThread-1-consumer", "consumer_byte_rate", null),
                "HandoverLag");
    }

    @Test
    void shouldReportGenesysThatDoesNotAnswerAndAgentsThatAreNotSeenToLeave() throws Exception {
        installation.assertRaises(
                () -> {
                    installation.genesys().become(Behaviour.UNAVAILABLE);
                    installation.sendStartsOnly();
                },
                () -> {
                    installation.genesys().become(Behaviour.NORMAL);
                    installation.sendCompletedWork();
                },
                "HandoverDirectoryFailing",
                "HandoverExpired");
    }

    /** Committed records are read only up to an open transaction. */
    @Test
    void shouldReportAPartitionThatIsStuck() throws Exception {
        try (Producer<String, byte[]> other = new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers(), "transactional.id", "another-producer"),
                new StringSerializer(),
                new ByteArraySerializer())) {
            other.initTransactions();
            installation.assertRaises(
                    () -> {
                        other.beginTransaction();
                        other.send(new ProducerRecord<>(Topics.EVENTS, 0, "any", new byte[0]))
                                .get();
                    },
                    other::abortTransaction,
                    "HandoverPartitionStuck");
        }
    }

    /** A wrong key, more connections than are accepted, and records in the events that no bridge has written. */
    @Test
    void shouldReportStrangers() throws Exception {
        List<Socket> connections = new ArrayList<>();
        URI address = installation.spare().endpoint();
        Event misplaced = WatchedInstallation.completed(MISPLACED);
        installation.assertRaises(
                () -> {
                    installation.sender().updateConnection("another-key");
                    for (int i = 0; i <= WatchedInstallation.CONNECTIONS; i++) {
                        connections.add(new Socket(address.getHost(), address.getPort()));
                    }
                    kafka.publish(Stream.of(
                            new ProducerRecord<>(Topics.EVENTS, "any", "no JSON".getBytes(StandardCharsets.UTF_8)),
                            new ProducerRecord<>(
                                    Topics.EVENTS, partitionAfter(MISPLACED), MISPLACED, misplaced.bytes())));
                },
                () -> {
                    installation.sender().updateConnection(BridgeProcess.KEY);
                    for (Socket connection : connections) {
                        connection.close();
                    }
                },
                "HandoverWrongKey",
                "HandoverConnectionsRefused",
                "HandoverDeadLetters",
                "HandoverMisplaced");
    }

    private static int partitionOf(String conversation) {
        return KeyPartition.of(conversation.getBytes(StandardCharsets.UTF_8), PARTITIONS);
    }

    private static int partitionAfter(String conversation) {
        return (partitionOf(conversation) + 1) % PARTITIONS;
    }

    @Test
    void shouldExportAllThatIsUsedInFewBytes() throws Exception {
        // Given
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> installation.app().get("/metrics").body().contains("kafka_stream_thread"));
        // When
        List<String> scrapes = List.of(
                installation.app().get("/metrics").body(), installation.bridge().metrics());
        // Then
        Set<String> exported = MetricNames.exported(scrapes);
        assertThat(MetricNames.usedInRules()).isNotEmpty().isSubsetOf(exported);
        assertThat(MetricNames.usedInDashboard()).isNotEmpty().isSubsetOf(exported);
        assertThat(MetricNames.usedInDocs()).isNotEmpty().isSubsetOf(exported);
        assertThat(MetricNames.own(scrapes)).isNotEmpty().isSubsetOf(MetricNames.usedInDocs());
        assertThat(scrapes)
                .allSatisfy(scrape ->
                        assertThat(scrape.getBytes(StandardCharsets.UTF_8)).hasSizeLessThan(SCRAPE_MAX_BYTES));
    }

    /** A metric that is 0 is left out by some commands, so those may print nothing. */
    @Test
    void shouldAnswerTheQuestionsOfTheRunbook() throws Exception {
        // Given
        Map<String, String> variables = Map.of(
                "BRIDGE", address(installation.bridge().managementPort()),
                "APP", address(installation.app().managementPort()));
        List<String> questions = Runbook.questions();
        assertThat(questions).isNotEmpty();
        for (String question : questions) {
            // When
            String answer = Runbook.answerTo(question.replace("ADDRESS", "$APP"), variables);
            // Then
            assertThat(answer).as(question).doesNotContain("Not Found");
            if (!question.contains("grep -v")) {
                assertThat(answer).as(question).isNotBlank();
            }
        }
    }

    private static String address(int port) {
        return "http://" + FreePorts.HOST + ":" + port;
    }

    @Test
    void shouldAnswerEveryQueryOfTheDashboard() throws Exception {
        // When / Then
        for (String expression : Dashboard.expressions()) {
            installation.prometheus().results(expression.replace("$__rate_interval", "10s"));
        }
    }
}
