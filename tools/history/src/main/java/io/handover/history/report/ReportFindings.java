package io.handover.history.report;

import io.handover.history.report.ReportView.SettingView;
import io.handover.schema.Evidence;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Writes the sentences of a report. They describe the input and what the numbers mean. */
final class ReportFindings {

    /** A smaller difference counts as no difference, because it would be shown as 0.0 s. */
    private static final double LEAST_MS = 50;

    private ReportFindings() {}

    static String question(ReportView view) {
        if (view.settings().size() == 1) {
            return "What would it have done?";
        }
        return view.comparesTimeouts() ? "Which transfer timeout?" : "Which setting?";
    }

    /** Writes the sentence about the input: the deliveries, the conversations and the time range. */
    static String read(ReportView view) {
        String read = ReportWords.count(view.deliveries()) + (view.deliveries() == 1 ? " delivery" : " deliveries")
                + " of " + ReportWords.count(view.conversations(), "conversation");
        if (view.first() != null && view.last() != null) {
            read += ", from " + ReportWords.time(view.first()) + " to " + ReportWords.time(view.last()) + " UTC";
        }
        if (view.unwanted() > 0) {
            read += "; " + ReportWords.count(view.unwanted()) + " unwanted";
        }
        if (view.broken() > 0) {
            read += "; " + ReportWords.count(view.broken()) + " that could not be read";
        }
        return read + '.';
    }

    static String evidence(PrematureEnd end) {
        return end.evidence().stream().map(ReportFindings::evidence).collect(Collectors.joining("; "));
    }

    private static String evidence(Evidence evidence) {
        String type = evidence.disconnectType() == null ? "" : ' ' + evidence.disconnectType();
        return evidence.topic() + type + " at " + ReportWords.time(evidence.eventTime());
    }

    /** Writes why the end is premature: {@code an agent came back (anna), 3.0 s later}. */
    static String refutation(PrematureEnd end) {
        String who = end.agentId() == null ? "" : " (" + end.agentId() + ')';
        long after = end.refutedAfterMs();
        return end.refutation().label()
                + who
                + (after > 0
                        ? ", " + ReportWords.duration(after) + " later"
                        : ", for " + ReportWords.duration(-after) + " already");
    }

    static String against(AgainstResult against) {
        String same = "Against " + against.file() + ": " + ReportWords.count(against.same(), "command") + " the same";
        return against.differing() == 0
                ? same + ", no difference."
                : same + "; " + ReportWords.count(against.missing()) + " missing here, "
                        + ReportWords.count(against.additional()) + " additional here, "
                        + ReportWords.count(against.changed()) + " changed.";
    }

    /** Writes one or two sentences per setting, and one about the gaps if there are any. */
    static List<String> sentences(ReportView view) {
        if (view.first() == null) {
            return List.of("There was no delivery to judge a setting by.");
        }
        List<String> sentences = new ArrayList<>();
        SettingView first = view.settings().get(0);
        sentences.add(first.name() + ": " + judgement(first));
        for (SettingView setting : view.settings().subList(1, view.settings().size())) {
            sentences.add(setting.name() + ": " + comparison(setting, first));
        }
        if (view.gaps().count() > 0) {
            sentences.add(gaps(view));
        }
        return sentences;
    }

    private static String judgement(SettingView setting) {
        if (setting.ended() == 0) {
            return "no handover ended.";
        }
        boolean none = setting.premature().count() == 0;
        String all = ReportWords.count(setting.ended(), "handover");
        String early = none
                ? "none of " + all
                : ReportWords.count(setting.premature().count()) + " of " + all + " (" + setting.shareTooEarly() + ")";
        String silence = setting.late().getTotalCount() == 0
                ? ""
                : " After the " + (none ? "end" : "other ends") + ", the bot was silent "
                        + ReportWords.duration(Math.round(setting.averageLateMs()))
                        + " longer than needed on average (median "
                        + ReportWords.duration(setting.late().getValueAtPercentile(50)) + ", p90 "
                        + ReportWords.duration(setting.late().getValueAtPercentile(90)) + ").";
        return early + " ended too early: an agent still served, the conversation still waited in a queue, a flow still"
                + " had it, or an agent came back." + silence + expired(setting);
    }

    private static String expired(SettingView setting) {
        long count = setting.lateExpired().getTotalCount();
        return count == 0
                ? ""
                : " " + ReportWords.count(count, "handover") + " expired, after "
                        + ReportWords.duration(Math.round(setting.averageLateExpiredMs()))
                        + " of silence on average.";
    }

    private static String comparison(SettingView setting, SettingView first) {
        if (setting.ended() == 0) {
            return "no handover ended.";
        }
        long fewer = first.premature().count() - setting.premature().count();
        String compared = fewer == 0
                ? "as many as with "
                : ReportWords.count(Math.abs(fewer)) + (fewer > 0 ? " fewer than with " : " more than with ");
        return ReportWords.count(setting.premature().count()) + " too early (" + setting.shareTooEarly() + "), "
                + compared + first.name() + silence(setting, first, fewer) + '.';
    }

    /**
     * Compares the average silence of two settings. Most ends do not wait for a timeout, so a timeout hardly changes
     * the median.
     */
    private static String silence(SettingView setting, SettingView first, long fewer) {
        if (setting.late().getTotalCount() == 0 || first.late().getTotalCount() == 0) {
            return "";
        }
        long more = Math.round(setting.averageLateMs() - first.averageLateMs());
        if (Math.abs(more) < LEAST_MS) {
            return ", and with as much silence";
        }
        boolean price = fewer != 0 && fewer > 0 == more > 0;
        return (price ? ", at the price of " : ", and with ") + ReportWords.duration(Math.abs(more))
                + (more > 0 ? " more" : " less") + " silence on average";
    }

    private static String gaps(ReportView view) {
        long unannounced = view.gaps().unannounced().getTotalCount();
        String all = ReportWords.count(view.gaps().count(), "gap") + " between two agents, of at most "
                + ReportWords.duration(view.returnWithinMs()) + "; ";
        if (unannounced == 0) {
            return all + "a transfer, a queue or a flow announced the next agent each time.";
        }
        String shares = view.transferTimeouts().stream()
                .map(timeout -> ReportWords.share(ReportView.shorter(view.gaps().unannounced(), timeout), unannounced)
                        + " are shorter than " + ReportWords.brief(timeout))
                .collect(Collectors.joining(", "));
        return all + ReportWords.count(unannounced) + " unannounced. Of the unannounced gaps, " + shares + '.';
    }
}
