package io.handover.history.live;

import io.handover.terminal.DurationText;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A page of the open handovers, or of those with a held end.
 *
 * @param next the cursor of the next page; null for the last page
 * @param unreachable the instances whose handovers are missing
 */
record HandoverPage(Instant now, List<Item> items, @Nullable String next, List<Unreachable> unreachable) {

    HandoverPage {
        Objects.requireNonNull(now, "now");
        items = items == null ? List.of() : List.copyOf(items);
        unreachable = unreachable == null ? List.of() : List.copyOf(unreachable);
    }

    /** Returns how long a time was ago; empty for none. */
    String since(@Nullable Instant time) {
        return time == null ? "" : DurationText.of(Math.max(0, now.toEpochMilli() - time.toEpochMilli()));
    }

    /** Returns how long it is until a deadline; empty for none. */
    String until(@Nullable Instant deadline) {
        if (deadline == null) {
            return "";
        }
        long ms = deadline.toEpochMilli() - now.toEpochMilli();
        return ms > 0 ? DurationText.of(ms) : "due";
    }

    /**
     * One handover. Of a list of held ends, {@code reason} and {@code deadline} are the end; of a list of open
     * handovers, {@code held} is.
     */
    record Item(
            String conversationId,
            int cycle,
            @Nullable String reason,
            @Nullable Instant deadline,
            @Nullable Instant openedAt,
            @Nullable String reading,
            @Nullable Instant lastEventAt,
            @Nullable String agentId,
            @Nullable String name,
            HandoverPage.@Nullable HeldEnd held) {

        Item {
            Objects.requireNonNull(conversationId, "conversationId");
        }

        /** Returns the name of the agent, or else the id; empty for none. */
        String agent() {
            return name != null ? name : agentId == null ? "" : agentId;
        }
    }

    record HeldEnd(String reason, Instant deadline) {}

    record Unreachable(String instance, List<Integer> partitions) {

        Unreachable {
            Objects.requireNonNull(instance, "instance");
            partitions = partitions == null ? List.of() : List.copyOf(partitions);
        }
    }
}
