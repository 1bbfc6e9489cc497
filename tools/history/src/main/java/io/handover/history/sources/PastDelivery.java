package io.handover.history.sources;

import io.handover.schema.Delivery;
import org.jspecify.annotations.Nullable;

/**
 * A record of a log of the past.
 *
 * @param source the file or partition that it stands in
 * @param number its line, or its offset
 * @param time when it arrived, epoch ms: the time of the record, or in a file the envelope's
 * @param key the conversation that it is of; null where nothing is delivered
 * @param delivery what was delivered; null for a record that only moves the time of its log, such as a clock tick
 * @param json the delivery, byte for byte
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, and copied for nobody
public record PastDelivery(
        String source,
        long number,
        long time,
        @Nullable String key,
        @Nullable Delivery delivery,
        byte[] json) {}
