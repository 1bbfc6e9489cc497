package io.handover.history.backtest;

import io.handover.history.PastDelivery;
import io.handover.history.backtest.Explanation.Cycle;
import io.handover.history.backtest.Explanation.End;
import io.handover.history.backtest.Explanation.Standing;
import io.handover.history.backtest.Step.Hold;
import io.handover.history.backtest.Step.HoldChange;
import io.handover.history.backtest.Step.Stand;
import io.handover.schema.HandoverCommand;
import io.handover.schema.HandoverEnded;
import io.handover.streams.conversation.ConversationEvent;
import io.handover.streams.conversation.ConversationState;
import io.handover.streams.conversation.EndReason;
import io.handover.streams.conversation.Leg;
import io.handover.streams.conversation.Outcome;
import io.handover.streams.conversation.Pending;
import io.handover.streams.conversation.Phase;
import io.handover.streams.conversation.QueueSession;
import io.handover.streams.conversation.TransferPolicy;
import io.handover.streams.conversation.Transition;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Writes down what becomes of one conversation, as the fold tells it. */
final class ConversationLife {

    private final String conversationId;
    private final TransferPolicy policy;
    private final ArrivedEvents arrivals = new ArrivedEvents();
    private final List<Step> steps = new ArrayList<>();
    private final List<Cycle> cycles = new ArrayList<>();
    private ConversationState state = ConversationState.NEW;
    private @Nullable String customerId;
    private @Nullable String organizationId;
    private @Nullable Hold hold;
    private long earliest = Long.MAX_VALUE;
    private long phaseSince;

    ConversationLife(String conversationId, TransferPolicy policy) {
        this.conversationId = conversationId;
        this.policy = policy;
    }

    void applied(
            PastDelivery delivery, long at, ConversationState before, ConversationEvent event, Transition transition) {
        Outcome outcome = transition.outcome();
        if (outcome != Outcome.DUPLICATE && outcome != Outcome.TOO_OLD) {
            earliest = Math.min(earliest, event.time());
        }
        Step.Arrived arrived = arrivals.add(delivery, event, at);
        HoldChange change = holdChange(before.pending(), transition.state().pending(), at);
        take(at, arrived, change, before, transition, false);
    }

    void fired(ConversationState before, long deadline, Transition transition, long at, boolean afterLog) {
        Hold fired = Objects.requireNonNull(hold, "Expected to know the hold whose deadline fired, but do not");
        boolean ended = transition.outcome() == Outcome.DEADLINE_ENDED;
        HoldChange change =
                holdChange(ended ? null : before.pending(), transition.state().pending(), deadline);
        Step.DeadlinePassed passed =
                new Step.DeadlinePassed(fired.reason(), fired.since(), afterLog ? 0 : at - deadline, afterLog);
        take(deadline, passed, change, before, transition, afterLog);
    }

    void forgotten(ConversationState last) {
        long at = last.touchedAt() + policy.retentionMs();
        Stand before = stand(last);
        state = ConversationState.NEW;
        Instant time = Instant.ofEpochMilli(at);
        steps.add(new Step(time, new Step.Forgotten(), null, before, stand(state), null, List.of()));
        if (last.open()) {
            cycles.add(new Cycle(
                    last.cycle(),
                    began(last.cycle(), last, last),
                    null,
                    List.of(new Standing(Standing.Kind.FORGOTTEN, time, null))));
        }
        hold = null;
        earliest = Long.MAX_VALUE;
    }

    private void take(
            long time,
            Step.Cause cause,
            @Nullable HoldChange change,
            ConversationState before,
            Transition transition,
            boolean afterLog) {
        state = transition.state();
        Stand stood = stand(before);
        if (!stand(state).equals(stood)) {
            phaseSince = time;
        }
        for (HandoverCommand command : transition.commands()) {
            if (command instanceof HandoverEnded ended) {
                long heldMs = cause instanceof Step.DeadlinePassed passed
                        ? time - passed.since().toEpochMilli()
                        : 0;
                cycles.add(new Cycle(
                        ended.cycle(),
                        began(ended.cycle(), before, state),
                        new End(ended.decidedAt(), ended.reason(), heldMs, afterLog),
                        List.of()));
                earliest = Long.MAX_VALUE;
            }
        }
        steps.add(new Step(
                Instant.ofEpochMilli(time),
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

    private @Nullable HoldChange holdChange(@Nullable Pending before, @Nullable Pending after, long at) {
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

    private Hold holdOf(Pending pending, long since, long at) {
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

    /** What is held now; null if nothing is. */
    @Nullable
    Pending pending() {
        return state.pending();
    }

    Explanation explanation(Map<String, String> settings, long logEnd) {
        List<Cycle> all = new ArrayList<>(cycles);
        if (state.open() && !state.isNew()) {
            all.add(new Cycle(state.cycle(), began(state.cycle(), state, state), null, standing()));
        }
        return new Explanation(
                conversationId, organizationId, customerId, settings, Instant.ofEpochMilli(logEnd), steps, all);
    }

    /** Of the first handover the state does not tell: it is taken to be open from ever. */
    private Instant began(int cycle, ConversationState before, ConversationState after) {
        long began = Long.MAX_VALUE;
        for (ConversationState known : List.of(before, after)) {
            if (known.cycle() == cycle && known.cycleBegan() != Leg.UNKNOWN) {
                began = Math.min(began, known.cycleBegan());
            }
        }
        if (began == Long.MAX_VALUE) {
            began = earliest;
        }
        return Instant.ofEpochMilli(began == Long.MAX_VALUE ? after.touchedAt() : began);
    }

    private List<Standing> standing() {
        List<Standing> standing = new ArrayList<>();
        for (Leg leg : state.legs()) {
            if (leg.cycle() == state.cycle() && leg.departure() == null && leg.wrapUp() == null) {
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
