package io.handover.history.backtest;

import io.handover.conversation.AfterCallWorkCompleted;
import io.handover.conversation.AgentEnded;
import io.handover.conversation.AgentStarted;
import io.handover.conversation.ConversationEvent;
import io.handover.conversation.CustomerEnded;
import io.handover.conversation.CustomerStarted;
import io.handover.conversation.FlowEnded;
import io.handover.conversation.FlowSession;
import io.handover.conversation.FlowStarted;
import io.handover.conversation.QueueEntered;
import io.handover.conversation.QueueLeft;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * The events of one conversation, for hindsight. They are sorted by event time; the order of arrival matters only at
 * equal event times.
 *
 * <p>All conversations within the retention are in memory. To save memory, each entry is three numbers: the event time,
 * the hash of the session id, and the agent's number together with the kind.
 */
final class ConversationTimeline {

    private static final int NUMBERS = 3;
    private static final int KIND_BITS = 8;

    private long[] numbers = new long[8 * NUMBERS];
    private int size;

    /** The kind of an entry, with the party whose session the entry belongs to. */
    private enum Kind {
        AGENT_START(Party.AGENT),
        AGENT_END(Party.AGENT),
        AGENT_TRANSFER(Party.AGENT),
        AGENT_DECLINE(Party.AGENT),
        AFTER_CALL_WORK(Party.AGENT),
        QUEUE_ENTER(Party.QUEUE),
        QUEUE_LEAVE(Party.QUEUE),
        FLOW_START(Party.FLOW),
        FLOW_END(Party.FLOW),
        FLOW_DISCONNECT(Party.FLOW),
        CUSTOMER_START(Party.CUSTOMER),
        CUSTOMER_END(Party.CUSTOMER);

        private final Party party;

        Kind(Party party) {
            this.party = party;
        }

        private boolean isStart() {
            return this == AGENT_START || this == QUEUE_ENTER || this == FLOW_START || this == CUSTOMER_START;
        }
    }

    private enum Party {
        AGENT,
        QUEUE,
        FLOW,
        CUSTOMER
    }

    private static final List<Kind> KINDS = List.of(Kind.values());

    private record Entry(Kind kind, long time, long session, int agent) {

        private boolean isOfSameSession(Entry other) {
            return session == other.session && kind.party == other.kind.party;
        }
    }

    /**
     * The time of an agent session, of a wait in a queue or of a routing flow.
     *
     * @param from its first millisecond, epoch ms
     * @param to the millisecond after it, epoch ms; {@link Long#MAX_VALUE} if no event ended it
     * @param transferred whether it ended because the agent transferred the conversation
     * @param agent the agent's number in {@link AgentNumbers}; -1 for a queue, a flow or an unknown agent
     */
    record Span(long from, long to, boolean transferred, int agent) {

        boolean isAt(long time) {
            return from <= time && to > time;
        }

        /** Ends the span at the first of these times after its start, if it has not ended before. */
        private Span untilNextOf(long[] times) {
            long next = to;
            for (long time : times) {
                next = time > from ? Math.min(next, time) : next;
            }
            return new Span(from, next, transferred, agent);
        }
    }

    void add(ConversationEvent event, AgentNumbers agents) {
        if (event instanceof AgentStarted started && started.agentSessionId() != null) {
            add(Kind.AGENT_START, event.time(), hash(started.agentSessionId()), agents.numberOf(started.agentId()));
        } else if (event instanceof AgentEnded ended) {
            addEnd(ended, agents);
        } else if (event instanceof AfterCallWorkCompleted completed) {
            add(
                    Kind.AFTER_CALL_WORK,
                    event.time(),
                    hash(completed.agentSessionId()),
                    agents.numberOf(completed.agentId()));
        } else if (event instanceof QueueEntered entered) {
            add(Kind.QUEUE_ENTER, event.time(), hash(entered.queueSessionId()), -1);
        } else if (event instanceof QueueLeft left) {
            add(Kind.QUEUE_LEAVE, event.time(), hash(left.queueSessionId()), -1);
        } else if (event instanceof FlowStarted started && started.routing()) {
            add(Kind.FLOW_START, event.time(), hash(started.flowSessionId()), -1);
        } else if (event instanceof FlowEnded ended) {
            Kind kind = ended.exit() == FlowSession.Exit.DISCONNECTED ? Kind.FLOW_DISCONNECT : Kind.FLOW_END;
            add(kind, event.time(), hash(ended.flowSessionId()), -1);
        } else if (event instanceof CustomerStarted) {
            add(Kind.CUSTOMER_START, event.time(), 0, -1);
        } else if (event instanceof CustomerEnded) {
            add(Kind.CUSTOMER_END, event.time(), 0, -1);
        }
    }

