package io.handover.history.explain;

import io.handover.conversation.AgentSession;
import io.handover.conversation.ConversationEvent;
import io.handover.conversation.ConversationState;
import io.handover.conversation.EndReason;
import io.handover.conversation.FlowSession;
import io.handover.conversation.HandoverFacts;
import io.handover.conversation.Outcome;
import io.handover.conversation.PendingEnd;
import io.handover.conversation.QueueSession;
import io.handover.conversation.Reading;
import io.handover.conversation.TransferPolicy;
import io.handover.conversation.Transition;
import io.handover.conversation.fold.ConversationFold;
import io.handover.history.explain.Explanation.End;
import io.handover.history.explain.Explanation.Handover;
import io.handover.history.explain.Explanation.OpenReason;
import io.handover.history.explain.Step.DeadlineFiring;
import io.handover.history.explain.Step.Hold;
import io.handover.history.explain.Step.HoldChange;
import io.handover.history.explain.Step.ProfileArrival;
import io.handover.history.explain.Step.RetentionEnd;
import io.handover.history.explain.Step.Status;
import io.handover.history.sources.PastDelivery;
import io.handover.schema.AgentProfile;
import io.handover.schema.HandoverCommand;
import io.handover.schema.HandoverEnded;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Folds the events of one conversation in virtual time, and records each step. */
final class StepRecorder implements ConversationFold.Observer {

    private final String id;
    private final String source;
    private final TransferPolicy policy;
    private final ConversationFold fold;
    private final EventArrivals arrivals = new EventArrivals();
    private final List<Step> steps = new ArrayList<>();
    private final List<Handover> handovers = new ArrayList<>();
    private ConversationState state = ConversationState.NEW;
    private @Nullable PastDelivery arriving;
    private @Nullable String customerId;
    private @Nullable String organizationId;
    private @Nullable Hold hold;
    private long time;
    private boolean logEnded;
    private long earliest = Long.MAX_VALUE;
    private long phaseSince;

    /** @param source the file or partition of the conversation's first event */
    StepRecorder(String id, String source, TransferPolicy policy) {
        this.id = id;
        this.source = source;
        this.policy = policy;
        this.fold = ConversationFold.onHeap(policy, this);
    }

    String source() {
        return source;
    }

    /** Returns the number of the newest handover. */
    int cycle() {
        return state.cycle().number();
    }

    /** Advances the stream time and fires the deadlines that are due. */
    void advanceTo(long at) {
        time = at;
        fold.advanceTo(at);
    }

    /** Applies the next event of the conversation. */
    void apply(PastDelivery past, ConversationEvent event, long at) {
        advanceTo(at);
        arriving = past;
        fold.apply(id, event, at, past.time());
    }

    /** Applies the profile of an agent, which can be of another conversation. */
    void learn(AgentProfile profile, long at, long recordTime) {
        advanceTo(at);
        fold.learn(profile, at, recordTime);
    }

    @Override
    public void learned(ConversationState before, AgentProfile profile, Transition transition) {
        if (id.equals(profile.conversationId()) && !before.isNew()) {
            HoldChange change = holdChange(before.pending(), transition.state().pending(), time);
            add(time, new ProfileArrival(profile.agentId(), profile.name() != null), change, before, transition);
        }
    }

    @Override
    public void applied(
            String conversationId, ConversationState before, ConversationEvent event, Transition transition) {
        Outcome outcome = transition.outcome();
        if (outcome != Outcome.DUPLICATE && outcome != Outcome.TOO_OLD) {
            earliest = Math.min(earliest, event.time());
        }
        PastDelivery past = Objects.requireNonNull(arriving, "Expected an event to be applied, but there is none");
        HoldChange change = holdChange(before.pending(), transition.state().pending(), time);
        add(time, arrivals.add(past, event, time), change, before, transition);
    }

    @Override
    public void fired(String conversationId, ConversationState before, long deadline, Transition transition) {
        if (transition.outcome() == Outcome.EXPIRED) {
            add(deadline, new RetentionEnd(), null, before, transition);
            return;
        }
        Hold fired = Objects.requireNonNull(hold, "Expected to know the hold of the deadline, but do not");
        boolean ended = transition.outcome() == Outcome.DEADLINE_ENDED;
        HoldChange change =
                holdChange(ended ? null : before.pending(), transition.state().pending(), deadline);
        add(
                deadline,
                new DeadlineFiring(fired.reason(), fired.since(), time - deadline, logEnded),
                change,
                before,
                transition);
    }

    @Override
    public void forgotten(String conversationId, ConversationState last) {
        Instant at = Instant.ofEpochMilli(last.touchedAt() + policy.retentionMs());
        state = ConversationState.NEW;
        if (!isExpiry(steps.get(steps.size() - 1))) {
            steps.add(new Step(at, new RetentionEnd(), null, status(last), status(state), null, List.of()));
        }
        if (last.isOpen()) {
            handovers.add(new Handover(
                    last.cycle().number(),
                    began(last.cycle().number(), last, last),
                    null,
                    null,
                    List.of(new OpenReason(OpenReason.Kind.FORGOTTEN, at, null))));
        }
        hold = null;
        earliest = Long.MAX_VALUE;
    }

    private static boolean isExpiry(Step step) {
        return step.cause() instanceof RetentionEnd && step.outcome() == Outcome.EXPIRED;
    }

