package io.handover.conversation;

import io.handover.schema.Evidence;
import org.jspecify.annotations.Nullable;

/**
 * One run of an Architect flow. Its {@code flow.end} can arrive before its {@code flow.start}.
 *
 * @param id the session id; without a session id, the participant id
 * @param routing whether the flow has the conversation while it runs. An in-queue flow runs beside a wait in a queue
 * @param startedAt when the flow started; {@link AgentSession#UNKNOWN} if no {@code flow.start} arrived
 * @param ended the {@code flow.end}, or null if it has not arrived
 * @param exit how the flow ended; {@link Exit#OTHER} if {@code ended} is null
 */
public record FlowSession(
        String id,
        boolean routing,
        long startedAt,
        @Nullable Evidence ended,
        Exit exit) implements Session {

    /** How a flow ends. */
    public enum Exit {
        /** The flow disconnected the conversation. */
        DISCONNECTED,
        /** The conversation went on: to a queue, an agent or another flow. */
        TRANSFERRED,
        /** The flow ended, and nothing says what became of the conversation. */
        OTHER
    }

    static FlowSession unseen(String id, boolean routing) {
        return new FlowSession(id, routing, AgentSession.UNKNOWN, null, Exit.OTHER);
    }

    @Override
    public long departedAt() {
        return ended == null ? AgentSession.UNKNOWN : ended.eventTime().toEpochMilli();
    }

    /** Whether a flow that has the conversation while it runs has started, and no later {@code flow.end} arrived. */
    boolean hasConversation() {
        return routing && startedAt > departedAt();
    }

    /** Whether the end of the flow says what became of the conversation. */
    boolean isDeparture() {
        return exit != Exit.OTHER;
    }

    FlowSession started(long time) {
        return new FlowSession(id, routing, Math.max(startedAt, time), ended, exit);
    }

    FlowSession ended(Evidence evidence, Exit how) {
        return evidence.eventTime().toEpochMilli() <= departedAt()
                ? this
                : new FlowSession(id, routing, startedAt, evidence, how);
    }

    /** The same session; its end, which is evidence only if {@link Exit#DISCONNECTED}, is otherwise reduced to its time. */
    FlowSession withoutSpentEvidence() {
        return ended == null || exit == Exit.DISCONNECTED || Session.isTimeAlone(ended)
                ? this
                : new FlowSession(id, routing, startedAt, Session.timeAlone(ended.eventTime()), exit);
    }
}
