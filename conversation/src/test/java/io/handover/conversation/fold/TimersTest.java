package io.handover.conversation.fold;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TimersTest {

    private final Timers timers = new Timers();

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
        assertThat(timers.isDue(299)).isFalse();
        assertThat(timers.isDue(300)).isTrue();
        assertThat(timers.earliest()).isEqualTo(300);
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
        assertThat(timers.isDue(100)).isTrue();
        assertThat(timers.removeDue(100, 2)).containsExactly(Timer.ofConversation(100, "c"));
        assertThat(timers.removeDue(100, 2)).isEmpty();
    }

    @Test
    void shouldNotFireWhatWasDisarmed() {
        // Given
        timers.arm(Timer.ofConversation(100, "a"));
        timers.disarm(Timer.ofConversation(100, "a"));
        // When / Then
        assertThat(timers.isDue(Long.MAX_VALUE)).isFalse();
        assertThat(timers.removeDue(Long.MAX_VALUE, 10)).isEmpty();
    }

    @Test
    void shouldDoWhatASortedListDoes() {
        // Given
        Random random = new Random(7);
        List<Timer> model = new ArrayList<>();
        long now = 0;
        for (int step = 0; step < 5_000; step++) {
            switch (random.nextInt(3)) {
                case 0 -> {
                    long deadline = now + random.nextInt(100);
                    String id = "id" + random.nextInt(50);
                    Timer timer =
                            random.nextInt(3) == 0 ? Timer.ofAgent(deadline, id) : Timer.ofConversation(deadline, id);
                    timers.arm(timer);
                    model.remove(timer);
                    model.add(timer);
                }
                case 1 -> {
                    if (!model.isEmpty()) {
                        timers.disarm(model.remove(random.nextInt(model.size())));
                    }
                }
                default -> {
                    now += random.nextInt(30);
                    long time = now;
                    List<Timer> due = model.stream()
                            .filter(timer -> timer.deadline() <= time)
                            .sorted()
                            .limit(1 + random.nextInt(5))
                            .toList();
                    // When / Then
                    assertThat(timers.isDue(now)).isEqualTo(!due.isEmpty());
                    assertThat(timers.removeDue(now, Math.max(1, due.size()))).isEqualTo(due);
                    model.removeAll(due);
                }
            }
        }
    }
}
