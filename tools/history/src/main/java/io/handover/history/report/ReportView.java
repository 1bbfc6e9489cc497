package io.handover.history.report;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.handover.history.report.BacktestReport.Result;
import io.handover.history.report.PrematureEnd.Refutation;
import io.handover.history.report.Tally.Difference;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * The numbers and lists of a back-test, for the table, the page and the JSON document. The components of this record
 * are the fields of the JSON document, in the same order.
 *
 * @param settings one result per setting; the others are compared with the first one
 */
record ReportView(
        List<String> sources,
        long deliveries,
        long unwanted,
        long broken,
        long conversations,
        @Nullable Instant first,
        @Nullable Instant last,
        long returnWithinMs,
        Gaps gaps,
        List<SettingView> settings,
        @Nullable AgainstResult against) {

    /**
     * The shortest silence that is counted. EventBridge's times are whole seconds, so shorter silence is not
     * measurable.
     */
    private static final long LATE_MS = 1_000;

    private static final Comparator<PrematureEnd> BY_TIME = Comparator.comparing(PrematureEnd::decidedAt)
            .thenComparing(PrematureEnd::conversationId)
            .thenComparingInt(PrematureEnd::cycle);

    /** The lengths of the gaps between two agents, in ms. */
    record Gaps(
            @JsonProperty("told") Histogram announced,
            @JsonProperty("untold") Histogram unannounced) {

        long count() {
            return announced.getTotalCount() + unannounced.getTotalCount();
        }
    }

    /**
     * The result of one setting.
     *
     * @param late the silence longer than needed of each end that was not premature, in ms; without expired handovers
     * @param lateExpired the silence longer than needed of each expired handover, in ms
     */
    record SettingView(
            String name,
            long transferTimeoutMs,
            long ended,
            Map<String, Long> endedByReason,
            PrematureEnds premature,
            long laterThanNeeded,
            Histogram late,
            Histogram lateExpired,
            long neverEnded,
            long agentUpdated,
            ShorterGaps gapsShorterThanTransferTimeout,
            long differing,
            List<Difference> differences) {

        String shareTooEarly() {
            return ReportWords.share(premature.count(), ended);
        }

        double averageLateMs() {
            return average(late);
        }

        double averageLateExpiredMs() {
            return average(lateExpired);
        }

        private static double average(Histogram silence) {
            return silence.getTotalCount() == 0 ? 0 : silence.getMean();
        }
    }

    /** The premature ends of a setting in the order of time, and their number per refutation. */
    record PrematureEnds(long count, long served, long queued, long inFlow, long cameBack, List<PrematureEnd> ends) {

        static PrematureEnds of(Tally tally) {
            return new PrematureEnds(
                    tally.premature.size(),
                    count(tally, Refutation.SERVED),
                    count(tally, Refutation.QUEUED),
                    count(tally, Refutation.IN_FLOW),
                    count(tally, Refutation.CAME_BACK),
                    tally.premature.stream().sorted(BY_TIME).toList());
        }

        private static long count(Tally tally, Refutation refutation) {
            return tally.premature.stream()
                    .filter(end -> end.refutation() == refutation)
                    .count();
        }
    }

    /** The number of gaps that are shorter than the transfer timeout of the setting. */
    record ShorterGaps(
            @JsonProperty("told") long announced,
            @JsonProperty("untold") long unannounced) {}

    static ReportView of(BacktestReport report) {
        return new ReportView(
                report.sources(),
                report.deliveries(),
                report.unwanted(),
                report.broken(),
                report.conversations(),
                report.first(),
                report.first() == null ? null : report.last(),
                report.returnWithin().toMillis(),
                new Gaps(report.announcedGaps(), report.unannouncedGaps()),
                report.results().stream().map(result -> view(result, report)).toList(),
                report.against());
    }

    private static SettingView view(Result result, BacktestReport report) {
        Tally tally = result.tally();
        long timeout = result.setting().policy().transferTimeoutMs();
        return new SettingView(
                result.setting().name(),
                timeout,
                tally.ended(),
                tally.endedByReason,
                PrematureEnds.of(tally),
                notShorter(tally.late, LATE_MS) + notShorter(tally.lateExpired, LATE_MS),
                tally.late,
                tally.lateExpired,
                tally.neverEnded,
                tally.agentUpdated,
                new ShorterGaps(shorter(report.announcedGaps(), timeout), shorter(report.unannouncedGaps(), timeout)),
                tally.differing,
                tally.differences);
    }

    /** Returns the number of durations that are shorter than {@code ms}. */
    static long shorter(Histogram durations, long ms) {
        return ms <= 0 ? 0 : durations.getCountBetweenValues(0, ms - 1);
    }

    private static long notShorter(Histogram durations, long ms) {
        return durations.getTotalCount() - shorter(durations, ms);
    }

    /** Returns the names of all settings, separated by commas. */
    String names() {
        return settings.stream().map(SettingView::name).collect(Collectors.joining(", "));
    }

    /** Returns the different transfer timeouts of the settings, shortest first, in ms. */
    List<Long> transferTimeouts() {
        return settings.stream()
                .map(SettingView::transferTimeoutMs)
                .distinct()
                .sorted()
                .toList();
    }

    /** Returns whether there are several settings and each has another transfer timeout. */
    boolean comparesTimeouts() {
        return settings.size() > 1 && transferTimeouts().size() == settings.size();
    }
}
