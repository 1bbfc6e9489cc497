package io.handover.conversation;

/** Where a conversation stands. It is derived from the state and never stored. */
public enum Phase {
    /** A handover is open, without an agent, a queue, a flow or a held end. */
    OPEN,
    /** A routing flow has the conversation. */
    IN_FLOW,
    /** The conversation waits in a queue. */
    QUEUED,
    /** An agent is alerted or serves. */
    SERVED,
    /** An end is held; nobody has the conversation. */
    HELD,
    /** The handover has ended. */
    ENDED
}
