package io.handover.benchmark;

import io.handover.traffic.GenesysEvent;
import io.handover.traffic.GenesysEvent.Kind;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.function.Supplier;

/** Conversations whose agent has left, and whose {@code acw} does not come. The same seed gives the same events. */
final class HeldConversations implements Supplier<GenesysEvent> {

    private final long seed;
    private final long timeMs;
    private int events;

    /** @param timeMs the event time of all events, epoch ms */
    HeldConversations(long seed, long timeMs) {
        this.seed = seed;
        this.timeMs = timeMs;
    }

    /** The next event: the start of an agent, or the end of the same agent. */
    @Override
    public GenesysEvent get() {
        int conversation = events / 2;
        boolean isStart = events % 2 == 0;
        events++;
        return new GenesysEvent(
                uuid("held-" + conversation),
                1,
                isStart ? Kind.USER_START : Kind.USER_END,
                isStart ? timeMs - 1 : timeMs,
                uuid("held-session-" + conversation),
                uuid("held-agent-" + conversation),
                null,
                isStart ? null : "CLIENT",
                0,
                0,
                null,
                null);
    }

    private String uuid(String name) {
        return UUID.nameUUIDFromBytes((seed + "|" + name).getBytes(StandardCharsets.UTF_8))
                .toString();
    }
}
