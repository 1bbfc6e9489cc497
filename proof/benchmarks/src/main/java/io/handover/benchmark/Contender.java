package io.handover.benchmark;

import java.util.Arrays;

/** A topology that is measured. All but the last one have the same client settings; all have the same threads and input. */
enum Contender {
    /** The product. */
    APP("streams-app"),
    /** The least that a topology with a state per key can do: one get, one put, and every fourth record out. */
    FLOOR("floor"),
    /** Deduplication as the field does it: a window store with the whole event, for 24 hours. */
    DEDUPLICATION("deduplication"),
    /** The same with the defaults of Kafka's clients, and with exactly_once_v2. */
    DEDUPLICATION_WITH_DEFAULTS("deduplication-with-defaults");

    private final String label;

    Contender(String label) {
        this.label = label;
    }

    String label() {
        return label;
    }

    /** The label. The command line has it as the name of the contender. */
    @Override
    public String toString() {
        return label;
    }

    static Contender of(String label) {
        return Arrays.stream(values())
                .filter(contender -> contender.label.equals(label))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("Expected a contender, but got " + label));
    }
}