    private void addEnd(AgentEnded ended, AgentNumbers agents) {
        Kind kind = switch (ended.reason()) {
            case LEFT -> Kind.AGENT_END;
            case TRANSFERRED -> Kind.AGENT_TRANSFER;
            case DECLINED -> Kind.AGENT_DECLINE;
        };
        long session = hash(ended.agentSessionId());
        int agent = agents.numberOf(ended.agentId());
        if (ended.hasDurations()) {
            // The durations give the start, because user.start may be late or lost.
            add(Kind.AGENT_START, ended.began(), session, agent);
        }
        add(kind, ended.time(), session, agent);
    }

    /**
     * Returns a hash that replaces the id. Two ids of one conversation with the same hash are too unlikely to matter.
     */
    private static long hash(@Nullable String id) {
        long hash = 7;
        for (int i = 0; id != null && i < id.length(); i++) {
            hash = 1_000_003 * hash + id.charAt(i);
        }
        return hash;
    }

    private void add(Kind kind, long time, long session, int agent) {
        if (size == numbers.length) {
            numbers = Arrays.copyOf(numbers, size * 2);
        }
        numbers[size] = time;
        numbers[size + 1] = session;
        numbers[size + 2] = ((long) agent << KIND_BITS) | KINDS.indexOf(kind);
        size += NUMBERS;
    }

