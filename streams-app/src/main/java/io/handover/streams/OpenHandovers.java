package io.handover.streams;

import io.handover.conversation.AgentSession;
import io.handover.conversation.ConversationState;
import io.handover.conversation.EndReason;
import io.handover.conversation.HandoverFacts;
import io.handover.conversation.PendingEnd;
import io.handover.conversation.Reading;
import io.handover.conversation.TransferPolicy;
import java.util.EnumMap;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The open handovers of a partition, and those whose end is held, in step with the states. They are in memory only: a task
 * reads them from the states when it starts. The stream thread alone writes, and queries read.
 */
final class OpenHandovers {

    /** The keys have the time at which the handover began. */
    private final NavigableSet<TimeKey> open = new ConcurrentSkipListSet<>();

    /** The keys have the deadline. */
    private final NavigableSet<TimeKey> held = new ConcurrentSkipListSet<>();

    // To count the entries of such a set, all are read.
    private final AtomicLong openCount = new AtomicLong();
    private final Map<EndReason, AtomicLong> heldCounts = new EnumMap<>(EndReason.class);
    private final Map<Reading.Row, AtomicLong> readingCounts = new EnumMap<>(Reading.Row.class);
    private final TransferPolicy policy;

    OpenHandovers(TransferPolicy policy) {
        this.policy = policy;
        for (Reading.Row row : Reading.Row.values()) {
            readingCounts.put(row, new AtomicLong());
        }
        for (EndReason reason : EndReason.values()) {
            heldCounts.put(reason, new AtomicLong());
        }
    }

    void clear() {
        open.clear();
        held.clear();
        openCount.set(0);
        heldCounts.values().forEach(count -> count.set(0));
        readingCounts.values().forEach(count -> count.set(0));
    }

    /** Whether a conversation is in a list. It looks at all of them. */
    boolean contains(String conversationId) {
        return Stream.concat(open.stream(), held.stream())
                .anyMatch(key -> key.id().equals(conversationId));
    }

    /** Follows a change of a state. */
    @SuppressWarnings("ReferenceEquality") // the core returns the same instance if nothing changed
    void changed(String conversationId, ConversationState before, ConversationState after) {
        // An event that is only noted changes none of them, and to read a state is what costs most here.
        if (before.cycle() == after.cycle()
                && before.sessions() == after.sessions()
                && before.customer() == after.customer()) {
            return;
        }
        long was = before.openedAt();
        long is = after.openedAt();
        if (was != is) {
            if (was != AgentSession.UNKNOWN) {
                open.remove(new TimeKey(was, conversationId));
                add(openCount, -1);
            }
            if (is != AgentSession.UNKNOWN) {
                open.add(new TimeKey(is, conversationId));
                add(openCount, 1);
            }
        }
        PendingEnd wasHeld = heldEnd(before);
        PendingEnd isHeld = heldEnd(after);
        if (wasHeld != null && !isAlike(wasHeld, isHeld)) {
            held.remove(new TimeKey(wasHeld.deadline(), conversationId));
            add(count(wasHeld.reason()), -1);
        }
        if (isHeld != null && !isAlike(isHeld, wasHeld)) {
            held.add(new TimeKey(isHeld.deadline(), conversationId));
            add(count(isHeld.reason()), 1);
        }
        Reading.Row wasRead = was == AgentSession.UNKNOWN ? null : reading(before);
        Reading.Row isRead = is == AgentSession.UNKNOWN ? null : reading(after);
        if (wasRead != isRead) {
            if (wasRead != null) {
                add(count(wasRead), -1);
            }
            if (isRead != null) {
                add(count(isRead), 1);
            }
        }
    }

    private static boolean isAlike(PendingEnd end, @Nullable PendingEnd other) {
        return other != null && end.deadline() == other.deadline() && end.reason() == other.reason();
    }

    private Reading.Row reading(ConversationState state) {
        return Reading.of(HandoverFacts.of(state), policy).row();
    }

    /** No reader waits for the value, so the writer need not wait for its memory. */
    private static void add(AtomicLong count, int change) {
        count.lazySet(count.getPlain() + change);
    }

    private AtomicLong count(EndReason reason) {
        return Objects.requireNonNull(heldCounts.get(reason), "Expected a count of every reason, but one is missing");
    }

    private AtomicLong count(Reading.Row row) {
        return Objects.requireNonNull(readingCounts.get(row), "Expected a count of every reading, but one is missing");
    }

    /** The handovers that are open, as {@link TimeKey}s, oldest first. */
    NavigableSet<TimeKey> open() {
        return open;
    }

    /** The handovers whose end is held, as {@link TimeKey}s, by deadline. */
    NavigableSet<TimeKey> held() {
        return held;
    }

    /** The number of handovers that are open, with those whose end is held. */
    long openCount() {
        return openCount.get();
    }

    long heldCount(EndReason reason) {
        return count(reason).get();
    }

    long heldCount() {
        return heldCounts.values().stream().mapToLong(AtomicLong::get).sum();
    }

    /** The number of open handovers with this reading. */
    long readingCount(Reading.Row row) {
        return count(row).get();
    }

    /** Returns the end that is held, or null. A handover that ends if it stays idle goes on, so it is not held. */
    static @Nullable PendingEnd heldEnd(ConversationState state) {
        PendingEnd pending = state.pending();
        return pending == null || pending.reason() == EndReason.IDLE ? null : pending;
    }
}
