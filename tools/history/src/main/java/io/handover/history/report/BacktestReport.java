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
 * @param deliveries how many deliveries were folded
 * @param unwanted how many entries no decision uses
 * @param broken how many entries could not be read
 * @param conversations how many conversations the deliveries belong to
 * @param first when the first delivery arrived, or null if there was none
 * @param last when the last delivery arrived
 * @param returnWithin an agent who starts within this time after an end came back
 * @param announcedGaps the gaps between two agents where a transfer or a queue announced the second one, in ms
 * @param unannouncedGaps the other gaps between two agents, in ms
 * @param results one per setting, the first one being what the others are compared with
 * @param against how the commands of the first setting differ from those of another build, or null
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