    /** Returns all entries sorted by event time. Entries with the same event time are in the order of their arrival. */
    private List<Entry> inOrder() {
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < size(); i++) {
            int agent = (int) (numbers[i * NUMBERS + 2] >> KIND_BITS);
            entries.add(new Entry(kindOf(i), timeOf(i), numbers[i * NUMBERS + 1], agent));
        }
        entries.sort(Comparator.comparingLong(Entry::time));
        return entries;
    }

    /** Returns the spans of the agents, in order of their starts. The span of an agent who declined is left out. */
    List<Span> services() {
        return spans(Kind.AGENT_START);
    }

    /**
     * Returns the waits in queues, in order of their starts. The start of an agent, or a flow that disconnects the
     * conversation, also ends a wait, because acd.end may be lost or not subscribed to.
     */
    List<Span> waits(List<Span> services) {
        long[] ends =
                LongStream.concat(starts(services), times(Kind.FLOW_DISCONNECT)).toArray();
        return spans(Kind.QUEUE_ENTER).stream()
                .map(wait -> wait.untilNextOf(ends))
                .toList();
    }

    /**
     * Returns the times in which a routing flow had the conversation, in order of their starts. The start of an agent,
     * of a wait in a queue or of another flow also ends such a time, because flow.end may be lost.
     */
    List<Span> flows(List<Span> services) {
        List<Span> flows = spans(Kind.FLOW_START);
        long[] ends = LongStream.concat(LongStream.concat(starts(services), starts(flows)), times(Kind.QUEUE_ENTER))
                .toArray();
        return flows.stream().map(flow -> flow.untilNextOf(ends)).toList();
    }

    private static LongStream starts(List<Span> spans) {
        return spans.stream().mapToLong(Span::from);
    }

    private LongStream times(Kind kind) {
        return IntStream.range(0, size()).filter(entry -> kindOf(entry) == kind).mapToLong(this::timeOf);
    }

    private List<Span> spans(Kind begin) {
        List<Entry> entries = inOrder();
        List<Span> spans = new ArrayList<>();
        for (int i = 0; i < entries.size(); i++) {
            Entry start = entries.get(i);
            if (start.kind == begin && !isRepeated(entries, i)) {
                Entry end = endOf(entries, i);
                if (end == null || end.kind != Kind.AGENT_DECLINE) {
                    boolean transferred = end != null && end.kind == Kind.AGENT_TRANSFER;
                    spans.add(new Span(start.time, end == null ? Long.MAX_VALUE : end.time, transferred, start.agent));
                }
            }
        }
        return spans;
    }

    /**
     * Returns whether the session has already started: the same session has an earlier start, and no end since then.
     */
    private static boolean isRepeated(List<Entry> entries, int index) {
        Entry start = entries.get(index);
        for (int i = index - 1; i >= 0; i--) {
            Entry earlier = entries.get(i);
            if (earlier.isOfSameSession(start) && earlier.kind != Kind.AFTER_CALL_WORK) {
                return earlier.kind == start.kind;
            }
        }
        return false;
    }

    /** Returns the end of the session that starts at this index; its acw if the end is lost; null if it has neither. */
    private static @Nullable Entry endOf(List<Entry> entries, int index) {
        Entry start = entries.get(index);
        Entry afterCallWork = null;
        for (int i = index + 1; i < entries.size(); i++) {
            Entry later = entries.get(i);
            if (!later.isOfSameSession(start) || later.kind == start.kind) {
                continue;
            }
            if (later.kind != Kind.AFTER_CALL_WORK) {
                return later;
            }
            afterCallWork = afterCallWork == null ? later : afterCallWork;
        }
        return afterCallWork == null ? endAtOnce(entries, index) : afterCallWork;
    }

    /**
     * Returns an end that has the same event time as the start, but arrived before it; null if there is none. If the
     * session already had a start before that end, the end belongs to that start: null.
     */
    private static @Nullable Entry endAtOnce(List<Entry> entries, int index) {
        Entry start = entries.get(index);
        for (int i = index - 1; i >= 0 && entries.get(i).time == start.time; i--) {
            Entry earlier = entries.get(i);
            if (earlier.isOfSameSession(start) && earlier.kind != Kind.AFTER_CALL_WORK) {
                boolean begun = entries.subList(0, i).stream()
                        .anyMatch(entry -> entry.kind == start.kind && entry.session == start.session);
                return begun ? null : earlier;
            }
        }
        return null;
    }

    /** Returns the number of entries. Later events add later entries. */
    int size() {
        return size / NUMBERS;
    }

    private Kind kindOf(int entry) {
        return KINDS.get((int) (numbers[entry * NUMBERS + 2] & ((1 << KIND_BITS) - 1)));
    }

    private long timeOf(int entry) {
        return numbers[entry * NUMBERS];
    }

    /** Returns whether an agent, a queue, a routing flow or the customer started something. */
    boolean hasBegun() {
        return IntStream.range(0, size()).anyMatch(entry -> kindOf(entry).isStart());
    }

    /**
     * Returns whether a handover began after an end: an agent, a queue, a routing flow or the customer started
     * something later than the end, and this arrived after the decision. Before the decision, the same event was part
     * of the handover that ended; only the start of a customer never is. A start does not count if a later end of the
     * customer arrived before it: its handover was over already.
     *
     * @param ended the event time of the end, epoch ms
     * @param arrived the number of entries at the decision
     */
    boolean hasBegunSince(long ended, int arrived) {
        long customerEnd = Long.MIN_VALUE;
        for (int i = 0; i < size(); i++) {
            Kind kind = kindOf(i);
            boolean mayBegin = kind.isStart() && (i >= arrived || kind == Kind.CUSTOMER_START);
            if (mayBegin && timeOf(i) > Math.max(ended, customerEnd)) {
                return true;
            }
            customerEnd = kind == Kind.CUSTOMER_END ? Math.max(customerEnd, timeOf(i)) : customerEnd;
        }
        return false;
    }

    /** Returns whether the customer started or ended a session between these times, both inclusive, epoch ms. */
    boolean customerMovedBetween(long from, long to) {
        for (int i = 0; i < size(); i++) {
            if (kindOf(i).party == Party.CUSTOMER && timeOf(i) >= from && timeOf(i) <= to) {
                return true;
            }
        }
        return false;
    }
}
