package io.handover.conversation;

import io.handover.schema.Evidence;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An end that is concluded and held. It is announced at its deadline, unless an event refutes it earlier.
 *
 * @param reason why the handover ends
 * @param causedBy the id of the agent session or queue session that the end is concluded from; null for
 *     {@link EndReason#IDLE}
 * @param evidence the events that led to the end, oldest first; the newest is the deciding event. Empty for
 *     {@link EndReason#IDLE}
 * @param deadline the stream time at which the end is announced
 */
public record PendingEnd(EndReason reason, @Nullable String causedBy, List<Evidence> evidence, long deadline) {

    public PendingEnd {
        evidence = List.copyOf(evidence);
    }

    /** Whether both ends are concluded from the same events. If so, they are the same end. */
    boolean hasSameEvidenceAs(PendingEnd other) {
        return evidence.equals(other.evidence);
    }

    PendingEnd notBefore(long time) {
        return new PendingEnd(reason, causedBy, evidence, Math.max(time, deadline));
    }
}
