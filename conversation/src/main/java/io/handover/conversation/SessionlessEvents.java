package io.handover.conversation;

import io.handover.conversation.AgentSession.Reason;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Gives sessions to the events of the old data action, which names neither sessions nor starts. With the session, such
 * an event is merged like any other.
 */
final class SessionlessEvents {

    /** The id prefix of these sessions. The ids of other agent sessions have other prefixes, so they cannot collide. */
    private static final String PREFIX = "legless:";

    private SessionlessEvents() {}

    /** The event with its session; the same event if it names one, or needs none. */
    static ConversationEvent named(ConversationEvent event, ConversationState state, long at, TransferPolicy policy) {
        if (event instanceof AgentEnded ended && ended.agentSessionId() == null) {
            return new AgentEnded(
                    ended.details(),
                    endedId(state),
                    ended.agentId(),
                    ended.interactingMs(),
                    ended.alertingMs(),
                    ended.otherMs());
        }
        if (event instanceof AfterCallWorkCompleted completed && completed.agentSessionId() == null) {
            return new AfterCallWorkCompleted(
                    completed.details(), completedId(state, at, policy), completed.agentId(), true);
        }
        return event;
    }

    /** The newest of these sessions that has an acw and no end, otherwise a new one. */
    private static String endedId(ConversationState state) {
        return idOr(state, newestOf(state, session -> isSessionless(session) && session.departure() == null));
    }

    /**
     * The newest session without an acw that was transferred within the transfer timeout. If there is none, the newest
     * of these sessions that left and has no acw. If there is none, a new one.
     */
    private static String completedId(ConversationState state, long at, TransferPolicy policy) {
        AgentSession transferred = newestOf(
                state, session -> session.acw() == null && session.isTransferredSince(at - policy.transferTimeoutMs()));
        return idOr(state, transferred != null ? transferred : awaitingAcw(state));
    }

    /**
     * Whether an event belongs to the next handover. The event time decides, because no start does.
     *
     * <p>If agents' events ended the last handover, all of them have arrived, and the event has a fingerprint, then
     * every event after the end belongs to the next handover. Otherwise, events of the last handover may still arrive:
     * only an event later than the after-call-work timeout plus the transfer timeout belongs to the next handover.
     */
    static Opening opening(ConversationEvent event, ConversationState ended, TransferPolicy policy) {
        Cycle.End end = Objects.requireNonNull(
                ended.cycle().lastEnd(), "Expected an ended conversation to have an end, but it has none");
        if (event instanceof AfterCallWorkCompleted && awaitingAcw(ended) != null) {
            return Opening.NONE;
        }
        boolean complete =
                !end.isFinal() && isComplete(ended) && event.details().fingerprint() != null;
        long stillExpected = complete ? 0 : policy.afterCallWorkTimeoutMs() + policy.transferTimeoutMs();
        return event.time() > end.time() + stillExpected ? Opening.byEnd(event.time()) : Opening.NONE;
    }

    private static @Nullable AgentSession awaitingAcw(ConversationState state) {
        return newestOf(state, session -> isSessionless(session) && session.acw() == null && session.is(Reason.LEFT));
    }

    /** Whether all of these sessions have an end and an acw. Declined ones need no acw. */
    private static boolean isComplete(ConversationState state) {
        return newestOf(
                        state,
                        session -> isSessionless(session)
                                && !session.is(Reason.DECLINED)
                                && (session.departure() == null || session.acw() == null))
                == null;
    }

    private static @Nullable AgentSession newestOf(ConversationState state, Predicate<AgentSession> matching) {
        return state.sessions()
                .newestAgent(session -> session.cycle() == state.cycle().number() && matching.test(session));
    }

    private static boolean isSessionless(AgentSession session) {
        return session.id().startsWith(PREFIX);
    }

    private static String idOr(ConversationState state, @Nullable AgentSession session) {
        if (session != null) {
            return session.id();
        }
        AgentSession newest = state.sessions().newestAgent(SessionlessEvents::isSessionless);
        return PREFIX + (newest == null ? 1 : Integer.parseInt(newest.id().substring(PREFIX.length())) + 1);
    }
}
