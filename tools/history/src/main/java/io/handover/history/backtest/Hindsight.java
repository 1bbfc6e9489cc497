package io.handover.history.backtest;

import io.handover.conversation.ConversationEvent;
import io.handover.conversation.ConversationState;
import io.handover.conversation.EndReason;
import io.handover.conversation.Outcome;
import io.handover.history.backtest.ConversationTimeline.Span;
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
 * Judges every end by all events of the conversation, including the events that arrived later.
 *
 * <p>Hindsight does not use the rules of the core. An end is premature in three cases: an agent served when the
 * handover ended; the conversation waited in a queue; or an agent came back soon after the end. An end by the customer
 * is never premature.
 *
 * <p>An agent came back if an agent starts within {@code returnWithinMs} after the end, and the customer did not start
 * or end a session in between. Any other start belongs to the next handover. No event says how long this time is, so it
 * is a parameter.
 */
final class Hindsight {

    private final long returnWithinMs;
    private final List<Tally> tallies = new ArrayList<>();
    private final Map<String, Conversation> conversations = new HashMap<>();
    private final AgentNumbers agents = new AgentNumbers();
    private final Histogram announcedGaps = new Histogram(3);
    private final Histogram unannouncedGaps = new Histogram(3);
    private long judged;

    private static final class Conversation {
        private final ConversationTimeline timeline = new ConversationTimeline();
        private final List<End> ends = new ArrayList<>();

        /** The settings under which the retention of the conversation has ended since its last event. */
        private final BitSet forgottenBy = new BitSet();
    }

    private record End(int setting, HandoverEnded command) {}

    Hindsight(int settings, long returnWithinMs) {
        this.returnWithinMs = returnWithinMs;
        for (int i = 0; i < settings; i++) {
            tallies.add(new Tally());
        }
    }

    /** Adds an event. Duplicates and events that are too old do not count. */
    void happened(String conversationId, ConversationEvent event, Outcome outcome) {
        if (outcome != Outcome.DUPLICATE && outcome != Outcome.TOO_OLD) {
            Conversation conversation = conversation(conversationId);
            conversation.timeline.add(event, agents);
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

    /**
     * Notes that the retention of a conversation ended under a setting. When it ended under all settings, judges it.
     */
    void forgotten(String conversationId, int setting, ConversationState last) {
        boolean begun = last.agentSessions().stream().anyMatch(session -> session.cycle() == last.cycle())
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

    /** Judges all conversations that are not judged yet. */
    void judgeAll() {
        conversations.forEach(this::judge);
        conversations.clear();
    }

    private void judge(String conversationId, Conversation conversation) {
        judged++;
        List<Span> services = conversation.timeline.services();
        List<Span> waits = conversation.timeline.waits();
        measureGaps(conversation.timeline, services, waits);
        long[] before = new long[tallies.size()];
        Arrays.fill(before, Long.MIN_VALUE);
        for (End end : conversation.ends) {
            Tally tally = tallies.get(end.setting);
            tally.endedByReason.merge(end.command.reason(), 1L, Long::sum);
            PrematureEnd premature = premature(end.command, conversation.timeline, services, waits);
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
     * Returns the time from the last agent or queue until the handover ended, in ms; 0 if an agent still served. If the
     * handover had neither an agent nor a queue, the time counts from the event that led to the end.
     *
     * @param before the end of the previous handover, epoch ms; spans that ended until then belong to that handover
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
            HandoverEnded end, ConversationTimeline timeline, List<Span> services, List<Span> waits) {
        if (end.reason().equals(EndReason.CUSTOMER_END.label())) {
            // The customer has left, so the end is right even while an agent is still there.
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
                    && !timeline.customerMovedBetween(end.occurredAt().toEpochMilli(), service.from())) {
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
                agents.idOf(by.agent()));
    }

    /** Returns the latest end of a span that is not after {@code by}; {@link Long#MIN_VALUE} if there is none. */
    private static long lastEnd(List<Span> spans, long by) {
        long last = Long.MIN_VALUE;
        for (Span span : spans) {
            if (span.to() <= by) {
                last = Math.max(last, span.to());
            }
        }
        return last;
    }

    /**
     * Records each gap of at most {@code returnWithinMs} between two agents. A transfer or a queue announces the gap.
     */
    private void measureGaps(ConversationTimeline timeline, List<Span> services, List<Span> waits) {
        Span last = null;
        for (Span service : services) {
            if (last != null
                    && service.from() > last.to()
                    && service.from() - last.to() <= returnWithinMs
                    && !timeline.customerMovedBetween(last.to(), service.from())) {
                boolean announced = last.transferred() || anyWithin(waits, last.to(), service.from());
                (announced ? announcedGaps : unannouncedGaps).recordValue(service.from() - last.to());
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

    /** Describes the ends under a setting. The decision times are left out, because they differ with every timeout. */
    private static List<String> describe(List<End> ends, int setting) {
        return ends.stream()
                .filter(end -> end.setting == setting)
                .map(end -> end.command.reason() + " of " + end.command.occurredAt())
                .toList();
    }

    /** Adds the judgements of another processor. */
    void add(Hindsight other) {
        for (int i = 0; i < tallies.size(); i++) {
            tallies.get(i).add(other.tallies.get(i));
        }
        announcedGaps.add(other.announcedGaps);
        unannouncedGaps.add(other.unannouncedGaps);
        judged += other.judged;
    }

    Tally tally(int setting) {
        return tallies.get(setting);
    }

    /** Returns the lengths of the gaps that a transfer or a queue announced, in ms. */
    Histogram announcedGaps() {
        return announcedGaps;
    }

    /**
     * Returns the lengths of the other gaps, in ms. No event distinguishes such a gap from an end, only a timeout can.
     */
    Histogram unannouncedGaps() {
        return unannouncedGaps;
    }

    /** Returns the number of judged conversations. */
    long conversations() {
        return judged;
    }
}
