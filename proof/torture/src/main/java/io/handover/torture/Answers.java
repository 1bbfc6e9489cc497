package io.handover.torture;

import io.handover.torture.EventBridge.Attempt;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The answers of the bridge to the deliveries of a run.
 *
 * @param accepted the number of answers with 2xx, by event id
 * @param refused the result of the last attempt for each event that was given up, by event id
 */
record Answers(Map<String, Integer> accepted, Map<String, String> refused) {

    Answers {
        accepted = Map.copyOf(accepted);
        refused = Map.copyOf(refused);
    }

    /** Returns the answers of a run. Every delivery must be accepted or given up. */
    static Answers of(AttemptCounts attempts, List<Attempt> deadLetterQueue) {
        return new Answers(
                attempts.acceptedById(),
                deadLetterQueue.stream()
                        .collect(Collectors.toMap(
                                attempt -> attempt.event().id(), Attempt::result, (first, second) -> first)));
    }

    /** The number of deliveries that were answered with 2xx. */
    int acceptances() {
        return accepted.values().stream().mapToInt(Integer::intValue).sum();
    }
}
