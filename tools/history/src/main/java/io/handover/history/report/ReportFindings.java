package io.handover.history.report;

import io.handover.history.report.BacktestReport.Result;
import io.handover.history.report.PrematureEnd.Refutation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.HdrHistogram.Histogram;

/** What the numbers of a back-test say. */
final class ReportFindings {

    /** Less cannot be told from the whole seconds that EventBridge's times are. */
    static final long LATE_MS = 1_000;

    /** What is shown as 0.0 s is no difference. */
    private static final double LEAST_MS = 50;

    static final double MEDIAN = 50;
    static final double MOST = 90;
    static final double NEARLY_ALL = 99;

    private static final Comparator<PrematureEnd> BY_TIME = Comparator.comparing(PrematureEnd::decidedAt)
            .thenComparing(PrematureEnd::conversationId)
            .thenComparingInt(PrematureEnd::cycle);

    private ReportFindings() {}

    /** The premature ends in the order of time, whichever processor judged them. */
    static List<PrematureEnd> premature(Tally tally) {
        return tally.premature.stream().sorted(BY_TIME).toList();
    }

    static long premature(Tally tally, Refutation refutation) {
        return tally.premature.stream()
                .filter(end -> end.refutation() == refutation)
                .count();
    }

    /** How many ended later than needed. */
    static long late(Tally tally) {
        return tally.late.getTotalCount() - shorter(tally.late, LATE_MS);
    }

    /** How many are shorter than that. */
    static long shorter(Histogram histogram, long ms) {
        return ms <= 0 ? 0 : histogram.getCountBetweenValues(0, ms - 1);
    }

    static long quantile(Tally tally, double percentile) {
        return tally.late.getValueAtPercentile(percentile);
    }

    /** In ms. */
    static double meanLate(Tally tally) {
        return tally.late.getTotalCount() == 0 ? 0 : tally.late.getMean();
    }

    /** All reasons that ended a handover under any setting. */
    static Set<String> reasons(BacktestReport report) {
        Set<String> reasons = new TreeSet<>();
        report.results()
                .forEach(result -> reasons.addAll(result.tally().endedByReason.keySet()));
        return reasons;
    }

    /** The transfer timeouts that were compared, each once. */
    static List<Long> transferTimeouts(BacktestReport report) {
        return report.results().stream()
                .map(ReportFindings::transferTimeout)
                .distinct()
                .sorted()
                .toList();
    }

    /** Whether no two settings have the same transfer timeout. */
    static boolean comparesTimeouts(BacktestReport report) {
        int settings = report.results().size();
        return settings > 1 && transferTimeouts(report).size() == settings;
    }

    static long transferTimeout(Result result) {
        return result.setting().policy().transferTimeoutMs();
    }

    /** What was read. */
    static String read(BacktestReport report) {
        String read = ReportWords.count(report.deliveries()) + (report.deliveries() == 1 ? " delivery" : " deliveries")
                + " of " + ReportWords.count(report.conversations(), "conversation");
        if (report.first() != null && report.last() != null) {
            read += ", from " + ReportWords.time(report.first()) + " to " + ReportWords.time(report.last()) + " UTC";
        }
        if (report.unwanted() > 0) {
            read += "; " + ReportWords.count(report.unwanted()) + " that nothing wants";
        }
        if (report.broken() > 0) {
            read += "; " + ReportWords.count(report.broken()) + " that could not be read";
        }
        return read + '.';
    }

    /** What shows that it ended too early. */
    static String refutation(PrematureEnd end) {
        String who = end.agentId() == null ? "" : " (" + end.agentId() + ')';
        long after = Duration.between(end.decidedAt(), end.refutedAt()).toMillis();
        return end.refutation().label()
                + who
                + (after > 0
                        ? ", " + ReportWords.duration(after) + " later"
                        : ", since " + ReportWords.duration(-after) + " before");
    }

