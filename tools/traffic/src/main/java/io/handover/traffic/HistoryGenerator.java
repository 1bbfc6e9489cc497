package io.handover.traffic;

import io.handover.traffic.GenesysEvent.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes up what happens in a conversation: one handover or more, in each of which the customer waits in queues, agents
 * are alerted, decline, serve, put through, help each other, leave and wrap up, until the last one or the customer is
 * gone.
 *
 * <p>While a handover lasts, somebody serves, a queue offers it, or a transfer is on its way; nobody just goes and comes
 * back. So it is certain when it is truly over. A tempo with gaps takes that certainty away: there some wrap up long
 * before they go, and of some nothing tells for a while that another one comes.
 */
public final class HistoryGenerator {

    private static final int MOST_STAGES = 6;
    private static final int GAPS = 7;
    private static final List<String> AGENTS = List.of("anna", "ben", "carla", "david", "eva");
    private static final List<String> DECLINES =
            List.of("NO_ANSWER_TRANSFER", "CLIENT", "NOT_AVAILABLE_TRANSFER", "DND_TRANSFER");
    private static final List<String> TRANSFERS =
            List.of("TRANSFER", "CONSULT_TRANSFER", "CONFERENCE_TRANSFER", "TAKEOVER");
    private static final List<String> LEAVES = List.of("CLIENT", "PEER", "ENDPOINT", "SYSTEM", "INACTIVITY");

    private final Tempo tempo;
    private final Choices choices;
    private final String conversationId;
    private final List<GenesysEvent> events = new ArrayList<>();
    private final List<History.Service> services = new ArrayList<>();
    private int handover;
    private long now;
    private int sessions;
    private int stages;

    private HistoryGenerator(Tempo tempo, Choices choices, String conversationId, long start) {
        this.tempo = tempo;
        this.choices = choices;
        this.conversationId = conversationId;
        this.now = start;
    }

    /** What happens in a conversation that begins at that time; the same for the same choices. */
    public static History generate(Tempo tempo, Choices choices, String conversationId, long start) {
        return new HistoryGenerator(tempo, choices, conversationId, start).generate();
    }

    /** An agent who is there. */
    private record Serving(
            String agentId, String session, @Nullable String queueId, long alertedAt, long answeredAt) {}

    private History generate() {
        int handovers = 1 + (choices.oneIn(3) ? 1 : 0) + (choices.oneIn(9) ? 1 : 0);
        boolean apart = true;
        for (handover = 1; handover <= handovers; handover++) {
            if (handover > 1) {
                boolean soon = choices.oneIn(4);
                apart &= !soon;
                now = lastEvent()
                        + (soon ? choices.between(1, tempo.waitMs()) : tempo.apartMs() + some(tempo.apartMs()));
            }
            handOver();
        }
        // At equal times, what was told first happened first.
        events.sort(Comparator.comparingLong(GenesysEvent::time));
        return new History(conversationId, events, services, handovers, apart);
    }

    private void handOver() {
        String customer = "customer-" + handover;
        long began = now;
        tell(Kind.CUSTOMER_START, now, customer, null, null, null, 0, 0, null);
        stages = 0;
        if (choices.oneIn(3)) {
            flow();
        }
        boolean customerLeft = queue();
        if (customerLeft) {
            if (choices.below(4) < 3) {
                customerEnd(customer, began, now);
            }
        } else if (choices.below(3) < 2) {
            customerEnd(customer, began, now + some(choices.oneIn(2) ? tempo.wrapUpMs() * 2 : 1_000));
        }
    }

    /** Until the handover is over; whether that was because the customer left. */
    private boolean queue() {
        while (true) {
            stages++;
            String queue = "queue-" + choices.below(3);
            String session = session("wait");
            now += some(500);
            tell(Kind.ACD_START, now, session, null, queue, null, 0, 0, null);
            while (stages < MOST_STAGES && choices.oneIn(4)) {
                decline(queue);
            }
            now += some(tempo.waitMs());
            int outcome = stages < MOST_STAGES ? choices.below(8) : 0;
            if (outcome == 7) {
                tell(Kind.ACD_END, now, session, null, queue, "TRANSFER", 0, 0, "FLOW_OUT");
                flow();
                continue;
            }
            if (outcome == 6) {
                tell(Kind.ACD_END, now, session, null, queue, "PEER", 0, 0, "ABANDON");
                return true;
            }
            Serving serving = join(queue);
            tell(Kind.ACD_END, serving.answeredAt(), session, serving.agentId(), queue, "TRANSFER", 0, 0, "ANSWERED");
            switch (serve(serving)) {
                case OVER -> {
                    return false;
                }
                case CUSTOMER_LEFT -> {
                    return true;
                }
                case BACK_TO_QUEUE -> {
                    // on to the next queue
                }
            }
        }
    }

    /** How a service goes on. */
    private enum Next {
        OVER,
        CUSTOMER_LEFT,
        BACK_TO_QUEUE
    }

