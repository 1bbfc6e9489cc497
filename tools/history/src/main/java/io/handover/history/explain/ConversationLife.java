package io.handover.history.explain;

import io.handover.conversation.AgentSession;
import io.handover.conversation.ConversationEvent;
import io.handover.conversation.ConversationState;
import io.handover.conversation.EndReason;
import io.handover.conversation.Outcome;
import io.handover.conversation.PendingEnd;
import io.handover.conversation.Phase;
import io.handover.conversation.QueueSession;
import io.handover.conversation.TransferPolicy;
import io.handover.conversation.Transition;
import io.handover.conversation.fold.ConversationFold;
import io.handover.history.explain.Explanation.Cycle;
import io.handover.history.explain.Explanation.End;
import io.handover.history.explain.Explanation.Standing;
import io.handover.history.explain.Step.DeadlinePassed;
import io.handover.history.explain.Step.Hold;
import io.handover.history.explain.Step.HoldChange;
import io.handover.history.explain.Step.Stand;
import io.handover.history.sources.PastDelivery;
import io.handover.schema.HandoverCommand;
import io.handover.schema.HandoverEnded;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Lets a conversation happen again in virtual time, and writes down what becomes of it. */
final class ConversationLife implements ConversationFold.Observer {

    private final String id;
    private final String source;
    private final TransferPolicy policy;
    private final ConversationFold fold;
    private final ArrivedEvents arrivals = new ArrivedEvents();
    private final List<Step> steps = new ArrayList<>();
    private final List<Cycle> cycles = new ArrayList<>();
    private ConversationState state = ConversationState.NEW;
    private @Nullable PastDelivery arriving;
    private @Nullable String customerId;
    private @Nullable String organizationId;
    private @Nullable Hold hold;
    private long time;
    private boolean logEnded;
    private long earliest = Long.MAX_VALUE;
    private long phaseSince;

    /** @param source where it first stands */
    ConversationLife(String id, String source, TransferPolicy policy) {
        this.id = id;
        this.source = source;
        this.policy = policy;
        this.fold = ConversationFold.onHeap(policy, this);
    }

    String source() {
        return source;
    }

    /** Moves the time of the log. */
    void advanceTo(long at) {
        time = at;
        fold.advanceTo(at);
    }

    /** Takes the next event. */
    void take(PastDelivery past, ConversationEvent event, long at) {
        advanceTo(at);
        arriving = past;
        fold.apply(id, event, at, past.time());
    }

    @Override
    public void applied(
            String conversationId, ConversationState before, ConversationEvent event, Transition transition) {
        Outcome outcome = transition.outcome();
        if (outcome != Outcome.DUPLICATE && outcome != Outcome.TOO_OLD) {
            earliest = Math.min(earliest, event.time());
        }
        PastDelivery past = Objects.requireNonNull(arriving, "Expected an event to be taken, but none was");
        HoldChange change = holdChange(before.pending(), transition.state().pending(), time);
        add(time, arrivals.add(past, event, time), change, before, transition);
    }

    @Override
    public void fired(String conversationId, ConversationState before, long deadline, Transition transition) {
        Hold fired = Objects.requireNonNull(hold, "Expected to know the hold whose deadline fired, but do not");
        boolean ended = transition.outcome() == Outcome.DEADLINE_ENDED;
        HoldChange change =
                holdChange(ended ? null : before.pending(), transition.state().pending(), deadline);
        add(
                deadline,
                new DeadlinePassed(fired.reason(), fired.since(), time - deadline, logEnded),
                change,
                before,
                transition);
    }

    @Override
    public void forgotten(String conversationId, ConversationState last) {
        Instant at = Instant.ofEpochMilli(last.touchedAt() + policy.retentionMs());
        Stand before = stand(last);
        state = ConversationState.NEW;
        steps.add(new Step(at, new Step.Forgotten(), null, before, stand(state), null, List.of()));
        if (last.open()) {
            cycles.add(new Cycle(
                    last.cycle(),
                    began(last.cycle(), last, last),
                    null,
                    List.of(new Standing(Standing.Kind.FORGOTTEN, at, null))));
        }
        hold = null;
        earliest = Long.MAX_VALUE;
    }

