package io.handover.streams;

import static io.handover.streams.TopologyFixture.START;
import static org.assertj.core.api.Assertions.assertThat;

import io.handover.conversation.TransferPolicy;
import io.handover.conversation.fold.CustomerAddress;
import io.handover.conversation.fold.StateStores;
import io.handover.schema.ClockTick;
import io.handover.schema.Delivery;
import io.handover.schema.HandoverRecord;
import io.handover.schema.Topics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.MockProcessorContext.CapturedPunctuator;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Clock ticks on a quiet partition whose broker has another clock than the application. */
class ConversationProcessorTest {

    private static final long STEP_MS = 10;
    private static final long CHECK_EVERY_MS = 250;
    private static final long APPENDED_AFTER_MS = 50;
    private static final long READ_AFTER_MS = 150;
    private static final long HOLD_MS = TransferPolicy.DEFAULT.transferTimeoutMs();

    /** The first check must find the partition quiet, and two ticks go through the log. */
    private static final long MOST_LATE_MS = CHECK_EVERY_MS + 2 * READ_AFTER_MS + STEP_MS;

    private static final int MOST_TICKS = 3;

    private final MockProcessorContext<String, Object> context = new MockProcessorContext<>();
    private final Queue<TickInTransit> inTransit = new ArrayDeque<>();
    private final List<Long> endedAfter = new ArrayList<>();
    private ConversationMetrics metrics;
    private ConversationProcessor processor;
    private final Map<CapturedPunctuator, Long> planned = new LinkedHashMap<>();
    private int checks;

    /** The broker's clock, in ms since {@link TopologyFixture#START}. */
    private long now;

    /** How far the application's clock is ahead of the broker's. */
    private long skew;

    private int ticks;

    private record TickInTransit(ClockTick tick, long appendedAt, long readAt) {}

    @BeforeEach
    void open() {
        addStore(StateStores.CONVERSATIONS);
        addStore(StateStores.AGENTS);
        context.setCurrentStreamTimeMs(START.toEpochMilli());
        context.setRecordMetadata(Topics.EVENTS, 0, 0);
        startTask();
    }

