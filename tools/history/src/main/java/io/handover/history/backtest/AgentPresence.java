package io.handover.history.backtest;

import io.handover.conversation.ConversationEvent;
import io.handover.conversation.ConversationEvent.AfterCallWorkCompleted;
import io.handover.conversation.ConversationEvent.AgentEnded;
import io.handover.conversation.ConversationEvent.AgentStarted;
import io.handover.conversation.ConversationEvent.CustomerEnded;
import io.handover.conversation.ConversationEvent.CustomerStarted;
import io.handover.conversation.ConversationEvent.QueueEntered;
import io.handover.conversation.ConversationEvent.QueueLeft;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What happened in one conversation, in whatever order it was told: kept as numbers, because as many conversations are
 * kept as began within the retention.
 */
final class AgentPresence {

    private static final int NUMBERS = 3;
    private static final int KIND_BITS = 8;

    private long[] numbers = new long[8 * NUMBERS];
    private int size;

    /** What can have happened. */
    private enum Kind {
        AGENT_START,
        AGENT_END,
        AGENT_TRANSFER,
        AGENT_DECLINE,
        WRAP_UP,
        QUEUE_ENTER,
        QUEUE_LEAVE,
        CUSTOMER_START,
        CUSTOMER_END
    }

    private static final List<Kind> KINDS = List.of(Kind.values());

    private record Fact(Kind kind, long time, long session, int agent) {}

    /**
     * A time in which somebody had the conversation, or a queue.
     *
     * @param to when it was over; {@link Long#MAX_VALUE} if nothing tells
     * @param transferred whether it was over because the conversation was to go on
     * @param agent a number of {@link AgentNames}, or -1
     */
    record Span(long from, long to, boolean transferred, int agent) {

        boolean isAt(long time) {
            return from <= time && to > time;
        }

        private Span until(long latest) {
            return new Span(from, Math.min(to, latest), transferred, agent);
        }
    }

    void add(ConversationEvent event, AgentNames names) {
        if (event instanceof AgentStarted started && started.agentSessionId() != null) {
            add(Kind.AGENT_START, event.time(), hash(started.agentSessionId()), names.numberOf(started.agentId()));
        } else if (event instanceof AgentEnded ended) {
            addEnd(ended, names);
        } else if (event instanceof AfterCallWorkCompleted completed) {
            add(Kind.WRAP_UP, event.time(), hash(completed.agentSessionId()), names.numberOf(completed.agentId()));
        } else if (event instanceof QueueEntered entered) {
            add(Kind.QUEUE_ENTER, event.time(), hash(entered.queueSessionId()), -1);
        } else if (event instanceof QueueLeft left) {
            add(Kind.QUEUE_LEAVE, event.time(), hash(left.queueSessionId()), -1);
        } else if (event instanceof CustomerStarted) {
            add(Kind.CUSTOMER_START, event.time(), 0, -1);
        } else if (event instanceof CustomerEnded) {
            add(Kind.CUSTOMER_END, event.time(), 0, -1);
        }
    }

    private void addEnd(AgentEnded ended, AgentNames names) {
        Kind kind = switch (ended.reason()) {
            case LEFT -> Kind.AGENT_END;
            case TRANSFERRED -> Kind.AGENT_TRANSFER;
            case DECLINED -> Kind.AGENT_DECLINE;
        };
        long session = hash(ended.agentSessionId());
        int agent = names.numberOf(ended.agentId());
        if (ended.hasDurations()) {
            // Whose start was not told, or is late, was there all the same.
            add(Kind.AGENT_START, ended.began(), session, agent);
        }
        add(kind, ended.time(), session, agent);
    }

    /** Two sessions of one conversation with the same hash are less likely than a broken disk. */
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

    /** Everything, in the order in which it happened; of the same time, in the order in which it was told. */
    private List<Fact> inOrder() {
        List<Fact> facts = new ArrayList<>();
        for (int i = 0; i < size; i += NUMBERS) {
            Kind kind = KINDS.get((int) (numbers[i + 2] & ((1 << KIND_BITS) - 1)));
            facts.add(new Fact(kind, numbers[i], numbers[i + 1], (int) (numbers[i + 2] >> KIND_BITS)));
        }
        facts.sort(Comparator.comparingLong(Fact::time));
        return facts;
    }

