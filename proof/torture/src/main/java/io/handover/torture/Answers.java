package io.handover.torture;

import io.handover.torture.EventBridge.Attempt;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

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