    private Next serve(Serving first) {
        Serving serving = first;
        while (true) {
            stages++;
            now = Math.max(now, serving.answeredAt()) + 1 + some(tempo.serveMs());
            switch (stages < MOST_STAGES ? choices.below(8) : 0) {
                case 1 -> {
                    leave(serving, choices.oneOf(TRANSFERS), now);
                    if (!isPassedOn()) {
                        return Next.BACK_TO_QUEUE;
                    }
                    serving = join(null);
                }
                case 2 -> {
                    // Put through to a colleague, whose alert may be told before the first one's end: both orders are
                    // seen.
                    long end = now + some(400);
                    Serving next = join(null);
                    leave(serving, choices.oneOf(TRANSFERS), end);
                    // However quick the colleague is, the first one is gone by then.
                    now = Math.max(now, end);
                    serving = next;
                }
                case 3 -> {
                    // A colleague comes in, and the first one goes without a transfer.
                    Serving next = join(null);
                    now = next.answeredAt() + 1 + some(tempo.serveMs());
                    leave(serving, choices.oneOf(LEAVES), now);
                    serving = next;
                }
                case 4 -> {
                    // A colleague helps, and goes first.
                    Serving helper = join(null);
                    now = helper.answeredAt() + 1 + some(tempo.serveMs());
                    leave(helper, choices.oneOf(LEAVES), now);
                }
                case 5 -> {
                    // The customer leaves, and the agent with that.
                    leave(serving, "PEER", now + some(800));
                    return Next.CUSTOMER_LEFT;
                }
                case 6 -> {
                    // Back into a queue, and only then gone; or gone, and then somebody's turn whom nobody saw coming.
                    boolean unseen = tempo.gapMs() > 0 && choices.oneIn(8);
                    leave(serving, choices.oneOf(LEAVES), unseen ? now : now + 600 + some(400));
                    if (!unseen || !isPassedOn()) {
                        return Next.BACK_TO_QUEUE;
                    }
                    serving = join(null);
                }
                default -> {
                    leave(serving, choices.oneOf(LEAVES), now);
                    return Next.OVER;
                }
            }
        }
    }

    /** Lets the gap after an agent's leaving pass; whether the next one comes without a queue in between. */
    private boolean isPassedOn() {
        if (tempo.gapMs() == 0) {
            return false;
        }
        // As many of 1 to 2 s as of 45 to 90 s: a timeout is chosen among such.
        long most = tempo.gapMs() >> (GAPS - 1 - choices.below(GAPS));
        now += choices.between(most / 2, most);
        return choices.oneIn(3);
    }

    private void decline(String queue) {
        stages++;
        now += some(2_000);
        String agent = choices.oneOf(AGENTS);
        String session = session(agent);
        long alerted = now;
        tell(Kind.USER_START, alerted, session, agent, queue, null, 0, 0, null);
        now += 1 + some(tempo.alertMs());
        tell(Kind.USER_END, now, session, agent, queue, choices.oneOf(DECLINES), 0, now - alerted, null);
        services.add(new History.Service(agent, alerted, now));
        if (choices.oneIn(4)) {
            tell(Kind.ACW, now + some(1_000), session, agent, queue, null, 0, 0, null);
        }
    }

    /** An agent who takes it, out of the queue or, without one, straight from a colleague. */
    private Serving join(@Nullable String queue) {
        String agent = choices.oneOf(AGENTS);
        Serving serving = new Serving(agent, session(agent), queue, now, now + some(Math.min(tempo.alertMs(), 5_000)));
        tell(Kind.USER_START, now, serving.session(), agent, queue, null, 0, 0, null);
        return serving;
    }

    private void leave(Serving serving, String disconnectType, long time) {
        long answered = Math.min(serving.answeredAt(), time - 1);
        tell(
                Kind.USER_END,
                time,
                serving.session(),
                serving.agentId(),
                serving.queueId(),
                disconnectType,
                time - answered,
                answered - serving.alertedAt(),
                null);
        services.add(new History.Service(serving.agentId(), serving.alertedAt(), time));
        int wrapsUp = choices.below(6);
        if (wrapsUp < 5) {
            // Some have done it before they go.
            long before = tempo.gapMs() > 0 && choices.oneIn(4) ? tempo.gapMs() : 900;
            long done = wrapsUp == 4
                    ? time - some(Math.min(before, time - serving.alertedAt()))
                    : time + some(tempo.wrapUpMs());
            tell(Kind.ACW, done, serving.session(), serving.agentId(), serving.queueId(), null, 0, 0, null);
        }
    }

    private void flow() {
        String session = session("flow");
        now += some(500);
        tell(Kind.FLOW_START, now, session, null, null, null, 0, 0, null);
        now += some(5_000);
        tell(Kind.FLOW_END, now, session, null, null, "TRANSFER", 0, 0, null);
    }

    private void customerEnd(String session, long began, long time) {
        tell(Kind.CUSTOMER_END, time, session, null, null, "PEER", time - began, 0, null);
    }

    private String session(String of) {
        sessions++;
        return of + '-' + sessions;
    }

    /** Up to so long, mostly short. */
    private long some(long most) {
        return choices.oneIn(2) ? choices.between(0, most) : choices.between(0, most / 8);
    }

    private long lastEvent() {
        return events.stream().mapToLong(GenesysEvent::time).max().orElse(now);
    }

    private void tell(
            Kind kind,
            long time,
            String session,
            @Nullable String agentId,
            @Nullable String queueId,
            @Nullable String disconnectType,
            long interactingMs,
            long alertingMs,
            @Nullable String acdOutcome) {
        events.add(new GenesysEvent(
                conversationId,
                handover,
                kind,
                time,
                session,
                agentId,
                queueId,
                disconnectType,
                interactingMs,
                alertingMs,
                acdOutcome));
    }
}
