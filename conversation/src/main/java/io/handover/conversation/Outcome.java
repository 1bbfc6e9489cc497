package io.handover.conversation;

/**
 * The decision table: what an event or a deadline does. Each constant is a row. {@link Reading.Row} is the second
 * table: who has the conversation then, and which end is pending.
 *
 * <p>The grace is the out-of-order grace; the acw timeout is the after-call-work timeout. A session belongs to the
 * handover in which it began; if that is unknown, its event time decides. A row number is a name: it never changes.
 *
 * <pre>
 * 1   customer.end     handover open, no transfer                       handover-ended (customer-end), at once;
 *                                                                       sessions that began later open the next
 *                                                                       handover
 * 2   customer.end     a transfer                                       ignored
 * 27  customer.end     customer.end may not end a handover              ignored
 *                      (end.evidence)
 * 3   user.start       its user.end has not arrived                     agent there, hold cancelled; agent-updated, if
 *                                                                       this agent is now the newest to announce
 * 28  user.start       its user.end has not arrived; another agent      agent there, hold cancelled; agent-updated
 *                      served when it started, and has not transferred  only when the other transferred, or left and
 *                      or wrapped up; no queue offered the conversation wrapped up
 * 4   user.start       its user.end or acw arrived first                agent gone; that event counts
 * 5   user.end         *TRANSFER or TAKEOVER, except those of row 6     agent transferred; no end before the transfer
 *                                                                       timeout
 * 6   user.end         NO_ANSWER_TRANSFER, NOT_AVAILABLE_TRANSFER,      agent declined; a wait in a queue goes on, and
 *                      DND_*; or no transfer, alerted and never         the end of an earlier departure waits for the
 *                      interacted                                       acw timeout
 * 7   user.end         left; an agent, a queue or a flow has the        agent left; agent-updated, if another agent is
 *                      conversation, or it moves on                     the newest now
 * 29  user.end         left; but a later departure decides, or the      agent left; the other end stays held
 *                      agent joined silently
 * 8   user.end         left last, acw arrived                           held for the grace (after-call-work)
 * 9   user.end         left last, no acw arrived                        held for the acw timeout (agent-left)
 * 10  acw              its agent transferred or declined                ignored, however late
 * 11  acw              its agent left, and was the last                 held for the grace (after-call-work)
 * 12  acw              an agent, a queue or a flow has the              acw kept; not an end
 *                      conversation, or it moves on
 * 30  acw              a later departure decides, or the agent joined   acw kept; the other end stays held
 *                      silently
 * 13  acw              its user.end has not arrived                     held for the transfer timeout
 *                                                                       (transfer-timeout)
 * 14  acw              of the old data action, within the transfer      ignored; it is the acw of that transfer
 *                      timeout of a transfer without acw
 * 15  acw              of the old data action, otherwise                held for the transfer timeout
 *                                                                       (transfer-timeout)
 * 16  acd.start        no later acd.end, no later user.start of an      waits in a queue, hold cancelled
 *                      agent who neither declined nor joined silently,
 *                      and no later flow.end *DISCONNECT
 * 17  acd.end          ANSWERED                                         no longer waits; agent-updated, if agents are
 *                                                                       announced on answer
 * 18  acd.end          no answer and no transfer, and the last          held for the transfer timeout
 *                      departure                                        (queue-abandoned)
 * 31  acd.end          otherwise, and another fact decides              no longer waits in this queue
 * 32  flow.start       a routing flow, not before the last departure;   the flow has the conversation, hold cancelled
 *                      no agent or queue has the conversation
 * 33  flow.end         *DISCONNECT, and the last departure              held for the transfer timeout
 *                                                                       (flow-disconnected)
 * 34  flow.end         no transfer and no disconnect, or a later fact   flow over; another fact decides
 *                      decides
 * 35  acd.end,         a transfer, and the last departure               moves on, hold cancelled
 *     flow.end
 * 42  acd.start,       its acd.end or flow.end arrived first            over; its end counts, in the handover of its
 *     flow.start                                                        start
 * 36  any end, acw     the last one is gone, but only customer.end may  no end; waits for customer.end
 *                      end a handover (end.evidence)
 * 19  any event        decides nothing, or its session has newer facts  nothing
 * 37  any start,       a customer.end that is not older arrived before: the handover opens, and handover-ended
 *     user.end         at most the grace ago for a start                (customer-end) at once
 * 38  any start        after the end; a customer.end that is not older  ignored; its handover is over
 *                      arrived longer ago than the grace
 * 20  any start        began after the end (flow.start: of a routing    next handover opens, and the event is applied
 *                      flow); user.start also before it, if agents'     to it
 *                      events alone decided that end and no archive
 *                      replay sent the start
 * 21  user.end,        its session began after the end: by its          next handover opens, and the event is applied
 *     customer.end,    durations; customer.end without durations: by    to it
 *     acw              its session id; old data action: by its event
 *                      time
 * 22  any event        of a handover that has ended                     ignored; after a user.end, its acw too
 * 23  any event        fingerprint known                                ignored
 * 24  any event        older than the retention                         ignored
 * 26  deadline         of a held end, or of the idle time               handover-ended; if customer.start came
 *                                                                       meanwhile, the next handover opens
 * 25  deadline         no end is held for it any more                   nothing
 * 39  deadline         of the idle time, and events came since          the idle time starts again
 * 40  deadline         of the idle time, which has been disabled        nothing
 * 41  retention over   a handover is open                               handover-ended (expired); then the
 *                                                                       conversation is forgotten
 * 43  agent profile    of the agent announced in the open handover;     agent-updated (agent-profile)
 *                      name or picture differ from those announced
 * 44  agent profile    otherwise                                        kept for the next announcement of the agent
 * 45  agent profile    agent.profiles=off                               ignored; but an agent is forgotten on request
 * 46  operator order   end, of the handover that is open                handover-ended (operator), at once
 * 47  operator order   release, of the handover that is open, and its   handover-ended, with the reason of the held
 *                      end is held                                      end
 * 48  operator order   otherwise                                        nothing
 * </pre>
 */
