package io.handover.history.sources;

import io.handover.schema.Delivery;
import org.jspecify.annotations.Nullable;

/**
 * Which deliveries of a source are meant. What is not meant is as if it did not stand there.
 *
 * @param fromMs arrived at that time or later, epoch ms
 * @param toMs arrived before that time, epoch ms
 * @param conversation of that conversation alone, or null
 * @param organization of that organisation alone, or null; an old data action names none and always passes
 */
public record Selection(
        long fromMs,
        long toMs,
        @Nullable String conversation,
        @Nullable String organization) {

    static final Selection ALL = new Selection(Long.MIN_VALUE, Long.MAX_VALUE, null, null);

    boolean hasTime(long time) {
        return time >= fromMs && time < toMs;
    }

    boolean has(Delivery delivery, String key) {
        return (conversation == null || conversation.equals(key))
                && (organization == null
                        || delivery.source() == null
                        || organization.equals(delivery.organizationId()));
    }
}