    private void add(
            long at, Step.Cause cause, @Nullable HoldChange change, ConversationState before, Transition transition) {
        state = transition.state();
        Stand stood = stand(before);
        if (!stand(state).equals(stood)) {
            phaseSince = at;
        }
        for (HandoverCommand command : transition.commands()) {
            if (command instanceof HandoverEnded ended) {
                long heldMs = cause instanceof DeadlinePassed passed
                        ? at - passed.since().toEpochMilli()
                        : 0;
                cycles.add(new Cycle(
                        ended.cycle(),
                        began(ended.cycle(), before, state),
                        new End(ended.decidedAt(), ended.reason(), heldMs, logEnded),
                        List.of()));
                earliest = Long.MAX_VALUE;
            }
        }
        steps.add(new Step(
                Instant.ofEpochMilli(at),
                cause,
                transition.outcome(),
                stood,
                stand(state),
                change,
                transition.commands()));
        hold = state.pending() == null ? null : change == null ? hold : change.hold();
        customerId =
                state.customer().id() == null ? customerId : state.customer().id();
        organizationId = state.customer().organizationId() == null
                ? organizationId
                : state.customer().organizationId();
    }

    private static Stand stand(ConversationState state) {
        return new Stand(state.cycle(), state.phase());
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
        // What idles, idles since the newest event.
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
                pending.reason() != EndReason.IDLE && pending.deadline() > at + timeoutMs(pending.reason()));
    }

    private long timeoutMs(EndReason reason) {
        long grace = policy.outOfOrderGraceMs();
        return switch (reason) {
            case TRANSFER_TIMEOUT, QUEUE_ABANDONED -> Math.max(policy.transferTimeoutMs(), grace);
            case AGENT_LEFT -> Math.max(policy.afterCallWorkTimeoutMs(), grace);
            case AFTER_CALL_WORK -> grace;
            case IDLE -> policy.maxIdleMs();
            case CUSTOMER_END -> 0;
        };
    }

    /**
     * Ends the log. What is still held then comes to its deadline, and no further: what is beyond may be forgotten there.
     */
    Explanation explanation(Map<String, String> settings, boolean ticked) {
        Instant logEnd = Instant.ofEpochMilli(time);
        logEnded = true;
        for (PendingEnd held = state.pending(); held != null; held = state.pending()) {
            advanceTo(held.deadline());
        }
        List<Cycle> all = new ArrayList<>(cycles);
        if (state.open() && !state.isNew()) {
            all.add(new Cycle(state.cycle(), began(state.cycle(), state, state), null, standing()));
        }
        return new Explanation(id, organizationId, customerId, settings, ticked, logEnd, steps, all);
    }

    /** Of the first handover the state does not tell: it is taken to be open from ever. */
    private Instant began(int cycle, ConversationState before, ConversationState after) {
        long began = Long.MAX_VALUE;
        for (ConversationState known : List.of(before, after)) {
            if (known.cycle() == cycle && known.handoverBegan() != AgentSession.UNKNOWN) {
                began = Math.min(began, known.handoverBegan());
            }
        }
        if (began == Long.MAX_VALUE) {
            began = earliest;
        }
        return Instant.ofEpochMilli(began == Long.MAX_VALUE ? after.touchedAt() : began);
    }

    private List<Standing> standing() {
        List<Standing> standing = new ArrayList<>();
        for (AgentSession leg : state.agentSessions()) {
            if (leg.cycle() == state.cycle() && leg.departure() == null && leg.acw() == null) {
                standing.add(new Standing(Standing.Kind.SERVED, Instant.ofEpochMilli(leg.startedAt()), leg.agentId()));
            }
        }
        if (state.phase() == Phase.QUEUED) {
            long entered = state.queueSessions().stream()
                    .filter(session -> session.cycle() == state.cycle() && waits(session))
                    .mapToLong(QueueSession::enteredAt)
                    .max()
                    .orElse(phaseSince);
            standing.add(new Standing(Standing.Kind.QUEUED, Instant.ofEpochMilli(entered), null));
        }
        return standing.isEmpty()
                ? List.of(new Standing(Standing.Kind.OPEN, Instant.ofEpochMilli(phaseSince), null))
                : standing;
    }

    private static boolean waits(QueueSession session) {
        return session.left() == null
                || session.enteredAt() > session.left().eventTime().toEpochMilli();
    }
}
