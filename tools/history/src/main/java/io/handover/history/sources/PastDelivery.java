package io.handover.history.sources;

import io.handover.schema.Delivery;
import org.jspecify.annotations.Nullable;

/**
 * An entry of a file or a record of a topic, read from a source.
 *
 * @param source the file or partition of the delivery
 * @param number its line or offset
 * @param time when it arrived, epoch ms: the time of the record, or in a file the time of the envelope
 * @param key the conversation id; null if there is no delivery
 * @param delivery null for a record that only moves stream time, such as a clock tick
 * @param json the exact bytes of the delivery
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, and copied for nobody
public record PastDelivery(
        String source,
        long number,
        long time,
        @Nullable String key,
        @Nullable Delivery delivery,
        byte[] json) {}
