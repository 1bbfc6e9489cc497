package io.handover.torture;

import io.handover.torture.EventBridge.Attempt;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The answers of the bridge to the deliveries of a run.
 *
 * @param accepted how often each event id was answered with 2xx
 * @param refused the result of the last attempt, by the id of each event that was given up
 */
record Answers(Map<String, Integer> accepted, Map<String, String> refused) {

    Answers {
        accepted = Map.copyOf(accepted);
        refused = Map.copyOf(refused);
    }

    /** The answers to a run whose deliveries are all accepted or given up. */
    static Answers of(AttemptCounts attempts, List<Attempt> deadLetterQueue) {
        return new Answers(
                attempts.acceptedById(),
                deadLetterQueue.stream()
                        .collect(Collectors.toMap(
                                attempt -> attempt.event().id(), Attempt::result, (first, second) -> first)));
    }

    /** How many deliveries were answered with 2xx. */
    int acceptances() {
        return accepted.values().stream().mapToInt(Integer::intValue).sum();
    }
}
