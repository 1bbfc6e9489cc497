package io.handover.conversation;

/** Where a conversation stands; follows from its facts and is never stored. */
public enum Phase {
    /** A handover is open; nobody serves, nothing waits, nothing is held. */
    OPEN,
    /** It waits in a queue. */
    QUEUED,
    /** An agent is alerted or serves. */
    SERVED,
    /** The last agent is gone; the end is held. */
    HELD,
    /** The handover has ended. */
    ENDED
}
