package io.handover.traffic;

import io.handover.traffic.GenesysEvent.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Generates the history of a conversation with one or more handovers.
 *
 * <p>In each handover, the customer waits in queues. Agents are alerted, decline, serve, transfer, help each other,
 * leave and do their acw (after-call work). Supervisors monitor agents, and some take over. Flows route the
 * conversation, run while it waits, or disconnect it. The handover is over when the last agent or the customer is gone.
 *
 * <p>With a tempo without gaps, there is always an agent, a queue, a flow or a transfer in progress during a handover.
 * So the events show when the handover is truly over. With a tempo with gaps, they do not always show it: some agents do
 * their acw long before they leave, and no event announces some of the gaps between two agents.
 */
public final class HistoryGenerator {

    private static final int MOST_STAGES = 6;
    private static final int GAPS = 7;
    private static final List<String> AGENTS = List.of("anna", "ben", "carla", "david", "eva");
    private static final List<String> SUPERVISORS = List.of("sonja", "tom");
    private static final List<String> DECLINES =
            List.of("NO_ANSWER_TRANSFER", "CLIENT", "NOT_AVAILABLE_TRANSFER", "DND_TRANSFER");
    private static final List<String> TRANSFERS =
            List.of("TRANSFER", "CONSULT_TRANSFER", "CONFERENCE_TRANSFER", "TAKEOVER");
    private static final List<String> LEAVES = List.of("CLIENT", "PEER", "ENDPOINT", "SYSTEM", "INACTIVITY");
    private static final List<String> MONITOR_LEAVES = List.of("CLIENT", "PEER");
    private static final String ROUTING_FLOW = "INBOUNDSHORTMESSAGE";
    private static final String IN_QUEUE_FLOW = "INQUEUESHORTMESSAGE";
    private static final String SURVEY_FLOW = "SURVEYINVITE";
    private static final String FLOW_DISCONNECT = "FLOW_DISCONNECT";
    private static final List<String> ROUTING_DISCONNECTS = List.of(FLOW_DISCONNECT, "SESSION_EXPIRE_DISCONNECT");

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

    /**
     * Generates the history of a conversation. The same choices give the same history.
     *
     * @param start the time at which the conversation begins, epoch ms
     */
    public static History generate(Tempo tempo, Choices choices, String conversationId, long start) {
        return new HistoryGenerator(tempo, choices, conversationId, start).generate();
    }

    /** An agent session that has started and not ended. */
    private record AgentTurn(
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
        // The sort is stable, so events with equal times stay in the order in which publish() added them.
        events.sort(Comparator.comparingLong(GenesysEvent::time));
        return new History(conversationId, events, services, handovers, apart);
    }

    private void handOver() {
        String customer = "customer-" + handover;
        long began = now;
        publish(Kind.CUSTOMER_START, now, customer, null, null, null, 0, 0, null);
        stages = 0;
        if (choices.oneIn(3)) {
            transferringFlow();
        }
        boolean customerLeft = queue();
        if (customerLeft) {
            if (choices.below(4) < 3) {
                customerEnd(customer, began, now);
            }
        } else if (choices.below(3) < 2) {
            customerEnd(customer, began, now + some(choices.oneIn(2) ? tempo.acwMs() * 2 : 1_000));
        }
        if (choices.oneIn(6)) {
            survey();
        }
    }

