package io.handover.conversation;

import io.handover.schema.Evidence;
import java.time.Instant;

/** A part of a conversation with an id of its own: an agent's session, a wait in a queue, or a flow. */
public sealed interface Session permits AgentSession, QueueSession, FlowSession {

    String id();

    /** The event time at which the conversation left the session; {@link AgentSession#UNKNOWN} if it has not. */
    long departedAt();

    /** An event of which only the time is kept. No event of Genesys equals it. */
    static Evidence timeAlone(Instant time) {
        return new Evidence("", null, time, null);
    }

    /** Whether only the time of the event is kept. */
    static boolean isTimeAlone(Evidence event) {
        return event.topic().isEmpty();
    }
}