    /** When agents had it, in order; without those who declined, who never had it. */
    List<Span> services() {
        return spans(Kind.AGENT_START);
    }

    /** When it waited in a queue, in order. Nothing may tell when a queue let go, but an agent's start does too. */
    List<Span> waits() {
        List<Span> services = services();
        return spans(Kind.QUEUE_ENTER).stream()
                .map(wait -> wait.until(services.stream()
                        .mapToLong(Span::from)
                        .filter(start -> start > wait.from)
                        .min()
                        .orElse(Long.MAX_VALUE)))
                .toList();
    }

    private List<Span> spans(Kind begin) {
        List<Fact> facts = inOrder();
        List<Span> spans = new ArrayList<>();
        for (int i = 0; i < facts.size(); i++) {
            Fact start = facts.get(i);
            if (start.kind == begin && !isToldAgain(facts, i)) {
                Fact end = endOf(facts, i);
                if (end == null || end.kind != Kind.AGENT_DECLINE) {
                    boolean transferred = end != null && end.kind == Kind.AGENT_TRANSFER;
                    spans.add(new Span(start.time, end == null ? Long.MAX_VALUE : end.time, transferred, start.agent));
                }
            }
        }
        return spans;
    }

    /** Whether that start only repeats an earlier one: nothing ended between them. */
    private static boolean isToldAgain(List<Fact> facts, int index) {
        Fact start = facts.get(index);
        for (int i = index - 1; i >= 0; i--) {
            Fact earlier = facts.get(i);
            if (earlier.session == start.session && earlier.kind != Kind.WRAP_UP && sameSide(earlier, start)) {
                return earlier.kind == start.kind;
            }
        }
        return false;
    }

    /** The end of the session that began there; after-call work stands in for an end that nothing told. */
    private static @Nullable Fact endOf(List<Fact> facts, int index) {
        Fact start = facts.get(index);
        Fact wrapUp = null;
        for (int i = index + 1; i < facts.size(); i++) {
            Fact later = facts.get(i);
            if (later.session != start.session || !sameSide(later, start) || later.kind == start.kind) {
                continue;
            }
            if (later.kind != Kind.WRAP_UP) {
                return later;
            }
            wrapUp = wrapUp == null ? later : wrapUp;
        }
        return wrapUp == null ? endAtOnce(facts, index) : wrapUp;
    }

    /** An end of the same moment that was told first, and ends nothing else. */
    private static @Nullable Fact endAtOnce(List<Fact> facts, int index) {
        Fact start = facts.get(index);
        for (int i = index - 1; i >= 0 && facts.get(i).time == start.time; i--) {
            Fact earlier = facts.get(i);
            if (earlier.session == start.session && sameSide(earlier, start) && earlier.kind != Kind.WRAP_UP) {
                boolean begun = facts.subList(0, i).stream()
                        .anyMatch(fact -> fact.kind == start.kind && fact.session == start.session);
                return begun ? null : earlier;
            }
        }
        return null;
    }

    private static boolean sameSide(Fact one, Fact other) {
        return isOfQueue(one.kind) == isOfQueue(other.kind) && isOfCustomer(one.kind) == isOfCustomer(other.kind);
    }

    private static boolean isOfQueue(Kind kind) {
        return kind == Kind.QUEUE_ENTER || kind == Kind.QUEUE_LEAVE;
    }

    private static boolean isOfCustomer(Kind kind) {
        return kind == Kind.CUSTOMER_START || kind == Kind.CUSTOMER_END;
    }

    /** Whether the customer began or ended a session in that time, both ends included. */
    boolean customerMovedBetween(long from, long to) {
        for (int i = 0; i < size; i += NUMBERS) {
            Kind kind = KINDS.get((int) (numbers[i + 2] & ((1 << KIND_BITS) - 1)));
            if (isOfCustomer(kind) && numbers[i] >= from && numbers[i] <= to) {
                return true;
            }
        }
        return false;
    }
}
