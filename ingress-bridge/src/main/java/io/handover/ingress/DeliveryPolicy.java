package io.handover.ingress;

import io.handover.schema.Delivery;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which deliveries are stored. Pure: the same delivery gets the same verdict.
 *
 * @param organizationIds whose events are taken
 * @param checkOrganization false takes everybody's
 */
record DeliveryPolicy(Set<String> organizationIds, boolean checkOrganization) {

    private static final String MEDIA_TYPE = "MESSAGE";
    private static final String MESSAGE_TYPE = "OPEN";

    DeliveryPolicy {
        organizationIds = Set.copyOf(organizationIds);
    }

    Verdict judge(Delivery delivery) {
        if (isOfOtherOrganization(delivery)) {
            return new Verdict.Answer(Outcome.OTHER_ORGANIZATION);
        }
        // Before the key: a rule that filters too little sends topics that have no conversation, and those are no
        // error.
        if (delivery.type() == null && delivery.topic() != null) {
            return new Verdict.Answer(Outcome.UNWANTED_TOPIC);
        }
        String key = delivery.key();
        if (key == null) {
            return new Verdict.DeadLetter(
                    Outcome.NO_KEY,
                    "Expected a conversation id, or the userId of a data-action body, but found neither");
        }
        if (isOtherThan(MEDIA_TYPE, delivery.body().mediaType())
                || isOtherThan(MESSAGE_TYPE, delivery.body().messageType())) {
            return new Verdict.Answer(Outcome.UNWANTED_MEDIA);
        }
        if (delivery.type() == null) {
            return new Verdict.Answer(Outcome.UNWANTED_TOPIC);
        }
        return new Verdict.Store(key);
    }

    /** A data action has no source: the key alone says whose it is. */
    private boolean isOfOtherOrganization(Delivery delivery) {
        if (!checkOrganization || delivery.source() == null) {
            return false;
        }
        String organizationId = delivery.organizationId();
        return organizationId == null || !organizationIds.contains(organizationId);
    }

    /** Queue and flow events may lack the value; a missing one passes. */
    private static boolean isOtherThan(String wanted, @Nullable String value) {
        return value != null && !value.equals(wanted);
    }
}
