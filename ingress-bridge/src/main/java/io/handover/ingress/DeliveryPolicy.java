package io.handover.ingress;

import io.handover.schema.Delivery;
import java.util.Objects;
import java.util.Set;

/**
 * Which deliveries are stored. Pure: the same delivery gets the same verdict.
 *
 * @param organizationIds whose events are taken
 * @param checkOrganization false takes everybody's
 */
record DeliveryPolicy(Set<String> organizationIds, boolean checkOrganization) {

    DeliveryPolicy {
        organizationIds = Set.copyOf(organizationIds);
    }

    DeliveryDecision decide(Delivery delivery) {
        if (isOfOtherOrganization(delivery)) {
            return new DeliveryDecision.Answer(DeliveryOutcome.OTHER_ORGANIZATION);
        }
        return switch (delivery.relevance()) {
            case WANTED ->
                new DeliveryDecision.Store(Objects.requireNonNull(
                        delivery.key(), "Expected what is wanted to have a key, but it has none"));
            case OTHER_TOPIC -> new DeliveryDecision.Answer(DeliveryOutcome.UNWANTED_TOPIC);
            case OTHER_MEDIA -> new DeliveryDecision.Answer(DeliveryOutcome.UNWANTED_MEDIA);
            case NO_KEY ->
                new DeliveryDecision.DeadLetter(
                        DeliveryOutcome.NO_KEY,
                        "Expected a conversation id, or the userId of a data-action body, but found neither");
        };
    }

    /** A data action has no source: the key alone says whose it is. */
    private boolean isOfOtherOrganization(Delivery delivery) {
        if (!checkOrganization || delivery.source() == null) {
            return false;
        }
        String organizationId = delivery.organizationId();
        return organizationId == null || !organizationIds.contains(organizationId);
    }
}
