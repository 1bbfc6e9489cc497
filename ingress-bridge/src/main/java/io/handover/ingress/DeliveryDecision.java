package io.handover.ingress;

/** What is to be done with a delivery. */
sealed interface DeliveryDecision {

    /** Store it. */
    record Store(String key) implements DeliveryDecision {}

    /**
     * Keep a copy for people to look at, then answer.
     *
     * @param reason one sentence without any of the body
     */
    record DeadLetter(DeliveryOutcome outcome, String reason) implements DeliveryDecision {}

    /** Only answer. */
    record Answer(DeliveryOutcome outcome) implements DeliveryDecision {}
}