    /**
     * Generates queues, flows and agents until the handover is over. Returns whether it is over because the customer
     * left or was disconnected by a flow.
     */
    private boolean queue() {
        while (true) {
            stages++;
            String queue = "queue-" + choices.below(3);
            String session = session("wait");
            now += some(500);
            publish(Kind.ACD_START, now, session, null, queue, null, 0, 0, null);
            String inQueueFlow = choices.oneIn(4) ? inQueueFlow() : null;
            while (stages < MOST_STAGES && choices.oneIn(4)) {
                decline(queue);
            }
            now += some(tempo.waitMs());
            int outcome = stages < MOST_STAGES ? choices.below(8) : 0;
            if (outcome > 4) {
                // The newest departure counts, and at equal times that of an agent. So all agents are gone before.
                now = Math.max(now, lastGone() + 1);
            }
            if (outcome == 7) {
                inQueueFlowEnd(inQueueFlow, now, "TRANSFER", "TRANSFER");
                publish(Kind.ACD_END, now, session, null, queue, "TRANSFER", 0, 0, "FLOW_OUT");
                if (!isRoutedToQueue(now + some(500))) {
                    return true;
                }
                continue;
            }
            if (outcome == 6) {
                inQueueFlowEnd(inQueueFlow, now, "PEER", "DISCONNECT");
                publish(Kind.ACD_END, now, session, null, queue, "PEER", 0, 0, "ABANDON");
                return true;
            }
            if (outcome == 5 && inQueueFlow != null) {
                boolean queueFirst = choices.oneIn(2);
                long first = now;
                now += some(200);
                inQueueFlowEnd(inQueueFlow, queueFirst ? now : first, "CLIENT", FLOW_DISCONNECT);
                publish(Kind.ACD_END, queueFirst ? first : now, session, null, queue, "CLIENT", 0, 0, "FLOW_OUT");
                return true;
            }
            AgentTurn serving = join(queue);
            inQueueFlowEnd(inQueueFlow, serving.answeredAt(), "TRANSFER", "TRANSFER");
            publish(
                    Kind.ACD_END,
                    serving.answeredAt(),
                    session,
                    serving.agentId(),
                    queue,
                    "TRANSFER",
                    0,
                    0,
                    "ANSWERED");
            switch (serve(serving)) {
                case OVER -> {
                    return false;
                }
                case CUSTOMER_LEFT -> {
                    return true;
                }
                case BACK_TO_QUEUE -> {
                    // The loop goes on with the next queue.
                }
            }
        }
    }

    /** The continuation of a handover after the last agent left. */
    private enum Next {
        OVER,
        CUSTOMER_LEFT,
        BACK_TO_QUEUE
    }

    private Next serve(AgentTurn first) {
        AgentTurn serving = first;
        while (true) {
            stages++;
            // The newest departure shows who has the conversation. So no agent leaves before an earlier one does.
            now = Math.max(Math.max(now, lastGone()), serving.answeredAt()) + 1 + some(tempo.serveMs());
            switch (stages < MOST_STAGES ? choices.below(14) : 0) {
                case 1 -> {
                    leave(serving, choices.oneOf(TRANSFERS), now);
                    if (!isPassedOn()) {
                        return Next.BACK_TO_QUEUE;
                    }
                    serving = join(null);
                }
                case 2 -> {
                    // A transfer to a colleague. Here, the colleague is alerted before the first agent leaves.
                    // In case 1, the colleague is alerted afterwards.
                    long end = now + some(400);
                    AgentTurn next = join(null);
                    leave(serving, choices.oneOf(TRANSFERS), end);
                    // The colleague must not leave before the first agent does.
                    now = Math.max(now, end);
                    serving = next;
                }
                case 3 -> {
                    // A colleague joins. Later, the first agent leaves without a transfer.
                    AgentTurn next = join(null);
                    now = next.answeredAt() + 1 + some(tempo.serveMs());
                    leave(serving, choices.oneOf(LEAVES), now);
                    serving = next;
                }
                case 4 -> {
                    // A colleague joins and leaves. The first agent stays.
                    AgentTurn helper = join(null);
                    now = helper.answeredAt() + 1 + some(tempo.serveMs());
                    leave(helper, choices.oneOf(LEAVES), now);
                }
                case 5 -> {
                    // The customer leaves. This also ends the agent's session.
                    leave(serving, "PEER", now + some(800));
                    return Next.CUSTOMER_LEFT;
                }
                case 6 -> {
                    // Either the next queue begins before the agent leaves, or a gap begins without an announcement.
                    boolean unannounced = tempo.gapMs() > 0 && choices.oneIn(8);
                    leave(serving, choices.oneOf(LEAVES), unannounced ? now : now + 600 + some(400));
                    if (!unannounced || !isPassedOn()) {
                        return Next.BACK_TO_QUEUE;
                    }
                    serving = join(null);
                }
                case 7 -> {
                    // A supervisor monitors for a while. The agent stays.
                    AgentTurn supervisor = monitor();
                    now += 1 + some(tempo.serveMs());
                    leaveAsMonitor(supervisor, now);
                }
                case 8 -> {
                    // A supervisor monitors, and then takes over.
                    AgentTurn supervisor = monitor();
                    now += 1 + some(tempo.serveMs());
                    leave(serving, "TAKEOVER", now);
                    serving = supervisor;
                }
                case 9 -> {
                    // The agent leaves while a supervisor monitors. This soon ends the supervisor's session.
                    AgentTurn supervisor = monitor();
                    now += 1 + some(tempo.serveMs());
                    leave(serving, choices.oneOf(LEAVES), now);
                    leaveAsMonitor(supervisor, now + 1 + some(999));
                    return Next.OVER;
                }
                case 10 -> {
                    // The customer is inactive, and a flow takes the conversation from the agent. No acw may be done
                    // between the two: it would show for a moment that the handover is over.
                    now = Math.max(now, lastEvent());
                    long flowStart = now + 1 + some(499);
                    leave(serving, "INACTIVITY", now, flowStart);
                    return isRoutedToQueue(flowStart) ? Next.BACK_TO_QUEUE : Next.CUSTOMER_LEFT;
                }
                case 11 -> {
                    leave(serving, "TRANSFER", now);
                    return isRoutedToQueue(now + some(500)) ? Next.BACK_TO_QUEUE : Next.CUSTOMER_LEFT;
                }
                default -> {
                    leave(serving, choices.oneOf(LEAVES), now);
                    return Next.OVER;
                }
            }
        }
    }

