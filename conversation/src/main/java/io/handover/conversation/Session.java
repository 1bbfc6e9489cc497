package io.handover.conversation;

/** A part of a conversation with an id of its own: an agent's session, a wait in a queue, or a flow. */
public sealed interface Session permits AgentSession, QueueSession, FlowSession {

    String id();

    /** The event time at which the conversation left the session; {@link AgentSession#UNKNOWN} if it has not. */
    long departedAt();
}