    private void add(
            long at, Step.Cause cause, @Nullable HoldChange change, ConversationState before, Transition transition) {
        state = transition.state();
        Status previous = status(before);
        if (before.isNew() || !status(state).equals(previous)) {
            phaseSince = at;
        }
        for (HandoverCommand command : transition.commands()) {
            if (command instanceof HandoverEnded ended) {
                handovers.add(new Handover(
                        ended.cycle(),
                        began(ended.cycle(), before, state),
                        new End(ended.decidedAt(), ended.reason(), heldMs(at, cause, before), logEnded),
                        null,
                        List.of()));
                earliest = Long.MAX_VALUE;
            }
        }
        steps.add(new Step(
                Instant.ofEpochMilli(at),
                cause,
                transition.outcome(),
                previous,
                status(state),
                change,
                transition.commands()));
        hold = state.pending() == null ? null : change == null ? hold : change.hold();
        customerId =
                state.customer().id() == null ? customerId : state.customer().id();
        organizationId = state.customer().organizationId() == null
                ? organizationId
                : state.customer().organizationId();
    }

    /** Returns how long the end was held. An expired handover was not held, but had no event for this time. */
    private static long heldMs(long at, Step.Cause cause, ConversationState before) {
        if (cause instanceof DeadlineFiring firing) {
            return at - firing.since().toEpochMilli();
        }
        return cause instanceof RetentionEnd ? at - before.touchedAt() : 0;
    }

    private static Status status(ConversationState state) {
        return new Status(state.cycle().number(), state.phase());
    }

    private @Nullable HoldChange holdChange(@Nullable PendingEnd before, @Nullable PendingEnd after, long at) {
        if (after == null) {
            return before == null || hold == null ? null : new HoldChange(HoldChange.Kind.DROPPED, hold, null);
        }
        if (before == null || hold == null) {
            return new HoldChange(HoldChange.Kind.HELD, holdOf(after, at, at), null);
        }
        if (before.equals(after)) {
            return null;
        }
        if (before.reason() != after.reason() || !before.evidence().equals(after.evidence())) {
            return new HoldChange(HoldChange.Kind.REPLACED, holdOf(after, at, at), hold);
        }
        // Every event restarts the idle time, so this hold counts from the newest event.
        long since = after.reason() == EndReason.IDLE
                ? after.deadline() - policy.maxIdleMs()
                : hold.since().toEpochMilli();
        return new HoldChange(HoldChange.Kind.MOVED, holdOf(after, since, at), hold);
    }

    private Hold holdOf(PendingEnd pending, long since, long at) {
        return new Hold(
                pending.reason().label(),
                Instant.ofEpochMilli(since),
                Instant.ofEpochMilli(pending.deadline()),
                pending.reason() != EndReason.IDLE
                        && pending.deadline() > at + pending.reason().holdMs(policy));
    }

    /**
     * Returns the explanation. Call this at the end of the log. If an end is still held, this advances the stream time
     * to its deadline. Later stream times could end the retention, which would delete the state.
     */
    Explanation explanation(Map<String, String> settings, boolean ticked) {
        Instant logEnd = Instant.ofEpochMilli(time);
        logEnded = true;
        for (PendingEnd held = state.pending(); held != null; held = state.pending()) {
            advanceTo(held.deadline());
        }
        List<Handover> all = new ArrayList<>(handovers);
        if (state.isOpen() && !state.isNew()) {
            int cycle = state.cycle().number();
            Instant expires =
                    state.hasOpenHandover() ? Instant.ofEpochMilli(state.touchedAt() + policy.retentionMs()) : null;
            all.add(new Handover(cycle, began(cycle, state, state), null, expires, openReasons()));
        }
        return new Explanation(id, organizationId, customerId, settings, ticked, logEnd, steps, all);
    }

    /**
     * Returns the time at which the handover began. The state does not contain this time for the first handover, which
     * begins with its earliest event.
     */
    private Instant began(int cycle, ConversationState before, ConversationState after) {
        long began = Long.MAX_VALUE;
        for (ConversationState known : List.of(before, after)) {
            if (known.cycle().number() == cycle && known.cycle().began() != AgentSession.UNKNOWN) {
                began = Math.min(began, known.cycle().began());
            }
        }
        if (began == Long.MAX_VALUE) {
            began = earliest;
        }
        return Instant.ofEpochMilli(began == Long.MAX_VALUE ? after.touchedAt() : began);
    }

    private List<OpenReason> openReasons() {
        HandoverFacts facts = HandoverFacts.of(state);
        List<OpenReason> agents = new ArrayList<>();
        for (AgentSession session : state.sessions().agents()) {
            if (session.cycle() == state.cycle().number() && session.isActive()) {
                agents.add(new OpenReason(
                        facts.isSilent(session) ? OpenReason.Kind.JOINED : OpenReason.Kind.SERVED,
                        Instant.ofEpochMilli(session.startedAt()),
                        session.agentId()));
            }
        }
        return agents.isEmpty() ? List.of(openReason(Reading.of(facts, policy))) : agents;
    }

    private OpenReason openReason(Reading reading) {
        if (reading.row() == Reading.Row.WAITING && reading.decidedBy() instanceof QueueSession queue) {
            return new OpenReason(OpenReason.Kind.QUEUED, Instant.ofEpochMilli(queue.enteredAt()), null);
        }
        if (reading.row() == Reading.Row.IN_FLOW && reading.decidedBy() instanceof FlowSession flow) {
            return new OpenReason(OpenReason.Kind.IN_FLOW, Instant.ofEpochMilli(flow.startedAt()), null);
        }
        return new OpenReason(OpenReason.Kind.OPEN, Instant.ofEpochMilli(phaseSince), null);
    }
}