    /** Lets the time of a gap pass. Returns true if the next agent follows, false if a queue follows. */
    private boolean isPassedOn() {
        if (tempo.gapMs() == 0) {
            return false;
        }
        // With gapMs = 90 s, gaps of about 1 s are as frequent as gaps of 45 to 90 s. The gaps are used to compare
        // short and long timeouts.
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
        publish(Kind.USER_START, alerted, session, agent, queue, null, 0, 0, null);
        now += 1 + some(tempo.alertMs());
        publish(Kind.USER_END, now, session, agent, queue, choices.oneOf(DECLINES), 0, now - alerted, null);
        services.add(new History.Service(agent, alerted, now));
        if (choices.oneIn(4)) {
            publish(Kind.ACW, now + some(1_000), session, agent, queue, null, 0, 0, null);
        }
    }

    /**
     * Alerts an agent.
     *
     * @param queue the queue that the conversation comes from; null if it comes from a colleague
     */
    private AgentTurn join(@Nullable String queue) {
        String agent = choices.oneOf(AGENTS);
        AgentTurn serving =
                new AgentTurn(agent, session(agent), queue, now, now + some(Math.min(tempo.alertMs(), 5_000)));
        publish(Kind.USER_START, now, serving.session(), agent, queue, null, 0, 0, null);
        return serving;
    }

    /** Lets a supervisor join who monitors the serving agent. No queue offers the conversation to a supervisor. */
    private AgentTurn monitor() {
        String supervisor = choices.oneOf(SUPERVISORS);
        AgentTurn monitoring = new AgentTurn(supervisor, session(supervisor), null, now, now);
        publish(Kind.USER_START, now, monitoring.session(), supervisor, null, null, 0, 0, null);
        return monitoring;
    }

    private void leaveAsMonitor(AgentTurn monitoring, long time) {
        endSession(monitoring, choices.oneOf(MONITOR_LEAVES), time);
    }

    private void leave(AgentTurn serving, String disconnectType, long time) {
        endSession(serving, disconnectType, time);
        int acw = choices.below(6);
        if (acw < 5) {
            // Some agents do their acw before they leave.
            long before = tempo.gapMs() > 0 && choices.oneIn(4) ? tempo.gapMs() : 900;
            acw(
                    serving,
                    acw == 4 ? time - some(Math.min(before, time - serving.alertedAt())) : time + some(tempo.acwMs()));
        }
    }

