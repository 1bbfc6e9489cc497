package io.handover.history.sources;

import io.handover.schema.AgentProfile;
import io.handover.schema.Delivery;
import io.handover.schema.OperatorOrder;
import org.jspecify.annotations.Nullable;

/**
 * An entry of a file or a record of a topic, read from a source.
 *
 * @param source the file or partition of the delivery
 * @param number the line in the file, or the offset in the partition
 * @param time the time of the record, epoch ms; in a file the time of the envelope, or the time of the event if there
 *     is no other
 * @param key the record key, in a file as the bridge would set it: the conversation id, or else the customer id; null
 *     for a record that only moves stream time
 * @param delivery null for an agent profile or an operator's order, and for a record that only moves stream time, such as
 *     a clock tick
 * @param profile the agent profile of a topic, or null
 * @param order the operator's order of a topic, or null
 * @param json the exact bytes of the entry or of the record value
 */
@SuppressWarnings("ArrayRecordComponent") // never compared; the array is not copied
public record PastDelivery(
        String source,
        long number,
        long time,
        @Nullable String key,
        @Nullable Delivery delivery,
        @Nullable AgentProfile profile,
        @Nullable OperatorOrder order,
        byte[] json) {

    /** Whether decisions use this record. Otherwise it only moves stream time. */
    public boolean decides() {
        return delivery != null || profile != null || order != null;
    }
}
