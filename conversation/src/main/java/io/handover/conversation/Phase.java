package io.handover.conversation;

/** Where a conversation stands. It is derived from the state and never stored. */
public enum Phase {
    /** A handover is open, without an agent, a queue or a held end. */
    OPEN,
    /** The conversation waits in a queue. */
    QUEUED,
    /** An agent is alerted or serves. */
    SERVED,
    /** An end is held; no agent serves, and the conversation waits in no queue. */
    HELD,
    /** The handover has ended. */
    ENDED
}
