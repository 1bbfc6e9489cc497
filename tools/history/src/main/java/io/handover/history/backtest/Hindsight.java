package io.handover.history.backtest;

import io.handover.conversation.ConversationEvent;
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
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Judges every end by all events of the conversation, including the events that arrived later.
 *
 * <p>Hindsight does not use the rules of the core. An end is premature in four cases: an agent served when the
 * handover ended, also one who only listened; the conversation waited in a queue; a routing flow had it; or an agent
 * came back soon after the end. An end by the customer is never premature. Neither is an expired handover: no event
 * arrived for the whole retention, so who still has the conversation only has no end.
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

    /** An end, and the number of entries that the timeline had when it was decided. */
    private record End(int setting, HandoverEnded command, int arrived) {

        private boolean is(EndReason reason) {
            return command.reason().equals(reason.label());
        }
    }

    /** The times in which somebody had the conversation. */
    private record Spans(List<Span> services, List<Span> waits, List<Span> flows) {

        private static Spans of(ConversationTimeline timeline) {
            List<Span> services = timeline.services();
            return new Spans(services, timeline.waits(services), timeline.flows(services));
        }

        private Stream<Span> all() {
            return Stream.of(services, waits, flows).flatMap(List::stream);
        }
    }

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
        Conversation conversation = conversation(conversationId);
        conversation.ends.add(new End(setting, end, conversation.timeline.size()));
    }

    void agentUpdated(int setting) {
        tallies.get(setting).agentUpdated++;
    }

    private Conversation conversation(String id) {
        return conversations.computeIfAbsent(id, key -> new Conversation());
    }

    /**
     * Notes that the retention of a conversation ended under a setting. A handover that is still open then never ends.
     * When the retention ended under all settings, judges the conversation.
     */
    void forgotten(String conversationId, int setting) {
        Conversation conversation = conversation(conversationId);
        if (isOpen(conversation, setting)) {
            tallies.get(setting).neverEnded++;
        }
        conversation.forgottenBy.set(setting);
        if (conversation.forgottenBy.cardinality() == tallies.size()) {
            judge(conversationId, conversation);
            conversations.remove(conversationId);
        }
    }

    private static boolean isOpen(Conversation conversation, int setting) {
        End last = null;
        for (End end : conversation.ends) {
            last = end.setting == setting ? end : last;
        }
        if (last == null) {
            return conversation.timeline.hasBegun();
        }
        // The end of the customer leaves every later session to the next handover, also one that is known already.
        return conversation.timeline.hasBegunSince(
                last.command.occurredAt().toEpochMilli(), last.is(EndReason.CUSTOMER_END) ? 0 : last.arrived);
    }

    /** Judges all conversations that are not judged yet. */
    void judgeAll() {
        conversations.forEach(this::judge);
        conversations.clear();
    }

    private void judge(String conversationId, Conversation conversation) {
        judged++;
        Spans spans = Spans.of(conversation.timeline);
        measureGaps(conversation.timeline, spans);
        long[] before = new long[tallies.size()];
        Arrays.fill(before, Long.MIN_VALUE);
        for (End end : conversation.ends) {
            Tally tally = tallies.get(end.setting);
            tally.endedByReason.merge(end.command.reason(), 1L, Long::sum);
            PrematureEnd premature = premature(end, conversation.timeline, spans);
            if (premature == null) {
                // The silence of an expired handover is about as long as the retention. With the others, it would hide
                // what a timeout changes.
                (end.is(EndReason.EXPIRED) ? tally.lateExpired : tally.late)
                        .recordValue(late(end, before[end.setting], spans));
            } else {
                tally.premature.add(premature);
            }
            before[end.setting] = end.command.decidedAt().toEpochMilli();
        }
        compare(conversationId, conversation.ends);
    }

    /**
     * Returns the time from the last agent, queue or flow until the handover ended, in ms; 0 if one still had the
     * conversation. The time counts from the event that led to the end if the handover had none of them. It counts from
     * the last event if the handover expired, and one of them has no end.
     *
     * @param before the end of the previous handover, epoch ms; spans that ended until then belong to that handover
     */
    private static long late(End end, long before, Spans spans) {
        long decided = end.command.decidedAt().toEpochMilli();
        boolean held = spans.all().anyMatch(span -> span.isAt(decided));
        if (held && !end.is(EndReason.EXPIRED)) {
            return 0;
        }
        long over = held ? Long.MIN_VALUE : lastEnd(spans, decided);
        return Math.max(
                0, decided - (over > before ? over : end.command.occurredAt().toEpochMilli()));
    }

    private @Nullable PrematureEnd premature(End judged, ConversationTimeline timeline, Spans spans) {
        if (judged.is(EndReason.CUSTOMER_END) || judged.is(EndReason.EXPIRED)) {
            // The end is right even while an agent is still there.
            return null;
        }
        HandoverEnded end = judged.command;
        long decided = end.decidedAt().toEpochMilli();
        PrematureEnd premature = premature(end, Refutation.SERVED, spans.services);
        premature = premature != null ? premature : premature(end, Refutation.QUEUED, spans.waits);
        premature = premature != null ? premature : premature(end, Refutation.IN_FLOW, spans.flows);
        if (premature != null) {
            return premature;
        }
        for (Span service : spans.services) {
            if (service.from() > decided
                    && service.from() - decided <= returnWithinMs
                    && !timeline.customerMovedBetween(end.occurredAt().toEpochMilli(), service.from())) {
                return premature(end, Refutation.CAME_BACK, service);
            }
        }
        return null;
    }

    /** Returns the refutation by the first of these spans that the end is in; null if it is in none. */
    private @Nullable PrematureEnd premature(HandoverEnded end, Refutation refutation, List<Span> spans) {
        for (Span span : spans) {
            if (span.isAt(end.decidedAt().toEpochMilli())) {
                return premature(end, refutation, span);
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
    private static long lastEnd(Spans spans, long by) {
        return spans.all().mapToLong(Span::to).filter(to -> to <= by).max().orElse(Long.MIN_VALUE);
    }

    /**
     * Records each gap of at most {@code returnWithinMs} between two agents. A transfer, a queue or a flow announces the
     * gap.
     */
    private void measureGaps(ConversationTimeline timeline, Spans spans) {
        Span last = null;
        for (Span service : spans.services) {
            if (last != null
                    && service.from() > last.to()
                    && service.from() - last.to() <= returnWithinMs
                    && !timeline.customerMovedBetween(last.to(), service.from())) {
                boolean announced = last.transferred()
                        || anyWithin(spans.waits, last.to(), service.from())
                        || anyWithin(spans.flows, last.to(), service.from());
                (announced ? announcedGaps : unannouncedGaps).recordValue(service.from() - last.to());
            }
            last = last == null || service.to() > last.to() ? service : last;
        }
    }

    private static boolean anyWithin(List<Span> spans, long from, long to) {
        return spans.stream().anyMatch(span -> span.from() <= to && span.to() >= from);
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

    /** Returns the lengths of the gaps that a transfer, a queue or a flow announced, in ms. */
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
