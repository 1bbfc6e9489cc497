package io.handover.ingress;

import io.handover.schema.Delivery;
import java.util.Objects;
import java.util.Set;

/**
 * Decides which deliveries are stored. The decision depends only on this policy and on the delivery.
 *
 * @param organizationIds the organisations whose events are accepted
 * @param checkOrganization whether only events of these organisations are accepted; false accepts every organisation
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
                        delivery.key(), "Expected a wanted delivery to have a key, but it has none"));
            case OTHER_TOPIC -> new DeliveryDecision.Answer(DeliveryOutcome.UNWANTED_TOPIC);
            case OTHER_MEDIA -> new DeliveryDecision.Answer(DeliveryOutcome.UNWANTED_MEDIA);
            case NO_KEY ->
                new DeliveryDecision.DeadLetter(
                        DeliveryOutcome.NO_KEY,
                        "Expected a conversation id, or the userId of a data-action body, but found neither");
        };
    }

    /**
     * Whether another organisation sent the delivery. A data action has no {@code source} and is always accepted here:
     * the secret alone identifies its sender.
     */
    private boolean isOfOtherOrganization(Delivery delivery) {
        if (!checkOrganization || delivery.source() == null) {
            return false;
        }
        String organizationId = delivery.organizationId();
        return organizationId == null || !organizationIds.contains(organizationId);
    }
}
