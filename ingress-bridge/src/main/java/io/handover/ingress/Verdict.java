package io.handover.ingress;

/** What is to be done with a delivery. */
sealed interface Verdict {

    /** Store it. */
    record Store(String key) implements Verdict {}

    /**
     * Keep a copy for people to look at, then answer.
     *
     * @param reason one sentence without any of the body
     */
    record DeadLetter(Outcome outcome, String reason) implements Verdict {}

    /** Only answer. */
    record Answer(Outcome outcome) implements Verdict {}
}
