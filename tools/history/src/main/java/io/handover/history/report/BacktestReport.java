package io.handover.history.report;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * The result of a back-test.
 *
 * @param sources the sources as the user named them
 * @param deliveries the number of deliveries that were folded
 * @param unwanted the number of entries that no decision uses
 * @param broken the number of entries that could not be read
 * @param conversations the number of conversations in the deliveries
 * @param first the arrival of the first delivery; null if there was no delivery
 * @param last the arrival of the last delivery
 * @param returnWithin the time after an end within which the start of an agent makes the end premature
 * @param announcedGaps the lengths of the gaps between two agents that a transfer, a queue or a flow announced, in ms
 * @param unannouncedGaps the lengths of the other gaps between two agents, in ms
 * @param results one result per setting; the others are compared with the first one
 * @param against the comparison of the first setting with the commands of another build; null without {@code --against}
 */
public record BacktestReport(
        List<String> sources,
        long deliveries,
        long unwanted,
        long broken,
        long conversations,
        @Nullable Instant first,
        @Nullable Instant last,
        Duration returnWithin,
        Histogram announcedGaps,
        Histogram unannouncedGaps,
        List<Result> results,
        @Nullable AgainstResult against) {

    /** The tally of one setting. */
    public record Result(Setting setting, Tally tally) {}

    public BacktestReport {
        sources = List.copyOf(sources);
        results = List.copyOf(results);
    }
}