    /** Lets an agent leave who does acw at {@code acwFrom} or later, or not at all. */
    private void leave(AgentTurn serving, String disconnectType, long time, long acwFrom) {
        endSession(serving, disconnectType, time);
        if (choices.below(6) < 5) {
            acw(serving, acwFrom + some(tempo.acwMs()));
        }
    }

    private void endSession(AgentTurn serving, String disconnectType, long time) {
        long answered = Math.min(serving.answeredAt(), time - 1);
        publish(
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
    }

    private void acw(AgentTurn serving, long done) {
        publish(Kind.ACW, done, serving.session(), serving.agentId(), serving.queueId(), null, 0, 0, null);
    }

    private void transferringFlow() {
        now += some(500);
        String session = flowStart(now, ROUTING_FLOW);
        now += some(5_000);
        flowEnd(now, session, "TRANSFER", new Flow(ROUTING_FLOW, "TRANSFER", "ACD"));
    }

    /** Generates a flow that takes over the conversation. Returns true if a queue follows, false if it disconnects. */
    private boolean isRoutedToQueue(long start) {
        String session = flowStart(start, ROUTING_FLOW);
        // At equal times, the departure before the flow would count.
        now = start + 1 + some(5_000);
        if (choices.oneIn(3)) {
            flowEnd(now, session, "CLIENT", new Flow(ROUTING_FLOW, choices.oneOf(ROUTING_DISCONNECTS), null));
            return false;
        }
        // Without a flow.end, the next queue shows that the flow no longer has the conversation.
        if (!choices.oneIn(6)) {
            flowEnd(now, session, "TRANSFER", new Flow(ROUTING_FLOW, "TRANSFER", "ACD"));
        }
        return true;
    }

    /** Starts the flow of a queue, and returns its session. */
    private String inQueueFlow() {
        now += some(200);
        return flowStart(now, IN_QUEUE_FLOW);
    }

    private void inQueueFlowEnd(@Nullable String session, long time, String disconnectType, String exitReason) {
        if (session != null) {
            flowEnd(time, session, disconnectType, new Flow(IN_QUEUE_FLOW, exitReason, null));
        }
    }

    /** Invites the customer to a survey, before or after the customer's session ends. */
    private void survey() {
        long start = now + some(30_000);
        String session = flowStart(start, SURVEY_FLOW);
        String exitReason = choices.oneIn(2) ? FLOW_DISCONNECT : "FLOW_EXIT";
        flowEnd(start + some(20_000), session, "ENDPOINT", new Flow(SURVEY_FLOW, exitReason, null));
    }

    private String flowStart(long time, String type) {
        String session = session("flow");
        publish(Kind.FLOW_START, time, session, null, Flow.of(type));
        return session;
    }

    private void flowEnd(long time, String session, String disconnectType, Flow flow) {
        publish(Kind.FLOW_END, time, session, disconnectType, flow);
    }

    private void customerEnd(String session, long began, long time) {
        publish(Kind.CUSTOMER_END, time, session, null, null, "PEER", time - began, 0, null);
    }

    private String session(String of) {
        sessions++;
        return of + '-' + sessions;
    }

    /** Returns a random duration of at most {@code most}, in ms. Short durations are more frequent. */
    private long some(long most) {
        return choices.oneIn(2) ? choices.between(0, most) : choices.between(0, most / 8);
    }

    private long lastGone() {
        return services.stream().mapToLong(History.Service::to).max().orElse(now);
    }

    private long lastEvent() {
        return events.stream().mapToLong(GenesysEvent::time).max().orElse(now);
    }

    private void publish(
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

    private void publish(Kind kind, long time, String session, @Nullable String disconnectType, @Nullable Flow flow) {
        events.add(new GenesysEvent(
                conversationId, handover, kind, time, session, null, null, disconnectType, 0, 0, null, flow));
    }
}
