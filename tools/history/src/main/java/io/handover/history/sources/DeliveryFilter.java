package io.handover.history.sources;

import io.handover.schema.Delivery;
import org.jspecify.annotations.Nullable;

/**
 * Selects the deliveries of a source that are read. The others are skipped without being counted.
 *
 * @param fromMs the earliest arrival, epoch ms
 * @param toMs the first arrival that is too late, epoch ms
 * @param conversation the only conversation that is read; null for all
 * @param organization the only organisation that is read; null for all. A delivery of the old data action names no
 *     organisation and is always read.
 */
public record DeliveryFilter(
        long fromMs,
        long toMs,
        @Nullable String conversation,
        @Nullable String organization) {

    static final DeliveryFilter ALL = new DeliveryFilter(Long.MIN_VALUE, Long.MAX_VALUE, null, null);

    boolean acceptsTime(long time) {
        return time >= fromMs && time < toMs;
    }

    boolean accepts(Delivery delivery, String key) {
        return (conversation == null || conversation.equals(key))
                && (organization == null
                        || delivery.source() == null
                        || organization.equals(delivery.organizationId()));
    }
}
