package io.handover.history.replay;

import io.handover.terminal.CommandException;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The position of a replay. Each transaction of the replay commits it, as the offset of a consumer group that only this
 * replay uses.
 *
 * @param published the number of published deliveries; it is the committed offset
 * @param checksum the checksum of these deliveries, to check that the sources still begin with them
 * @param isComplete whether all deliveries are published
 * @param fingerprint the fingerprint of the sources and the selection
 * @param ends the end offset of each partition of the source topic when the replay began; empty if the sources are
 *     files
 */
record ReplayPosition(long published, long checksum, boolean isComplete, String fingerprint, Map<Integer, Long> ends) {

    private static final String FORMAT = "handover-replay-1";
    private static final String COMPLETE = "complete";
    private static final String RUNNING = "running";
    private static final int PARTS = 5;

    ReplayPosition {
        ends = Map.copyOf(ends);
    }

    /** Returns the metadata of the committed offset: all fields except {@code published}. */
    String metadata() {
        return String.join(
                ";",
                FORMAT,
                fingerprint,
                Long.toHexString(checksum),
                isComplete ? COMPLETE : RUNNING,
                new TreeMap<>(ends)
                        .entrySet().stream()
                                .map(end -> end.getKey() + "=" + end.getValue())
                                .collect(Collectors.joining(",")));
    }

    /**
     * Returns the position that was committed as this offset with this metadata.
     *
     * @throws CommandException if the metadata was not written by a replay
     */
    static ReplayPosition of(long offset, String metadata) {
        String[] parts = metadata.split(";", -1);
        if (parts.length != PARTS || !parts[0].equals(FORMAT)) {
            throw new CommandException("The consumer group of this replay belongs to something else. Give the replay"
                    + " another --name.");
        }
        Map<Integer, Long> ends = new TreeMap<>();
        if (!parts[4].isEmpty()) {
            for (String end : parts[4].split(",", -1)) {
                int sign = end.indexOf('=');
                ends.put(Integer.valueOf(end.substring(0, sign)), Long.valueOf(end.substring(sign + 1)));
            }
        }
        return new ReplayPosition(offset, Long.parseLong(parts[2], 16), parts[3].equals(COMPLETE), parts[1], ends);
    }
}
