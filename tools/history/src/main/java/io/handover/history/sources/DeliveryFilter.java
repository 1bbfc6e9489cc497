package io.handover.history.sources;

import io.handover.schema.Delivery;
import org.jspecify.annotations.Nullable;

/**
 * Selects the deliveries of a source. The other deliveries are skipped, and counted as not selected.
 *
 * @param fromMs the earliest time that is selected, epoch ms
 * @param toMs the end of the selected times, epoch ms; a delivery of exactly this time is skipped
 * @param conversation the only conversation that is selected; null for all
 * @param organization the only organisation that is selected; null for all. A delivery of the old data action names no
 *     organisation, so it is never skipped because of its organisation.
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

    /** Whether records of this conversation are selected; null stands for no conversation. */
    boolean acceptsConversation(@Nullable String key) {
        return conversation == null || conversation.equals(key);
    }

    boolean accepts(Delivery delivery, String key) {
        return acceptsConversation(key)
                && (organization == null
                        || delivery.source() == null
                        || organization.equals(delivery.organizationId()));
    }
}
