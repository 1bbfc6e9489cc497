package io.handover.streams;

import static io.handover.streams.TopologyFixture.START;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.handover.conversation.ConversationState;
import io.handover.conversation.TransferPolicy;
import io.handover.conversation.fold.ConversationFold;
import io.handover.conversation.fold.CustomerAddress;
import io.handover.conversation.fold.StoredConversation;
import io.handover.schema.HandoverCommand;
import io.handover.schema.KeyPartition;
import io.handover.schema.UnreadableRecordException;
import io.handover.service.TopicNames;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class ConversationTopologyTest {

    private static final Duration TICK = Duration.ofMillis(250);

    @TempDir
    private Path stateDirectory;

    private TopologyFixture topology;

    @BeforeEach
    void start() {
        topology = new TopologyFixture(stateDirectory);
    }

    @AfterEach
    void stop() {
        topology.close();
    }

    @Test
    void shouldKeepTheNamesOfTheTopology() throws IOException {
        // Given
        String expected;
        try (InputStream golden = getClass().getResourceAsStream("/topology.txt")) {
            expected = new String(golden.readAllBytes(), StandardCharsets.UTF_8);
        }
        // When
        String description = ConversationTopology.build(
                        TopicNames.DEFAULT,
                        1,
                        TransferPolicy.DEFAULT,
                        CustomerAddress.DEFAULT,
                        new ConversationMetrics(topology.registry))
                .describe()
                .toString();
        // Then
        assertThat(description).isEqualToNormalizingNewlines(expected);
    }

    @Test
    void shouldSendTheCommandsOfAHandover() {
        // Given
        topology.deliver("c", Deliveries.userStart("c", "anna", START), seconds(0));
        topology.deliver("c", Deliveries.userEnd("c", "anna", START.plusSeconds(60), "CLIENT"), seconds(60));
        topology.deliver("c", Deliveries.acw("c", "anna", START.plusSeconds(61)), seconds(61));
        // When
        topology.moveLogTo(seconds(63));
        // Then
        List<TestRecord<String, HandoverCommand>> records = topology.commandRecords().stream()
                .filter(record -> record.key().equals("c"))
                .toList();
        assertThat(records)
                .extracting(record -> record.value().type())
                .containsExactly("agent-updated", "handover-ended");
        assertThat(records.get(1).value()).satisfies(ended -> {
            assertThat(ended.userId()).isEqualTo("customer-of-c");
            assertThat(ended.organizationId()).isEqualTo("organization-1");
            assertThat(ended.occurredAt()).isEqualTo(START.plusSeconds(61));
            assertThat(ended.decidedAt()).isEqualTo(START.plusSeconds(63));
            assertThat(ended.evidence()).extracting("eventId").doesNotContainNull();
        });
        assertThat(records.get(1).timestamp()).isEqualTo(START.plusSeconds(63).toEpochMilli());
        assertThat(records.get(1).headers().lastHeader("ce_type").value())
                .asString(StandardCharsets.UTF_8)
                .isEqualTo("io.handover.handover-ended");
    }

    @Test
    void shouldIgnoreADuplicateWithANewEventBridgeId() {
        // Given
        String delivery = Deliveries.customerEnd("c", START);
        topology.deliver("c", delivery, seconds(0));
        // When
        topology.deliver("c", delivery.replace("event-customer.end", "another-id"), seconds(1));
        // Then
        assertThat(topology.commands()).containsExactly("c: customer-end @0");
        assertThat(topology.outcomes("duplicate")).isEqualTo(1);
    }

    @Nested
    class Hold {

        @BeforeEach
        void hold() {
            topology.deliver("c", Deliveries.acw("c", "anna", START), seconds(0));
        }

        @Test
        void shouldNotEndOneMillisecondBeforeTheDeadline() {
            // When
            topology.moveLogTo(Duration.ofMillis(9_999));
            // Then
            assertThat(topology.commands()).isEmpty();
        }

        @Test
        void shouldEndAtTheDeadline() {
            // When
            topology.moveLogTo(seconds(10));
            // Then
            assertThat(topology.commands()).containsExactly("c: transfer-timeout @10000");
        }

        @Test
        void shouldEndOnceAndAtTheDeadlineIfTheLogIsLate() {
            // When
            topology.moveLogTo(seconds(3_600));
            topology.moveLogTo(seconds(3_601));
            // Then
            assertThat(topology.commands()).containsExactly("c: transfer-timeout @10000");
        }

        @Test
        void shouldFireBeforeTheRecordThatMovesTheLog() {
            // When
            topology.deliver("c", Deliveries.userStart("c", "ben", START.plusSeconds(10)), seconds(10));
            // Then
            assertThat(topology.commands())
                    .containsExactly("c: transfer-timeout @10000", "c: agent-updated ben @10000");
        }

        @Test
        void shouldBeCancelledByARecordBeforeTheDeadline() {
            // When
            topology.deliver("c", Deliveries.userStart("c", "ben", START.plusSeconds(9)), Duration.ofMillis(9_999));
            topology.moveLogTo(seconds(3_600));
            // Then
            assertThat(topology.commands()).containsExactly("c: agent-updated ben @9999");
        }
    }

    @Nested
    class QuietPartition {

        @Test
        void shouldGetTheTimeFromOneTick() {
            // Given
            topology.deliver("c", Deliveries.acw("c", "anna", START), seconds(0));
            readFirstTick();
            // When
            topology.advanceWallClock(Duration.ofMillis(9_749));
            assertThat(topology.commands()).isEmpty();
            assertThat(topology.count("handover.ticks.written")).isEqualTo(1);
            topology.advanceWallClock(TICK);
            // Then
            assertThat(topology.commands()).containsExactly("c: transfer-timeout @10000");
            assertThat(topology.count("handover.ticks.written")).isEqualTo(2);
            assertThat(topology.count("handover.ticks.read")).isEqualTo(2);
        }

        @Test
        void shouldGetOnlyTheFirstTickWhileNothingIsDue() {
            // Given
            topology.deliver("c", Deliveries.userStart("c", "anna", START), seconds(0));
            readFirstTick();
            // When
            topology.advanceWallClock(seconds(3_600));
            topology.advanceWallClock(seconds(3_600));
            // Then
            assertThat(topology.count("handover.ticks.written")).isEqualTo(1);
        }

        @Test
        void shouldGetNoTickWithoutAnyConversation() {
            // When
            topology.advanceWallClock(seconds(3_600));
            topology.advanceWallClock(seconds(3_600));
            // Then
            assertThat(topology.count("handover.ticks.written")).isZero();
        }

        /** The first tick measures the difference of the clocks. */
        private void readFirstTick() {
            topology.advanceWallClock(TICK);
            assertThat(topology.count("handover.ticks.read")).isEqualTo(1);
        }

        @Test
        void shouldGetNoTickForAHoldThatWasCancelled() {
            // Given
            topology.deliver("c", Deliveries.acw("c", "anna", START), seconds(0));
            topology.deliver("c", Deliveries.userStart("c", "ben", START.plusSeconds(1)), seconds(1));
            readFirstTick();
            // When
            topology.advanceWallClock(seconds(3_600));
            topology.advanceWallClock(seconds(3_600));
            // Then
            assertThat(topology.count("handover.ticks.written")).isEqualTo(1);
            assertThat(topology.commands()).containsExactly("c: agent-updated ben @1000");
        }
    }

    @Test
    void shouldTickIfTheRecordsDoNotMoveTheStreamTime() {
        // Given: a bridge whose clock lags behind, and a hold of one whose clock does not
        topology.deliver("c", Deliveries.acw("c", "anna", START), seconds(0));
        for (int i = 0; i < 60; i++) {
            // When
            String bystander = "bystander-" + i;
            topology.deliver(bystander, Deliveries.userStart(bystander, "somebody", START), seconds(-60));
            topology.advanceWallClock(TICK);
        }
        // Then
        assertThat(topology.commands()).containsExactly("c: transfer-timeout @10000");
    }

    @Test
    void shouldNotFireEarlyBehindABacklog() {
        // Given: the application is an hour behind, so the wall clock has passed every deadline of the log
        topology.close();
        topology = new TopologyFixture(stateDirectory, TransferPolicy.DEFAULT, START.plusSeconds(3_600));
        topology.deliver("c", Deliveries.acw("c", "anna", START), seconds(0));
        topology.advanceWallClock(TICK.minusMillis(1));
        assertThat(topology.count("handover.ticks.written")).isZero();
        // When
        topology.deliver("c", Deliveries.userStart("c", "ben", START.plusSeconds(8)), seconds(8));
        topology.advanceWallClock(TICK);
        topology.advanceWallClock(TICK);
        // Then
        assertThat(topology.commands()).containsExactly("c: agent-updated ben @8000");
    }

    @Test
    void shouldFireTheDeadlineOfAConversationBeforeItsNextEventWhenMoreIsDueThanOneRecordFires() {
        // Given
        int conversations = ConversationFold.MAX_FIRED + 500;
        for (int i = 0; i < conversations; i++) {
            String id = "c-%05d".formatted(i);
            topology.deliver(id, Deliveries.acw(id, "anna", START), seconds(0));
        }
        String last = "c-%05d".formatted(conversations - 1);
        // When
        topology.deliver(last, Deliveries.userStart(last, "ben", START.plusSeconds(11)), seconds(11));
        // Then
        List<String> commands = topology.commands();
        assertThat(commands).hasSize(ConversationFold.MAX_FIRED + 2);
        assertThat(commands).endsWith(last + ": transfer-timeout @10000", last + ": agent-updated ben @11000");
        topology.moveLogTo(seconds(12));
        assertThat(topology.commands()).hasSize(499);
    }

    @Test
    void shouldDeduplicateAnEventWhoseTimeWasNotCredibleAtFirst() {
        // Given
        String delivery =
                Deliveries.userStart("c", "anna", START.plus(Duration.ofDays(1)).plusSeconds(3));
        topology.deliver("c", delivery, seconds(0));
        // When
        topology.deliver("c", delivery, seconds(5));
        // Then
        assertThat(topology.outcomes("duplicate")).isEqualTo(1);
    }

    @Nested
    class Retention {

        private final Duration retention = Duration.ofMillis(TransferPolicy.DEFAULT.retentionMs());

        /** So much later, an ended conversation is deleted at the latest. */
        private final Duration sweep = retention.dividedBy(8);

        @Test
        void shouldDeleteAConversationAfterItsRetention() {
            // Given
            topology.deliver("c", Deliveries.customerEnd("c", START), seconds(0));
            // When
            topology.moveLogTo(retention.minusMillis(1));
            assertThat(topology.conversations().get("c")).isNotNull();
            topology.moveLogTo(retention.plus(sweep));
            // Then
            assertThat(topology.conversations().get("c")).isNull();
        }

        @Test
        void shouldCountFromTheNewestEvent() {
            // Given
            topology.deliver("c", Deliveries.userStart("c", "anna", START), seconds(0));
            topology.deliver("c", Deliveries.customerEnd("c", START.plusSeconds(60)), seconds(60));
            // When
            topology.moveLogTo(retention);
            assertThat(topology.conversations().get("c")).isNotNull();
            topology.moveLogTo(retention.plusSeconds(60).plus(sweep));
            // Then
            assertThat(topology.conversations().get("c")).isNull();
        }

        @Test
        void shouldRejectTheDuplicateOfAnEventThatWasForgotten() {
            // Given
            String delivery = Deliveries.customerEnd("c", START);
            topology.deliver("c", delivery, seconds(0));
            // When
            topology.deliver("c", delivery, retention.minusMillis(1));
            topology.deliver("c", delivery, retention);
            topology.deliver("c", delivery, retention.plusSeconds(1));
            // Then
            assertThat(topology.commands()).containsExactly("c: customer-end @0");
            assertThat(topology.outcomes("duplicate")).isEqualTo(1);
            assertThat(topology.outcomes("too-old")).isEqualTo(2);
            assertThat(topology.conversations().get("c")).isNull();
        }
    }

    @Nested
    class BadInput {

        private final Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
        private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

        @BeforeEach
        void listen() {
            lines.start();
            root.addAppender(lines);
        }

        @AfterEach
        void stopListening() {
            root.detachAppender(lines);
        }

        @Test
        void shouldSendAnUnreadableRecordToTheDeadLettersAndGoOn() {
            // Given
            RecordHeaders headers = new RecordHeaders();
            headers.add("traceparent", "00-1".getBytes(StandardCharsets.UTF_8));
            // When
            topology.events.pipeInput(
                    new TestRecord<>("c", "{\"detail\": nonsense".getBytes(StandardCharsets.UTF_8), headers, START));
            topology.deliver("c", Deliveries.customerEnd("c", START), seconds(0));
            // Then
            TestRecord<String, byte[]> deadLetter = topology.deadLetters.readRecord();
            assertThat(deadLetter.key()).isEqualTo("c");
            assertThat(deadLetter.value()).asString(StandardCharsets.UTF_8).isEqualTo("{\"detail\": nonsense");
            assertThat(header(deadLetter, "traceparent")).isEqualTo("00-1");
            assertThat(header(deadLetter, "__streams.errors.exception"))
                    .isEqualTo(UnreadableRecordException.class.getName());
            assertThat(header(deadLetter, "__streams.errors.message")).startsWith("Expected");
            assertThat(header(deadLetter, "__streams.errors.topic")).isEqualTo("handover-events");
            assertThat(header(deadLetter, "__streams.errors.partition")).isEqualTo("0");
            assertThat(header(deadLetter, "__streams.errors.offset")).isEqualTo("0");
            assertThat(topology.deadLetters.isEmpty()).isTrue();
            assertThat(topology.deadLetters("unreadable")).isEqualTo(1);
            assertThat(topology.commands()).containsExactly("c: customer-end @0");
        }

        @Test
        void shouldLogOneLinePerUnreadableRecord() {
            // Given
            String unknownKind = "telegram".repeat(100);
            RecordHeaders headers = new RecordHeaders();
            headers.add("handover-record", unknownKind.getBytes(StandardCharsets.UTF_8));
            // When
            topology.events.pipeInput(new TestRecord<>("c", new byte[] {1}, headers, START));
            topology.events.pipeInput("c", "{\"detail\": nonsense".getBytes(StandardCharsets.UTF_8), START);
            // Then
            assertThat(lines.list).hasSize(2).allSatisfy(line -> {
                assertThat(line.getLevel()).isEqualTo(Level.WARN);
                assertThat(line.getMessage()).isEqualTo("Unreadable record sent to the dead letters");
                assertThat(line.getThrowableProxy()).isNull();
            });
            assertThat(keyValues(lines.list.get(0)))
                    .containsOnlyKeys("topic", "partition", "offset", "reason")
                    .hasEntrySatisfying(
                            "reason",
                            reason -> assertThat(reason)
                                    .startsWith("Expected header")
                                    .hasSize(200));
            assertThat(keyValues(lines.list.get(1)))
                    .containsEntry("topic", "handover-events")
                    .containsEntry("partition", "0")
                    .containsEntry("offset", "1")
                    .hasEntrySatisfying("reason", reason -> assertThat(reason).doesNotContain("nonsense"));
        }

        @Test
        void shouldNotDecideARecordThatBelongsToAnotherPartition() {
            // Given
            topology.close();
            topology = new TopologyFixture(stateDirectory, 4);
            String own = conversationOf(0);
            String other = conversationOf(3);
            byte[] misplaced = Deliveries.customerEnd(other, START).getBytes(StandardCharsets.UTF_8);
            RecordHeaders headers = new RecordHeaders();
            headers.add("traceparent", "00-1".getBytes(StandardCharsets.UTF_8));
            // When
            topology.deliver(own, Deliveries.customerEnd(own, START), seconds(0));
            topology.events.pipeInput(new TestRecord<>(other, misplaced, headers, START.plusSeconds(1)));
            // Then
            assertThat(topology.commands()).containsExactly(own + ": customer-end @0");
            assertThat(topology.conversations().get(other)).isNull();
            assertThat(topology.count("handover.misplaced")).isEqualTo(1);
            assertThat(topology.deadLetters("misplaced")).isEqualTo(1);
            TestRecord<String, byte[]> deadLetter = topology.deadLetters.readRecord();
            assertThat(deadLetter.key()).isEqualTo(other);
            assertThat(deadLetter.value()).isEqualTo(misplaced);
            assertThat(deadLetter.timestamp()).isEqualTo(START.plusSeconds(1).toEpochMilli());
            assertThat(header(deadLetter, "traceparent")).isEqualTo("00-1");
            assertThat(header(deadLetter, "handover-reason"))
                    .isEqualTo("misplaced: in partition 0 of 4, but the key belongs to partition 3");
            assertThat(header(deadLetter, "__streams.errors.offset")).isEqualTo("1");
            assertThat(topology.deadLetters.isEmpty()).isTrue();
        }

        @Test
        void shouldLogAMisplacedRecordAtMostOncePerSecond() {
            // Given
            topology.close();
            topology = new TopologyFixture(stateDirectory, 4);
            String other = conversationOf(3);
            lines.list.clear();
            // When
            for (int i = 0; i < 10; i++) {
                topology.deliver(other, Deliveries.customerEnd(other, START), seconds(i));
            }
            topology.advanceWallClock(seconds(1));
            topology.deliver(other, Deliveries.customerEnd(other, START), seconds(10));
            // Then
            assertThat(topology.count("handover.misplaced")).isEqualTo(11);
            assertThat(lines.list)
                    .extracting(ILoggingEvent::getMessage)
                    .containsOnly("Misplaced record sent to the dead letters, its topic may have grown")
                    .hasSize(2);
            assertThat(keyValues(lines.list.get(1)))
                    .containsOnly(Map.entry("partition", "0"), Map.entry("offset", "10"), Map.entry("belongs", "3"));
        }

        @Test
        void shouldDecideADeliveryWithoutARecordKeyOnlyInThePartitionOfItsConversation() {
            // Given
            topology.close();
            topology = new TopologyFixture(stateDirectory, 4);
            String own = conversationOf(0);
            byte[] misplaced = Deliveries.customerEnd(conversationOf(3), START).getBytes(StandardCharsets.UTF_8);
            // When
            topology.events.pipeInput(null, Deliveries.customerEnd(own, START).getBytes(StandardCharsets.UTF_8), START);
            topology.events.pipeInput(null, misplaced, START);
            // Then
            assertThat(topology.commands()).containsExactly(own + ": customer-end @0");
            assertThat(topology.count("handover.misplaced")).isEqualTo(1);
            assertThat(topology.deadLetters.readRecord().value()).isEqualTo(misplaced);
        }

        private String conversationOf(int partition) {
            return Stream.iterate(0, i -> i + 1)
                    .map(i -> "c" + i)
                    .filter(id -> KeyPartition.of(id.getBytes(StandardCharsets.UTF_8), 4) == partition)
                    .findFirst()
                    .orElseThrow();
        }

        private Map<String, String> keyValues(ILoggingEvent line) {
            return line.getKeyValuePairs().stream()
                    .collect(Collectors.toMap(pair -> pair.key, pair -> String.valueOf(pair.value)));
        }

        private String header(TestRecord<String, byte[]> record, String name) {
            return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
        }

        @Test
        void shouldSendARecordOfAnUnknownKindToTheDeadLetters() {
            // Given
            RecordHeaders headers = new RecordHeaders();
            headers.add("handover-record", "telegram".getBytes(StandardCharsets.UTF_8));
            // When
            topology.events.pipeInput(new TestRecord<>("c", new byte[] {1}, headers, START));
            topology.events.pipeInput(new TestRecord<>("c", null, new RecordHeaders(), START));
            topology.deliver("c", Deliveries.customerEnd("c", START), seconds(0));
            // Then
            assertThat(topology.deadLetters.readRecordsToList())
                    .extracting(record -> header(record, "__streams.errors.message"))
                    .satisfiesExactly(
                            message -> assertThat(message).contains("'telegram'"),
                            message -> assertThat(message).contains("it is null"));
            assertThat(topology.commands()).containsExactly("c: customer-end @0");
        }

        @Test
        void shouldNotConfuseAnIdFromOutsideWithItsOwn() {
            // Given
            String dataAction = """
                    {"topic": "v2.detail.events.conversation.id.%s", "userId": "customer", "conversationId": "c"%s}
                    """;
            // When
            topology.deliver(
                    "c",
                    dataAction.formatted("user.end", ", \"sessionId\": \"legless:x\", \"disconnectType\": \"CLIENT\""),
                    seconds(0));
            topology.deliver("c", dataAction.formatted("acw", ""), seconds(1));
            topology.deliver("c", dataAction.formatted("acw", ""), seconds(2));
            topology.moveLogTo(seconds(300));
            // Then
            assertThat(topology.commands()).containsExactly("c: transfer-timeout @12000");
        }

        @Test
        void shouldCountUnwantedDeliveries() {
            // When
            topology.deliver("c", Deliveries.customerEnd("c", START).replace("customer.end", "contact"), seconds(0));
            // Then
            assertThat(topology.count("handover.unwanted")).isEqualTo(1);
            assertThat(topology.conversations().get("c")).isNull();
        }

        @Test
        void shouldSendACorruptStateToTheDeadLettersAndStartAfresh() {
            // Given
            topology.deliver("c", Deliveries.acw("c", "anna", START), seconds(0));
            byte[] whole = topology.conversations().get("c");
            byte[] cut = java.util.Arrays.copyOf(whole, whole.length - 3);
            topology.conversations().put("c", cut);
            // When
            topology.deliver("c", Deliveries.customerEnd("c", START.plusSeconds(1)), seconds(1));
            topology.moveLogTo(seconds(60));
            // Then
            assertThat(topology.deadLetters.readRecord()).satisfies(deadLetter -> {
                assertThat(deadLetter.value()).isEqualTo(cut);
                assertThat(header(deadLetter, "handover-reason")).contains("cut short");
            });
            assertThat(lines.list).singleElement().satisfies(line -> {
                assertThat(line.getMessage()).isEqualTo("Corrupt state sent to the dead letters");
                assertThat(keyValues(line)).containsEntry("conversation", "c").containsKey("reason");
            });
            assertThat(topology.deadLetters("corrupt-state")).isEqualTo(1);
            assertThat(topology.commands()).containsExactly("c: customer-end @1000");
        }

        @Test
        void shouldRejectTheStateOfANewerRelease() {
            // Given
            byte[] newer = new StoredConversation(0, ConversationState.NEW).encode();
            newer[0]++;
            topology.conversations().put("c", newer);
            // When / Then
            assertThatThrownBy(() -> topology.deliver("c", Deliveries.customerEnd("c", START), seconds(0)))
                    .rootCause()
                    .hasMessageContaining("written by a newer release");
        }
    }

    private static Duration seconds(long seconds) {
        return Duration.ofSeconds(seconds);
    }
}
