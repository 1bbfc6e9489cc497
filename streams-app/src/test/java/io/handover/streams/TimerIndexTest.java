package io.handover.streams;

import static org.assertj.core.api.Assertions.assertThat;

import io.handover.conversation.fold.Timer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TimerIndexTest {

    private KeyValueStore<Bytes, byte[]> store;
    private TimerIndex timers;

    @BeforeEach
    void open() {
        store = Stores.keyValueStoreBuilder(Stores.inMemoryKeyValueStore("timers"), Serdes.Bytes(), Serdes.ByteArray())
                .withLoggingDisabled()
                .build();
        StateStoreContext context = new MockProcessorContext<Void, Void>().getStateStoreContext();
        store.init(context, store);
        timers = new TimerIndex(store);
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void shouldRemoveDueTimersByDeadline() {
        // Given
        timers.arm(Timer.ofConversation(300, "a"));
        timers.arm(Timer.ofConversation(100, "b"));
        timers.arm(Timer.ofConversation(200, "c"));
        // When
        List<Timer> due = timers.removeDue(200, 10);
        // Then
        assertThat(due).containsExactly(Timer.ofConversation(100, "b"), Timer.ofConversation(200, "c"));
        assertThat(timers.mayBeDue(299)).isFalse();
        assertThat(timers.mayBeDue(300)).isTrue();
    }

    @Test
    void shouldRemoveTheRestOfADeadlineNextTime() {
        // Given
        timers.arm(Timer.ofConversation(100, "a"));
        timers.arm(Timer.ofConversation(100, "b"));
        timers.arm(Timer.ofConversation(100, "c"));
        // When
        List<Timer> first = timers.removeDue(100, 2);
        // Then
        assertThat(first).hasSize(2);
        assertThat(timers.mayBeDue(100)).isTrue();
        assertThat(timers.removeDue(100, 2)).containsExactly(Timer.ofConversation(100, "c"));
        assertThat(timers.removeDue(100, 2)).isEmpty();
    }

    @Test
    void shouldNotFireWhatWasDisarmed() {
        // Given
        timers.arm(Timer.ofConversation(100, "a"));
        timers.disarm(Timer.ofConversation(100, "a"));
        // When / Then
        assertThat(timers.isDue(100)).isFalse();
        assertThat(timers.removeDue(1_000, 10)).isEmpty();
    }

    @Test
    void shouldFindATimerBelowTheBound() {
        // Given
        timers.arm(Timer.ofConversation(1_000, "a"));
        timers.removeDue(1_000, 10);
        // When
        timers.arm(Timer.ofConversation(500, "late"));
        // Then
        assertThat(timers.removeDue(1_000, 10)).containsExactly(Timer.ofConversation(500, "late"));
    }

    @Test
    void shouldKeepTheBoundAfterARestart() {
        // Given
        timers.arm(Timer.ofConversation(100_000, "a"));
        timers.arm(Timer.ofConversation(200_000, "b"));
        timers.removeDue(100_000, 10);
        // When
        TimerIndex restarted = new TimerIndex(store);
        // Then
        assertThat(restarted.mayBeDue(99_999)).isFalse();
        assertThat(restarted.isDue(199_999)).isFalse();
        assertThat(restarted.removeDue(200_000, 10)).containsExactly(Timer.ofConversation(200_000, "b"));
    }

    @Test
    void shouldFindEveryTimerAfterARestartAlthoughTheBoundIsNotStoredEachTime() {
        // Given
        timers.arm(Timer.ofConversation(100_000, "a"));
        timers.removeDue(100_000, 10);
        timers.arm(Timer.ofConversation(110_000, "b"));
        timers.removeDue(110_000, 10);
        timers.arm(Timer.ofConversation(105_000, "late"));
        // When
        TimerIndex restarted = new TimerIndex(store);
        // Then
        assertThat(restarted.removeDue(110_000, 10)).containsExactly(Timer.ofConversation(105_000, "late"));
    }

    @Test
    void shouldFindATimerAddedAfterAScanThatFoundNone() {
        // Given
        timers.arm(Timer.ofConversation(5_000, "later"));
        assertThat(timers.isDue(4_000)).isFalse();
        // When
        timers.arm(Timer.ofConversation(3_000, "sooner"));
        // Then
        assertThat(timers.removeDue(3_000, 10)).containsExactly(Timer.ofConversation(3_000, "sooner"));
    }

    @Test
    void shouldDoWhatASortedSetDoes() {
        // Given
        Random random = new Random(7);
        TreeSet<Timer> model = new TreeSet<>(Comparator.comparingLong(Timer::deadline)
                .thenComparing(Timer::subject)
                .thenComparing(Timer::id));
        long now = 0;
        for (int step = 0; step < 5_000; step++) {
            switch (random.nextInt(3)) {
                case 0 -> {
                    long deadline = now + random.nextInt(100);
                    String id = "id" + random.nextInt(50);
                    Timer timer =
                            random.nextInt(3) == 0 ? Timer.ofAgent(deadline, id) : Timer.ofConversation(deadline, id);
                    timers.arm(timer);
                    model.add(timer);
                }
                case 1 -> {
                    if (!model.isEmpty()) {
                        Timer timer = new ArrayList<>(model).get(random.nextInt(model.size()));
                        timers.disarm(timer);
                        model.remove(timer);
                    }
                }
                default -> {
                    now += random.nextInt(30);
                    int max = 1 + random.nextInt(5);
                    List<Timer> expected = new ArrayList<>();
                    while (!model.isEmpty() && model.first().deadline() <= now && expected.size() < max) {
                        expected.add(model.pollFirst());
                    }
                    // When / Then
                    assertThat(timers.removeDue(now, max)).isEqualTo(expected);
                }
            }
        }
    }
}
