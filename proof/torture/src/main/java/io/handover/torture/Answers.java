package io.handover.torture;

import java.util.Map;

/**
 * What became of the deliveries that were sent.
 *
 * @param accepted how often each event id was answered with 2xx
 * @param refused the event ids that were refused for good, with the status
 */
record Answers(Map<String, Integer> accepted, Map<String, String> refused) {

    Answers {
        accepted = Map.copyOf(accepted);
        refused = Map.copyOf(refused);
    }

    /** How many deliveries were answered with 2xx. */
    int acceptances() {
        return accepted.values().stream().mapToInt(Integer::intValue).sum();
    }
}
