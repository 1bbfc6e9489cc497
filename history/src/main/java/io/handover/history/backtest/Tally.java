package io.handover.history.backtest;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/** What hindsight says of one setting. */
final class Tally {

    /** So many differences are listed; all are counted. */
    static final int MAX_LISTED = 10_000;

    private static final int SIGNIFICANT_DIGITS = 3;

    final TreeMap<String, Long> endedByReason = new TreeMap<>();
    final List<PrematureEnd> premature = new ArrayList<>();

    /** How long after the last agent was gone each end came, in ms; of those that were not premature. */
    final Histogram late = new Histogram(SIGNIFICANT_DIGITS);

    final List<Difference> differences = new ArrayList<>();
    long differing;
    long neverEnded;
    long agentUpdated;

    /**
     * A conversation that ends otherwise than under the first setting.
     *
     * @param first how it ends under that one: an end a line
     * @param here how it ends under this one
     */
    record Difference(String conversationId, List<String> first, List<String> here) {}

    void add(Difference difference) {
        differing++;
        if (differences.size() < MAX_LISTED) {
            differences.add(difference);
        }
    }

    void add(Tally other) {
        other.endedByReason.forEach((reason, count) -> endedByReason.merge(reason, count, Long::sum));
        premature.addAll(other.premature);
        late.add(other.late);
        differences.addAll(
                other.differences.subList(0, Math.min(other.differences.size(), MAX_LISTED - differences.size())));
        differing += other.differing;
        neverEnded += other.neverEnded;
        agentUpdated += other.agentUpdated;
    }

    long ended() {
        return endedByReason.values().stream().mapToLong(Long::longValue).sum();
    }
}