public enum Outcome {
    CUSTOMER_ENDED(
            1,
            "customer-ended",
            "customer.end",
            "handover open, no transfer",
            "handover-ended (customer-end), at once; sessions that began later open the next handover"),
    CUSTOMER_TRANSFERRED(2, "customer-transferred", "customer.end", "a transfer", "ignored"),
    CUSTOMER_END_NOTED(
            27, "customer-end-noted", "customer.end", "customer.end may not end a handover (end.evidence)", "ignored"),
    AGENT_STARTED(
            3,
            "agent-started",
            "user.start",
            "its user.end has not arrived",
            "agent there, hold cancelled; agent-updated, if this agent is now the newest to announce"),
    AGENT_JOINED(
            28,
            "agent-joined",
            "user.start",
            "its user.end has not arrived; another agent served when it started, and has not transferred or wrapped up; no queue offered the conversation",
            "agent there, hold cancelled; agent-updated only when the other transferred, or left and wrapped up"),
    AGENT_START_AFTER_END(
            4,
            "agent-start-after-end",
            "user.start",
            "its user.end or acw arrived first",
            "agent gone; that event counts"),
    AGENT_TRANSFERRED(
            5,
            "agent-transferred",
            "user.end",
            "*TRANSFER or TAKEOVER, except those of row 6",
            "agent transferred; no end before the transfer timeout"),
    AGENT_DECLINED(
            6,
            "agent-declined",
            "user.end",
            "NO_ANSWER_TRANSFER, NOT_AVAILABLE_TRANSFER, DND_*; or no transfer, alerted and never interacted",
            "agent declined; a wait in a queue goes on, and the end of an earlier departure waits for the acw timeout"),
    AGENT_LEFT_OTHERS(
            7,
            "agent-left-others",
            "user.end",
            "left; an agent, a queue or a flow has the conversation, or it moves on",
            "agent left; agent-updated, if another agent is the newest now"),
    AGENT_LEFT_EARLIER(
            29,
            "agent-left-earlier",
            "user.end",
            "left; but a later departure decides, or the agent joined silently",
            "agent left; the other end stays held"),
    AGENT_LEFT_WRAPPED_UP(
            8, "agent-left-wrapped-up", "user.end", "left last, acw arrived", "held for the grace (after-call-work)"),
    AGENT_LEFT(9, "agent-left", "user.end", "left last, no acw arrived", "held for the acw timeout (agent-left)"),
    WRAP_UP_OF_TRANSFER(10, "wrap-up-of-transfer", "acw", "its agent transferred or declined", "ignored, however late"),
    WRAP_UP(11, "wrap-up", "acw", "its agent left, and was the last", "held for the grace (after-call-work)"),
    WRAP_UP_NOTED(
            12,
            "wrap-up-noted",
            "acw",
            "an agent, a queue or a flow has the conversation, or it moves on",
            "acw kept; not an end"),
    WRAP_UP_EARLIER(
            30,
            "wrap-up-earlier",
            "acw",
            "a later departure decides, or the agent joined silently",
            "acw kept; the other end stays held"),
    WRAP_UP_HELD(
            13,
            "wrap-up-held",
            "acw",
            "its user.end has not arrived",
            "held for the transfer timeout (transfer-timeout)"),
    LEGLESS_WRAP_UP_OF_TRANSFER(
            14,
            "legless-wrap-up-of-transfer",
            "acw",
            "of the old data action, within the transfer timeout of a transfer without acw",
            "ignored; it is the acw of that transfer"),
    LEGLESS_WRAP_UP_HELD(
            15,
            "legless-wrap-up-held",
            "acw",
            "of the old data action, otherwise",
            "held for the transfer timeout (transfer-timeout)"),
    QUEUE_ENTERED(
            16,
            "queue-entered",
            "acd.start",
            "no later acd.end, no later user.start of an agent who neither declined nor joined silently, and no later flow.end *DISCONNECT",
            "waits in a queue, hold cancelled"),
    QUEUE_ANSWERED(
            17,
            "queue-answered",
            "acd.end",
            "ANSWERED",
            "no longer waits; agent-updated, if agents are announced on answer"),
    QUEUE_ABANDONED(
            18,
            "queue-abandoned",
            "acd.end",
            "no answer and no transfer, and the last departure",
            "held for the transfer timeout (queue-abandoned)"),
    QUEUE_LEFT(31, "queue-left", "acd.end", "otherwise, and another fact decides", "no longer waits in this queue"),
    FLOW_ENTERED(
            32,
            "flow-entered",
            "flow.start",
            "a routing flow, not before the last departure; no agent or queue has the conversation",
            "the flow has the conversation, hold cancelled"),
    FLOW_DISCONNECTED(
            33,
            "flow-disconnected",
            "flow.end",
            "*DISCONNECT, and the last departure",
            "held for the transfer timeout (flow-disconnected)"),
    FLOW_LEFT(
            34,
            "flow-left",
            "flow.end",
            "no transfer and no disconnect, or a later fact decides",
            "flow over; another fact decides"),
    MOVED_ON(35, "moved-on", "acd.end, flow.end", "a transfer, and the last departure", "moves on, hold cancelled"),
    STARTED_AFTER_END(
            42,
            "started-after-end",
            "acd.start, flow.start",
            "its acd.end or flow.end arrived first",
            "over; its end counts, in the handover of its start"),
    CUSTOMER_AWAITED(
            36,
            "customer-awaited",
            "any end, acw",
            "the last one is gone, but only customer.end may end a handover (end.evidence)",
            "no end; waits for customer.end"),
    NOTED(19, "noted", "any event", "decides nothing, or its session has newer facts", "nothing"),
    OPENED_AND_ENDED(
            37,
            "opened-and-ended",
            "any start, user.end",
            "a customer.end that is not older arrived before: at most the grace ago for a start",
            "the handover opens, and handover-ended (customer-end) at once"),
    LATE_START(
            38,
            "late-start",
            "any start",
            "after the end; a customer.end that is not older arrived longer ago than the grace",
            "ignored; its handover is over"),
    REOPENED_BY_START(
            20,
            "reopened-by-start",
            "any start",
            "began after the end (flow.start: of a routing flow); user.start also before it, if agents' events alone decided that end and no archive replay sent the start",
            "next handover opens, and the event is applied to it"),
    REOPENED_BY_END(
            21,
            "reopened-by-end",
            "user.end, customer.end, acw",
            "its session began after the end: by its durations; customer.end without durations: by its session id; old data action: by its event time",
            "next handover opens, and the event is applied to it"),
    AFTER_END(22, "after-end", "any event", "of a handover that has ended", "ignored; after a user.end, its acw too"),
    DUPLICATE(23, "duplicate", "any event", "fingerprint known", "ignored"),
    TOO_OLD(24, "too-old", "any event", "older than the retention", "ignored"),
    DEADLINE_ENDED(
            26,
            "deadline-ended",
            "deadline",
            "of a held end, or of the idle time",
            "handover-ended; if customer.start came meanwhile, the next handover opens"),
    DEADLINE_STALE(25, "deadline-stale", "deadline", "no end is held for it any more", "nothing"),
    IDLE_MOVED(39, "idle-moved", "deadline", "of the idle time, and events came since", "the idle time starts again"),
    IDLE_DISABLED(40, "idle-disabled", "deadline", "of the idle time, which has been disabled", "nothing"),
    EXPIRED(
            41,
            "expired",
            "retention over",
            "a handover is open",
            "handover-ended (expired); then the conversation is forgotten"),
    PROFILE_ANNOUNCED(
            43,
            "profile-announced",
            "agent profile",
            "of the agent announced in the open handover; name or picture differ from those announced",
            "agent-updated (agent-profile)"),
    PROFILE_KEPT(44, "profile-kept", "agent profile", "otherwise", "kept for the next announcement of the agent"),
    PROFILE_IGNORED(
            45,
            "profile-ignored",
            "agent profile",
            "agent.profiles=off",
            "ignored; but an agent is forgotten on request"),
    OPERATOR_ENDED(
            46,
            "operator-ended",
            "operator order",
            "end, of the handover that is open",
            "handover-ended (operator), at once"),
    OPERATOR_RELEASED(
            47,
            "operator-released",
            "operator order",
            "release, of the handover that is open, and its end is held",
            "handover-ended, with the reason of the held end"),
    ORDER_WITHOUT_EFFECT(48, "order-without-effect", "operator order", "otherwise", "nothing");

