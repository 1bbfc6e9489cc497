package io.handover.history.report;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/** The counts and judged ends of one setting. */
public final class Tally {

    /** The greatest number of listed differences. {@link #differing} counts all of them. */
    static final int MAX_LISTED = 10_000;

    private static final int SIGNIFICANT_DIGITS = 3;

    public final TreeMap<String, Long> endedByReason = new TreeMap<>();
    public final List<PrematureEnd> premature = new ArrayList<>();

    /** The silence longer than needed of each end that was not premature, in ms. Expired handovers are left out. */
    public final Histogram late = new Histogram(SIGNIFICANT_DIGITS);

    /** The silence longer than needed of each expired handover, in ms. */
    public final Histogram lateExpired = new Histogram(SIGNIFICANT_DIGITS);

    public final List<Difference> differences = new ArrayList<>();
    public long differing;
    public long neverEnded;
    public long agentUpdated;

    /**
     * A conversation whose ends under this setting differ from its ends under the first setting.
     *
     * @param first the ends under the first setting
     * @param here the ends under this setting
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
        lateExpired.add(other.lateExpired);
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
