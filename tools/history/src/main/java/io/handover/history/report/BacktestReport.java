package io.handover.history.report;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * What a back-test found.
 *
 * @param sources what was read, as it was named
 * @param deliveries how many were folded
 * @param unwanted how many entries nothing wants
 * @param broken how many entries could not be read
 * @param conversations how many the deliveries were of
 * @param first when the first delivery arrived, or null if there was none
 * @param last when the last one did
 * @param returnWithin an agent who starts so soon after an end came back
 * @param toldGaps how long nobody had a conversation before the next agent came, where a transfer or a queue told that
 *     one would; ms
 * @param untoldGaps the same where nothing told it
 * @param results of each setting, the first one being what the others are compared with
 * @param against how the first setting's commands differ from those of another build, or null
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
        Histogram toldGaps,
        Histogram untoldGaps,
        List<Result> results,
        @Nullable AgainstResult against) {

    /** What a setting would have done. */
    public record Result(Setting setting, Tally tally) {}

    public BacktestReport {
        sources = List.copyOf(sources);
        results = List.copyOf(results);
    }
}
