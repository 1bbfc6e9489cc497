package io.handover.benchmark;

import io.handover.traffic.Flow;
import io.handover.traffic.GenesysEvent;
import io.handover.traffic.GenesysEvent.Kind;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Conversations with one agent each, in few events and in the order of their time. Of ten, five end by the customer,
 * four by acw, and one stays open. They begin one after the other. The same seed gives the same events.
 */
final class EndedConversations implements Supplier<GenesysEvent> {

    /** The number of events per conversation. */
    static final double EVENTS_EACH = (5 * 2 + 4 * 3 + 1) / 10.0;

    private static final int KINDS = 10;
    private static final int BY_CUSTOMER = 5;
    private static final int OPEN = 9;
    private static final int PER_SECOND = 40;
    private static final int LONGEST_MS = 300_000;
    private static final int AGENTS = 400;

    /** A survey decides nothing, also after the end of the handover. */
    private static final Flow SURVEY = new Flow("SURVEYINVITE", null, null);

    private final PriorityQueue<GenesysEvent> waiting =
            new PriorityQueue<>(Comparator.comparingLong(GenesysEvent::time));
    private final long seed;
    private final long beginsMs;
    private final SplittableRandom random;
    private int begun;

    /** @param beginsMs when the first conversation begins, epoch ms */
    EndedConversations(long seed, long beginsMs) {
        this.seed = seed;
        this.beginsMs = beginsMs;
        this.random = new SplittableRandom(seed);
    }

    /** How long so many conversations last, in ms. */
    static long spanMs(int conversations) {
        return conversations * 1_000L / PER_SECOND + 2L * LONGEST_MS;
    }

    /** The next event. The conversations have no end. */
    @Override
    public GenesysEvent get() {
        while (waiting.isEmpty() || waiting.peek().time() >= begins()) {
            begin();
        }
        return waiting.remove();
    }

    private long begins() {
        return beginsMs + begun * 1_000L / PER_SECOND;
    }

    private void begin() {
        long start = begins();
        long end = start + 1 + random.nextInt(LONGEST_MS);
        int kind = begun % KINDS;
        String agent = uuid("agent-" + random.nextInt(AGENTS));
        String session = uuid("session-" + begun);
        waiting.add(event(begun, Kind.USER_START, start, session, agent, null));
        if (kind < BY_CUSTOMER) {
            waiting.add(event(begun, Kind.CUSTOMER_END, end, uuid("customer-" + begun), null, "PEER"));
        } else if (kind < OPEN) {
            waiting.add(event(begun, Kind.USER_END, end, session, agent, "CLIENT"));
            waiting.add(event(begun, Kind.ACW, end + 1 + random.nextInt(LONGEST_MS / 2), session, agent, null));
        }
        begun++;
    }

    private GenesysEvent event(
            int conversation,
            Kind kind,
            long time,
            String session,
            @Nullable String agent,
            @Nullable String disconnectType) {
        long served = kind == Kind.USER_START || kind == Kind.ACW ? 0 : time - begins();
        return new GenesysEvent(
                idOf(conversation), 1, kind, time, session, agent, null, disconnectType, served, 0, null);
    }

    /**
     * An event that a conversation only notes. All of a conversation are of one session, so that its state grows by a
     * fingerprint only: among few conversations, each grows more than among many.
     */
    GenesysEvent noted(int conversation, long time) {
        return new GenesysEvent(
                idOf(conversation),
                1,
                Kind.FLOW_START,
                time,
                uuid("survey-" + conversation),
                null,
                null,
                null,
                0,
                0,
                null,
                SURVEY);
    }

    /** The id of a conversation, by its number. */
    String idOf(int conversation) {
        return uuid("conversation-" + conversation);
    }

    private String uuid(String name) {
        return UUID.nameUUIDFromBytes((seed + "|" + name).getBytes(StandardCharsets.UTF_8))
                .toString();
    }
}
