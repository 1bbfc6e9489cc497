package io.handover.conversation;

import io.handover.schema.AgentUpdated;
import io.handover.schema.Evidence;
import io.handover.schema.HandoverCommand;
import io.handover.schema.HandoverEnded;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * Makes the commands of a conversation. The id of a command depends only on the conversation, the handover and the
 * deciding event, so a replay makes the same ids.
 *
 * @param at the stream time at which the commands are decided
 */
record CommandFactory(String conversationId, long at) {

    HandoverCommand ended(ConversationState state, EndReason reason, List<Evidence> evidence, Cycle.End end) {
        String fact = evidence.isEmpty() ? String.valueOf(end.time()) : fact(evidence.get(evidence.size() - 1));
        return new HandoverEnded(
                id(state, HandoverEnded.TYPE, fact),
                conversationId,
                state.cycle().number(),
                state.customer().id(),
                state.customer().organizationId(),
                Instant.ofEpochMilli(end.time()),
                decidedAt(end.time()),
                reason.label(),
                evidence);
    }

    /** The announcement of an agent. Its id does not depend on what is known of the agent. */
    HandoverCommand announced(ConversationState state, AgentUpdated.Agent agent, Evidence evidence, String reason) {
        return updated(state, fact(evidence) + '|' + agent.id(), agent, evidence, reason);
    }

    /** The name and picture of an agent who was announced before. A profile can change back, so its time is part of the id. */
    HandoverCommand described(ConversationState state, AgentUpdated.Agent agent, Evidence evidence, String reason) {
        String fact = fact(evidence) + '|' + agent.id() + '|' + at + '|' + agent.name() + '|' + agent.imageUrl();
        return updated(state, fact, agent, evidence, reason);
    }

    private HandoverCommand updated(
            ConversationState state, String fact, AgentUpdated.Agent agent, Evidence evidence, String reason) {
        return new AgentUpdated(
                id(state, AgentUpdated.TYPE, fact),
                conversationId,
                state.cycle().number(),
                state.customer().id(),
                state.customer().organizationId(),
                evidence.eventTime(),
                decidedAt(evidence.eventTime().toEpochMilli()),
                reason,
                agent,
                List.of(evidence));
    }

    /** The stream time can be before the event time: an envelope in a file states whole seconds. */
    private Instant decidedAt(long occurredAt) {
        return Instant.ofEpochMilli(Math.max(at, occurredAt));
    }

    /**
     * The part of a command id that identifies an event. It omits EventBridge's id, so all copies of an event lead to
     * the same command id.
     */
    private static String fact(Evidence evidence) {
        return evidence.topic() + '|' + evidence.eventTime().toEpochMilli();
    }

    private String id(ConversationState state, String type, String fact) {
        String name = conversationId + '|' + state.cycle().number() + '|' + type + '|' + fact;
        return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)).toString();
    }
}
