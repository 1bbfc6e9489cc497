package io.handover.conversation;

import io.handover.schema.Evidence;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An end that is concluded and held: it is announced at the deadline, unless a fact refutes it before.
 *
 * @param reason why the handover ends
 * @param causedBy the leg or queue session that it is concluded from; null for {@link EndReason#IDLE}
 * @param evidence the events that led to it, oldest first; the newest is the deciding fact. Empty for
 *     {@link EndReason#IDLE}
 * @param deadline when it is announced, in the time of the log
 */
public record PendingEnd(EndReason reason, @Nullable String causedBy, List<Evidence> evidence, long deadline) {

    public PendingEnd {
        evidence = List.copyOf(evidence);
    }

    /** The same events never lead to two ends. */
    boolean saysTheSameAs(PendingEnd other) {
        return evidence.equals(other.evidence);
    }

    PendingEnd notBefore(long time) {
        return new PendingEnd(reason, causedBy, evidence, Math.max(time, deadline));
    }
}
