package io.handover.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import io.handover.ingress.LookupOffsets.Entry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class LookupOffsetsTest {

    private static final TopicPartition ZERO = new TopicPartition("lookups", 0);
    private static final TopicPartition ONE = new TopicPartition("lookups", 1);
    private static final long POSITION = 50;

    private final LookupOffsets offsets = new LookupOffsets();

    @Test
    void shouldCommitUpToTheFirstPendingLookup() {
        // Given
        Entry first = offsets.add(ZERO, 10);
        Entry second = offsets.add(ZERO, 11);
        Entry third = offsets.add(ZERO, 13);

        // When
        offsets.done(third);
        Map<TopicPartition, OffsetAndMetadata> afterThird = uncommitted();
        offsets.done(first);

        // Then
        assertThat(afterThird).isEmpty();
        assertThat(uncommitted()).containsExactly(Map.entry(ZERO, at(11)));
        assertThat(offsets.pending()).isEqualTo(1);
        assertThat(second.isPending()).isTrue();
    }

    @Test
    void shouldCommitThePositionWhenNothingIsPending() {
        // Given
        Entry only = offsets.add(ZERO, 10);

        // When
        offsets.done(only);

        // Then
        assertThat(uncommitted()).containsExactly(Map.entry(ZERO, at(POSITION)));
    }

    @Test
    void shouldCommitEachOffsetOnce() {
        // Given
        offsets.done(offsets.add(ZERO, 10));
        offsets.done(offsets.add(ONE, 10));

        // When
        offsets.committed(uncommitted());

        // Then
        assertThat(uncommitted()).isEmpty();
    }

    @Test
    void shouldForgetOnlyTheRevokedPartitions() {
        // Given
        Entry revoked = offsets.add(ZERO, 10);
        offsets.done(offsets.add(ZERO, 11));
        Entry kept = offsets.add(ONE, 10);

        // When
        int forgotten = offsets.forget(Set.of(ZERO));

        // Then
        assertThat(forgotten).isEqualTo(1);
        assertThat(revoked.isPending()).isFalse();
        assertThat(kept.isPending()).isTrue();
        assertThat(offsets.pending()).isEqualTo(1);
        offsets.done(kept);
        assertThat(uncommitted()).containsOnlyKeys(ONE);
    }

    /** Whatever is done in whatever order: no pending lookup is before a committed offset, and in the end all are. */
    @Property(tries = 200, seed = "1")
    void shouldNeverCommitAPendingLookup(@ForAll long seed) {
        LookupOffsets offsets = new LookupOffsets();
        Random random = new Random(seed);
        Map<Entry, Long> pending = new HashMap<>();
        List<Entry> order = new ArrayList<>();
        long committed = 0;
        long offset = 0;
        for (int step = 0; step < 300; step++) {
            if (random.nextInt(3) > 0) {
                offset += 1 + random.nextInt(3);
                Entry entry = offsets.add(ZERO, offset);
                pending.put(entry, offset);
                order.add(entry);
            } else if (!order.isEmpty()) {
                Entry done = order.remove(random.nextInt(order.size()));
                pending.remove(done);
                offsets.done(done);
            }
            committed = Math.max(committed, committedAfter(offsets, offset + 1));
            long first = pending.values().stream().min(Long::compare).orElse(Long.MAX_VALUE);
            assertThat(committed).isLessThanOrEqualTo(first);
            assertThat(offsets.pending()).isEqualTo(pending.size());
        }
        order.forEach(offsets::done);
        long end = offset + 1;
        assertThat(Math.max(committed, committedAfter(offsets, end))).isEqualTo(end);
    }

    private static long committedAfter(LookupOffsets offsets, long position) {
        Map<TopicPartition, OffsetAndMetadata> uncommitted = offsets.uncommitted(partition -> position);
        offsets.committed(uncommitted);
        return uncommitted.containsKey(ZERO) ? uncommitted.get(ZERO).offset() : 0;
    }

    private Map<TopicPartition, OffsetAndMetadata> uncommitted() {
        return offsets.uncommitted(partition -> POSITION);
    }

    private static OffsetAndMetadata at(long offset) {
        return new OffsetAndMetadata(offset);
    }
}
