package io.handover.history.backtest;

import io.handover.conversation.ConversationEvent;
import io.handover.conversation.ConversationState;
import io.handover.conversation.EndReason;
import io.handover.conversation.Outcome;
import io.handover.history.backtest.AgentPresence.Span;
import io.handover.history.report.PrematureEnd;
import io.handover.history.report.PrematureEnd.Refutation;
import io.handover.history.report.Tally;
import io.handover.history.report.Tally.Difference;
import io.handover.schema.HandoverEnded;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Judges every end by all that happened, also by what was told only later. It shares no decision with the core: it knows
 * when agents were there, and asks whether one was there when the handover ended, or came soon after.
 *
 * <p>Who comes soon after, without the customer having begun or ended a session between, came back; who comes later came
 * for another handover. What "soon" is, nothing in the events tells, so it is a parameter.
 */
final class Hindsight {

    private final long returnWithinMs;
    private final List<Tally> tallies = new ArrayList<>();
    private final Map<String, Conversation> conversations = new HashMap<>();
    private final AgentNames names = new AgentNames();
    private final Histogram toldGaps = new Histogram(3);
    private final Histogram untoldGaps = new Histogram(3);
    private long judged;

    private static final class Conversation {
        private final AgentPresence facts = new AgentPresence();
        private final List<End> ends = new ArrayList<>();

        /** Which settings have, since it was last told of. */
        private final BitSet forgottenBy = new BitSet();
    }

    private record End(int setting, HandoverEnded command) {}

    Hindsight(int settings, long returnWithinMs) {
        this.returnWithinMs = returnWithinMs;
        for (int i = 0; i < settings; i++) {
            tallies.add(new Tally());
        }
    }

    void happened(String conversationId, ConversationEvent event, Outcome outcome) {
        if (outcome != Outcome.DUPLICATE && outcome != Outcome.TOO_OLD) {
            Conversation conversation = conversation(conversationId);
            conversation.facts.add(event, names);
            conversation.forgottenBy.clear();
        }
    }

    void ended(String conversationId, int setting, HandoverEnded end) {
        conversation(conversationId).ends.add(new End(setting, end));
    }

    void agentUpdated(int setting) {
        tallies.get(setting).agentUpdated++;
    }

    private Conversation conversation(String id) {
        return conversations.computeIfAbsent(id, key -> new Conversation());
    }

    /** Nothing more can come of the conversation under that setting. */
    void forgotten(String conversationId, int setting, ConversationState last) {
        boolean begun = last.agentSessions().stream().anyMatch(leg -> leg.cycle() == last.cycle())
                || last.queueSessions().stream().anyMatch(session -> session.cycle() == last.cycle());
        if (last.open() && begun) {
            tallies.get(setting).neverEnded++;
        }
        Conversation conversation = conversation(conversationId);
        conversation.forgottenBy.set(setting);
        if (conversation.forgottenBy.cardinality() == tallies.size()) {
            judge(conversationId, conversation);
            conversations.remove(conversationId);
        }
    }

    /** What not every setting has forgotten is judged as it stands. */
    void judgeAll() {
        conversations.forEach(this::judge);
        conversations.clear();
    }

    private void judge(String conversationId, Conversation conversation) {
        judged++;
        List<Span> services = conversation.facts.services();
        List<Span> waits = conversation.facts.waits();
        measureGaps(conversation.facts, services, waits);
        long[] before = new long[tallies.size()];
        Arrays.fill(before, Long.MIN_VALUE);
        for (End end : conversation.ends) {
            Tally tally = tallies.get(end.setting);
            tally.endedByReason.merge(end.command.reason(), 1L, Long::sum);
            PrematureEnd premature = premature(end.command, conversation.facts, services, waits);
            if (premature == null) {
                tally.late.recordValue(late(end.command, before[end.setting], services, waits));
            } else {
                tally.premature.add(premature);
            }
            before[end.setting] = end.command.decidedAt().toEpochMilli();
        }
        compare(conversationId, conversation.ends);
    }

