package io.handover.conversation;

/** Where a conversation stands. It is derived from the state and never stored. */
public enum Phase {
    /** A handover is open; no agent serves, no queue is waited in, no end is held. */
    OPEN,
    /** The conversation waits in a queue. */
    QUEUED,
    /** An agent is alerted or serves. */
    SERVED,
    /** No agent serves, no queue is waited in, and an end is held. */
    HELD,
    /** The handover has ended. */
    ENDED
}