    /** How much of another build's commands is the same. */
    static String against(AgainstResult against) {
        String same = ReportWords.count(against.same(), "command");
        if (against.isClean()) {
            return "Against " + against.file() + ": all the same, " + same + '.';
        }
        return "Against " + against.file() + ": " + same + " the same; " + ReportWords.count(against.missing())
                + " missing here, " + ReportWords.count(against.additional()) + " additional here, "
                + ReportWords.count(against.changed()) + " changed.";
    }

    /** What the numbers mean: of each setting, and then of the gaps. */
    static List<String> sentences(BacktestReport report) {
        if (report.first() == null) {
            return List.of("There was no delivery to try a setting with.");
        }
        List<String> sentences = new ArrayList<>();
        Result first = report.results().get(0);
        sentences.add(first.setting().name() + ": " + judgement(first.tally()));
        for (Result result : report.results().subList(1, report.results().size())) {
            sentences.add(result.setting().name() + ": " + comparison(result.tally(), first));
        }
        long gaps = report.toldGaps().getTotalCount() + report.untoldGaps().getTotalCount();
        if (gaps > 0) {
            sentences.add(gaps(report, gaps));
        }
        return sentences;
    }

    private static String judgement(Tally tally) {
        if (tally.ended() == 0) {
            return "no handover ended.";
        }
        long premature = tally.premature.size();
        String early = premature == 0
                ? "none of " + ReportWords.count(tally.ended(), "handover") + " ended"
                : ReportWords.count(premature) + " of " + ReportWords.count(tally.ended(), "handover") + " ("
                        + ReportWords.share(premature, tally.ended()) + ") ended";
        String late = tally.late.getTotalCount() == 0
                ? ""
                : " After " + (premature == 0 ? "them" : "the others") + " the bot was silent "
                        + ReportWords.duration(Math.round(meanLate(tally)))
                        + " longer than needed on average: after half of them at most "
                        + ReportWords.duration(quantile(tally, MEDIAN)) + ", after nine of ten at most "
                        + ReportWords.duration(quantile(tally, MOST)) + '.';
        return early + " too early: while an agent still served, while it still waited, or before an agent came back."
                + late;
    }

    private static String comparison(Tally tally, Result first) {
        if (tally.ended() == 0) {
            return "no handover ended.";
        }
        int fewer = first.tally().premature.size() - tally.premature.size();
        String than = " than with " + first.setting().name();
        String early = ReportWords.count(tally.premature.size()) + " too early ("
                + ReportWords.share(tally.premature.size(), tally.ended()) + "), "
                + (fewer == 0 ? "as many as with " + first.setting().name() : difference(fewer) + than);
        return early + silence(tally, first.tally(), fewer) + '.';
    }

    private static String difference(int fewer) {
        return ReportWords.count(Math.abs(fewer)) + (fewer > 0 ? " fewer" : " more");
    }

    /** On average, as most ends do not wait for the time-outs that are compared: the median need not move. */
    private static String silence(Tally tally, Tally first, int fewer) {
        if (tally.late.getTotalCount() == 0 || first.late.getTotalCount() == 0) {
            return "";
        }
        long more = Math.round(meanLate(tally) - meanLate(first));
        if (Math.abs(more) < LEAST_MS) {
            return ", and with as much silence";
        }
        boolean price = fewer != 0 && fewer > 0 == more > 0;
        return (price ? ", at the price of " : ", and with ") + ReportWords.duration(Math.abs(more))
                + (more > 0 ? " more" : " less") + " silence on average";
    }

    private static String gaps(BacktestReport report, long gaps) {
        long untold = report.untoldGaps().getTotalCount();
        String all = ReportWords.count(gaps, "time") + " nobody had a conversation until the next agent came within "
                + ReportWords.duration(report.returnWithin()) + "; ";
        if (untold == 0) {
            return all + "each time a transfer or a queue told that one would.";
        }
        String shares = transferTimeouts(report).stream()
                .map(timeout -> ReportWords.share(shorter(report.untoldGaps(), timeout), untold) + " were shorter than "
                        + ReportWords.round(timeout))
                .collect(Collectors.joining(", "));
        return all + ReportWords.count(untold, "time") + " nothing told that one would. Of these gaps " + shares + '.';
    }
}