    /**
     * How long after the last agent or queue was done.
     *
     * @param before when the handover before it ended: what was over by then was of that one
     */
    private static long late(HandoverEnded end, long before, List<Span> services, List<Span> waits) {
        long decided = end.decidedAt().toEpochMilli();
        if (services.stream().anyMatch(service -> service.isAt(decided))) {
            return 0;
        }
        long over = Math.max(lastEnd(services, decided), lastEnd(waits, decided));
        return Math.max(0, decided - (over > before ? over : end.occurredAt().toEpochMilli()));
    }

    private @Nullable PrematureEnd premature(
            HandoverEnded end, AgentPresence facts, List<Span> services, List<Span> waits) {
        if (end.reason().equals(EndReason.CUSTOMER_END.label())) {
            // Whoever is there then, the customer is not.
            return null;
        }
        long decided = end.decidedAt().toEpochMilli();
        for (Span service : services) {
            if (service.isAt(decided)) {
                return premature(end, Refutation.SERVED, service);
            }
        }
        for (Span wait : waits) {
            if (wait.isAt(decided)) {
                return premature(end, Refutation.QUEUED, wait);
            }
        }
        for (Span service : services) {
            if (service.from() > decided
                    && service.from() - decided <= returnWithinMs
                    && !facts.customerMovedBetween(end.occurredAt().toEpochMilli(), service.from())) {
                return premature(end, Refutation.CAME_BACK, service);
            }
        }
        return null;
    }

    private PrematureEnd premature(HandoverEnded end, Refutation refutation, Span by) {
        return new PrematureEnd(
                end.conversationId(),
                end.cycle(),
                end.reason(),
                end.occurredAt(),
                end.decidedAt(),
                end.evidence(),
                refutation,
                Instant.ofEpochMilli(by.from()),
                names.name(by.agent()));
    }

    /** When the last of those that are over by then was over; {@link Long#MIN_VALUE} if none is. */
    private static long lastEnd(List<Span> spans, long by) {
        long last = Long.MIN_VALUE;
        for (Span span : spans) {
            if (span.to() <= by) {
                last = Math.max(last, span.to());
            }
        }
        return last;
    }

    /** How long nobody had the conversation before the next agent came, and whether anything told that one would. */
    private void measureGaps(AgentPresence facts, List<Span> services, List<Span> waits) {
        Span last = null;
        for (Span service : services) {
            if (last != null
                    && service.from() > last.to()
                    && service.from() - last.to() <= returnWithinMs
                    && !facts.customerMovedBetween(last.to(), service.from())) {
                boolean told = last.transferred() || anyWithin(waits, last.to(), service.from());
                (told ? toldGaps : untoldGaps).recordValue(service.from() - last.to());
            }
            last = last == null || service.to() > last.to() ? service : last;
        }
    }

    private static boolean anyWithin(List<Span> waits, long from, long to) {
        return waits.stream().anyMatch(wait -> wait.from() <= to && wait.to() >= from);
    }

    private void compare(String conversationId, List<End> ends) {
        List<String> first = describe(ends, 0);
        for (int setting = 1; setting < tallies.size(); setting++) {
            List<String> here = describe(ends, setting);
            if (!here.equals(first)) {
                tallies.get(setting).add(new Difference(conversationId, first, here));
            }
        }
    }

    /** Without when it was decided, which a time-out changes by its nature. */
    private static List<String> describe(List<End> ends, int setting) {
        return ends.stream()
                .filter(end -> end.setting == setting)
                .map(end -> end.command.reason() + " of " + end.command.occurredAt())
                .toList();
    }

    /** Adds what another processor saw. */
    void add(Hindsight other) {
        for (int i = 0; i < tallies.size(); i++) {
            tallies.get(i).add(other.tallies.get(i));
        }
        toldGaps.add(other.toldGaps);
        untoldGaps.add(other.untoldGaps);
        judged += other.judged;
    }

    Tally tally(int setting) {
        return tallies.get(setting);
    }

    /** Gaps of which a transfer or a queue told, in ms. */
    Histogram toldGaps() {
        return toldGaps;
    }

    /** Gaps of which nothing told, in ms: in them only a time-out tells an end from a pause. */
    Histogram untoldGaps() {
        return untoldGaps;
    }

    /** Conversations. */
    long conversations() {
        return judged;
    }
}
