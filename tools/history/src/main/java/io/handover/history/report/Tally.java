package io.handover.history.report;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/** What hindsight says of one setting. */
public final class Tally {

    /** So many differences are listed; all are counted. */
    static final int MAX_LISTED = 10_000;

    private static final int SIGNIFICANT_DIGITS = 3;

    public final TreeMap<String, Long> endedByReason = new TreeMap<>();
    public final List<PrematureEnd> premature = new ArrayList<>();

    /** How long after the last agent was gone each end came, in ms; of those that were not premature. */
    public final Histogram late = new Histogram(SIGNIFICANT_DIGITS);

    public final List<Difference> differences = new ArrayList<>();
    public long differing;
    public long neverEnded;
    public long agentUpdated;

    /**
     * A conversation that ends otherwise than under the first setting.
     *
     * @param first how it ends under that one: an end a line
     * @param here how it ends under this one
     */
    public record Difference(String conversationId, List<String> first, List<String> here) {}

    public void add(Difference difference) {
        differing++;
        if (differences.size() < MAX_LISTED) {
            differences.add(difference);
        }
    }

    public void add(Tally other) {
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