    private final int row;
    private final String label;
    private final String event;
    private final String when;
    private final String then;

    Outcome(int row, String label, String event, String when, String then) {
        this.row = row;
        this.label = label;
        this.event = event;
        this.when = when;
        this.then = then;
    }

    public int row() {
        return row;
    }

    /** The value of the tag {@code outcome} of the metric {@code handover_events_total}. */
    public String label() {
        return label;
    }

    /** The events that the row is about. */
    public String event() {
        return event;
    }

    /** When the row applies. */
    public String when() {
        return when;
    }

    /** What happens then. */
    public String then() {
        return then;
    }

    /** The row of an agent's event that makes no end pending. */
    static Outcome ofOthers(Reading reading, Outcome goingOn, Outcome earlier) {
        if (reading instanceof Reading.CustomerAwaited) {
            return CUSTOMER_AWAITED;
        }
        return reading instanceof Reading.Over ? earlier : goingOn;
    }

    /** The row of an event whose session decides the reading. */
    static Outcome ofDeparture(Reading reading, Outcome over) {
        if (reading instanceof Reading.CustomerAwaited) {
            return CUSTOMER_AWAITED;
        }
        if (reading instanceof Reading.Over) {
            return over;
        }
        return reading.row() == Reading.Row.MOVING_ON ? MOVED_ON : NOTED;
    }
}