    private void addStore(String name) {
        KeyValueStore<String, byte[]> store = Stores.keyValueStoreBuilder(
                        Stores.inMemoryKeyValueStore(name), Serdes.String(), Serdes.ByteArray())
                .withLoggingDisabled()
                .build();
        store.init(context.getStateStoreContext(), store);
        context.addStateStore(store);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 15_000, -15_000, 7_200_000, -7_200_000})
    void shouldEndAtTheDeadlineByTheClockOfTheBroker(long ownSkew) {
        // Given
        skew = ownSkew;
        startTask();
        hold();
        // When
        pass(HOLD_MS + MOST_LATE_MS);
        // Then
        assertEndedOnceAndInTime();
        assertThat(ticks).isLessThanOrEqualTo(MOST_TICKS);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 15_000, -15_000, 7_200_000, -7_200_000})
    void shouldEndAtTheDeadlineAfterARestart(long ownSkew) {
        // Given
        skew = ownSkew;
        startTask();
        hold();
        pass(HOLD_MS - STEP_MS);
        // When
        inTransit.clear();
        startTask();
        pass(MOST_LATE_MS + STEP_MS);
        // Then
        assertEndedOnceAndInTime();
    }

    @Test
    void shouldEndAtTheDeadlineAfterTheWallClockWasSetForward() {
        // Given
        hold();
        pass(HOLD_MS / 2);
        // When
        skew = 7_200_000;
        pass(HOLD_MS / 2 + MOST_LATE_MS);
        // Then
        assertEndedOnceAndInTime();
        assertThat(ticks).isLessThanOrEqualTo(MOST_TICKS);
    }

    /** Kafka Streams commits a transaction with each check, also an empty one. */
    @Test
    void shouldHardlyCheckWithoutNeed() {
        // When
        pass(600_000);
        // Then
        assertThat(checks).isBetween(19, 21);
        assertThat(ticks).isZero();
    }

    @Test
    void shouldCheckAtTheDeadlineAndNotAllTheTimeBefore() {
        // Given
        pass(30_000);
        hold();
        pass(2 * CHECK_EVERY_MS + READ_AFTER_MS);
        int before = checks;
        // When
        pass(HOLD_MS - 2 * CHECK_EVERY_MS - READ_AFTER_MS + STEP_MS);
        // Then
        assertThat(checks - before).isEqualTo(1);
        assertThat(ticks).isEqualTo(2);
    }

    @Test
    void shouldCheckAtTheDeadlineOfALaterHold() {
        // Given
        hold();
        pass(HOLD_MS + MOST_LATE_MS);
        pass(35_000);
        // When
        read(new Record<>("d", Delivery.read(acw("d")), START.toEpochMilli() + now));
        int before = checks;
        long held = now;
        pass(HOLD_MS + READ_AFTER_MS + STEP_MS);
        // Then
        assertThat(checks - before).isEqualTo(1);
        assertThat(endedAfter).hasSize(2);
        assertThat(endedAfter.get(1)).isBetween(held + HOLD_MS, held + HOLD_MS + READ_AFTER_MS + STEP_MS);
    }

    /** Kafka Streams keeps the schedules of a task that it revives, and calls init of the same processor. */
    @Test
    void shouldHardlyCheckAfterARevival() {
        // Given a schedule of the shortest interval
        hold();
        // When
        processor.init(context);
        collectPlanned();
        pass(600_000);
        // Then
        assertThat(endedAfter).hasSize(1);
        assertThat(checks).isBetween(19, 25);
    }

    @Test
    void shouldWriteAnotherTickIfOneIsLost() {
        // Given
        hold();
        pass(HOLD_MS);
        // When
        inTransit.clear();
        pass(29_500);
        assertThat(endedAfter).isEmpty();
        assertThat(overdueSeconds()).isBetween(29.0, 31.0);
        pass(500 + MOST_LATE_MS);
        // Then
        assertThat(endedAfter).hasSize(1);
        assertThat(overdueSeconds()).isZero();
    }

    private double overdueSeconds() {
        return Objects.requireNonNull(metrics.partitions().progress().get(0), "the only partition")
                .overdueSeconds();
    }

    @Test
    void shouldNotTakeTheTickOfAnotherInstanceForItsOwn() {
        // Given
        hold();
        pass(2 * CHECK_EVERY_MS);
        assertThat(ticks).isEqualTo(1);
        // When
        Instant otherClock = START.plus(Duration.ofHours(2));
        read(new Record<>(null, new ClockTick(0, otherClock), START.toEpochMilli() + now));
        pass(HOLD_MS - now + MOST_LATE_MS);
        // Then
        assertEndedOnceAndInTime();
        assertThat(ticks).isLessThanOrEqualTo(MOST_TICKS);
    }

    @ParameterizedTest
    @CsvSource({"0, true", "1, false"})
    void shouldCommitACommandEarlyUnlessThePartitionIsBehind(long waiting, boolean early) {
        // Given
        hold();
        metrics.partitions().progress().forEach((partition, progress) -> progress.endRead(1 + waiting, 0));
        byte[] delivery = Deliveries.userStart("d", "berta", START).getBytes(StandardCharsets.UTF_8);
        // When
        inAnotherThread(() -> read(new Record<>("d", Delivery.read(delivery), START.toEpochMilli())));
        // Then
        assertThat(context.committed()).isEqualTo(early);
    }

    @Test
    void shouldCommitATickEarlyAndNoEventThatIsOnlyNoted() {
        // Given
        inAnotherThread(this::hold);
        boolean noted = context.committed();
        // When
        inAnotherThread(() -> pass(2 * CHECK_EVERY_MS));
        // Then
        assertThat(noted).isFalse();
        assertThat(ticks).isEqualTo(1);
        assertThat(context.committed()).isTrue();
    }

    /** In a thread that has asked for no commit yet. */
    private static void inAnotherThread(Runnable action) {
        CompletableFuture.runAsync(action, command -> new Thread(command).start())
                .join();
    }

    private void startTask() {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        metrics = new ConversationMetrics(registry);
        processor = new ConversationProcessor(
                1, TransferPolicy.DEFAULT, CustomerAddress.DEFAULT, metrics, new LivePartitions(registry, true));
        planned.keySet().forEach(CapturedPunctuator::cancel);
        context.setCurrentSystemTimeMs(START.toEpochMilli() + now + skew);
        processor.init(context);
        collectPlanned();
    }

    private void collectPlanned() {
        for (CapturedPunctuator each : context.scheduledPunctuators()) {
            planned.putIfAbsent(
                    each, context.currentSystemTimeMs() + each.getInterval().toMillis());
        }
        planned.keySet().removeIf(CapturedPunctuator::cancelled);
    }

    /** Punctuates as Kafka Streams does: again and again until the schedule is cancelled. */
    private void punctuate() {
        long wallClock = context.currentSystemTimeMs();
        for (Map.Entry<CapturedPunctuator, Long> each : List.copyOf(planned.entrySet())) {
            if (each.getValue() <= wallClock && !each.getKey().cancelled()) {
                each.setValue(wallClock + each.getKey().getInterval().toMillis());
                checks++;
                each.getKey().getPunctuator().punctuate(wallClock);
            }
        }
        collectPlanned();
    }

    /** Delivers the end of an agent's work, now. */
    private void hold() {
        read(new Record<>("c", Delivery.read(acw("c")), START.toEpochMilli() + now));
    }

    private static byte[] acw(String conversation) {
        return Deliveries.acw(conversation, "anna", START).getBytes(StandardCharsets.UTF_8);
    }

    /** Lets this time pass on the broker and in the application. */
    private void pass(long milliseconds) {
        for (long until = now + milliseconds; now < until; ) {
            now += STEP_MS;
            context.setCurrentSystemTimeMs(START.toEpochMilli() + now + skew);
            punctuate();
            collectForwarded();
            while (!inTransit.isEmpty() && inTransit.peek().readAt() <= now) {
                TickInTransit read = inTransit.remove();
                read(new Record<>(null, read.tick(), START.toEpochMilli() + read.appendedAt()));
            }
        }
    }

    private void read(Record<String, HandoverRecord> read) {
        context.setCurrentStreamTimeMs(Math.max(context.currentStreamTimeMs(), read.timestamp()));
        processor.process(read);
        collectPlanned();
        collectForwarded();
    }

    private void collectForwarded() {
        context.forwarded(ConversationTopology.TICKS_SINK).forEach(forwarded -> {
            ticks++;
            inTransit.add(new TickInTransit(
                    (ClockTick) forwarded.record().value(), now + APPENDED_AFTER_MS, now + READ_AFTER_MS));
        });
        context.forwarded(ConversationTopology.COMMANDS_SINK).forEach(ended -> endedAfter.add(now));
        context.resetForwards();
    }

    private void assertEndedOnceAndInTime() {
        assertThat(endedAfter)
                .singleElement()
                .satisfies(after -> assertThat(after).isBetween(HOLD_MS, HOLD_MS + MOST_LATE_MS));
    }
}
