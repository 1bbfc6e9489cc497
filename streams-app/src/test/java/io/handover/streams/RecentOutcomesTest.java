package io.handover.streams;

import static org.assertj.core.api.Assertions.assertThat;

import io.handover.conversation.Outcome;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class RecentOutcomesTest {

    private static final int SIZE = LivePartitions.OUTCOMES;

    private final RecentOutcomes recent = new RecentOutcomes(SIZE, 1_000);

    private void add(String conversation, long at) {
        recent.add(conversation, at, null, Outcome.DUPLICATE, List.of());
    }

    @Test
    void shouldRememberTheOutcomesOfAConversationInOrder() {
        // When
        add("a", 2_000);
        add("b", 2_001);
        add("a", 2_002);
        // Then
        assertThat(recent.of("a")).extracting(RecentOutcomes.Entry::at).containsExactly(2_000L, 2_002L);
        assertThat(recent.of("c")).isEmpty();
        assertThat(recent.since()).isEqualTo(1_000);
    }

    @Test
    void shouldForgetTheOldestWhenItIsFull() {
        // When
        for (int i = 0; i < SIZE + 3; i++) {
            add("a", 2_000 + i);
        }
        // Then
        assertThat(recent.of("a")).hasSize(SIZE);
        assertThat(recent.of("a").get(0).at()).isEqualTo(2_003);
        assertThat(recent.since()).isEqualTo(2_003);
    }

    @Test
    void shouldRememberNothingWhenNobodyCanAsk() {
        // Given
        RecentOutcomes none = new RecentOutcomes(0, 1_000);
        // When
        none.add("a", 2_000, null, Outcome.DUPLICATE, List.of());
        // Then
        assertThat(none.of("a")).isEmpty();
    }

    @Test
    void shouldBeReadInOrderWhileItIsWritten() throws Exception {
        // Given
        AtomicBoolean isDone = new AtomicBoolean();
        Thread writer = new Thread(() -> {
            for (int i = 0; i < 200_000; i++) {
                add("a", i);
            }
            isDone.set(true);
        });
        // When
        writer.start();
        int reads = 0;
        do {
            List<RecentOutcomes.Entry> read = recent.of("a");
            // Then
            assertThat(read).isSortedAccordingTo((one, other) -> Long.compare(one.at(), other.at()));
            reads++;
        } while (!isDone.get());
        writer.join();
        assertThat(reads).isPositive();
        assertThat(recent.of("a").get(SIZE - 1).at()).isEqualTo(199_999);
    }
}
