package io.handover.history.sources;

import io.handover.terminal.CommandException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;

/**
 * Merges the deliveries of several logs in the order of time.
 *
 * <p>Each log keeps its own order. The time of a log is the highest time of its deliveries so far, like the stream time
 * of a partition. The time of all logs together is the highest time of all deliveries so far.
 */
public final class PastDeliveries implements AutoCloseable {

    private final List<Log> logs;
    private final List<TopicReader> topics;
    private final ExecutorService workers;
    private final BrokenEntries broken;
    private final PriorityQueue<Turn> turns =
            new PriorityQueue<>(Comparator.comparingLong(Turn::time).thenComparingInt(Turn::number));
    private long time = Long.MIN_VALUE;
    private final ReadCount count = new ReadCount();

    /**
     * A log and its place in the order of the merge. The log has its turn when no other turn is earlier.
     *
     * @param time epoch ms. Before the log is opened, the time of its first delivery, selected or not;
     *     {@link Long#MIN_VALUE} if this time was not looked up. Afterwards, not later than the time of the log at its
     *     next delivery.
     * @param number the place among logs of the same time
     */
    private record Turn(long time, int number, Log log) {}

    public PastDeliveries(
            List<Log> logs,
            List<Long> firstTimes,
            List<TopicReader> topics,
            ExecutorService workers,
            BrokenEntries broken) {
        this.logs = logs;
        this.topics = List.copyOf(topics);
        this.workers = workers;
        this.broken = broken;
        for (int i = 0; i < logs.size(); i++) {
            turns.add(new Turn(firstTimes.get(i), i, logs.get(i)));
        }
    }

    /** Returns the next delivery; null at the end of all logs. */
    public @Nullable PastDelivery next() {
        while (true) {
            Turn turn = turns.poll();
            if (turn == null) {
                return null;
            }
            PastDelivery head = turn.log().head(this::count);
            if (head == null) {
                turn.log().close();
                continue;
            }
            long at = turn.log().timeAt(head);
            Turn next = turns.peek();
            if (next != null && (at > next.time() || (at == next.time() && turn.number() > next.number()))) {
                turns.add(new Turn(at, turn.number(), turn.log()));
                continue;
            }
            turn.log().advance(head);
            // The time of the log at its next delivery is not earlier. It is looked up when the log has its turn.
            turns.add(new Turn(at, turn.number(), turn.log()));
            // The turn of a file begins at its first delivery. If that delivery is not selected, the selected ones can
            // be earlier.
            time = Math.max(time, at);
            return head;
        }
    }

    private void count(LogPiece piece) {
        count.add(piece.count);
        piece.broken.forEach(broken::add);
    }

    /** Returns the highest time of all deliveries so far, epoch ms. */
    public long time() {
        return time;
    }

    /** Returns the fraction of all sources that has been read, from 0 to 1; negative if a size is unknown. */
    public double fraction() {
        long size = 0;
        long done = 0;
        for (Log log : logs) {
            if (log.size() < 0) {
                return -1;
            }
            size += log.size();
            done += log.done();
        }
        // A file may have grown since its size was read.
        return size == 0 ? 1 : Math.min(1, (double) done / size);
    }

    /** Returns how many deliveries were unwanted so far: of other topics or other media, which no decision uses. */
    public long unwanted() {
        return count.unwanted();
    }

    /** Returns how many entries could not be read so far. */
    public long broken() {
        return broken.count();
    }

    /**
     * Returns one or two lines about what has been read so far: the deliveries, what was left out and why, and the
     * first entry that cannot be read.
     */
    public String summary() {
        String leftOut = count.leftOut();
        String read = "Read " + count.used() + '.' + (leftOut.isEmpty() ? "" : " Left out: " + leftOut + '.');
        return broken.count() == 0
                ? read
                : read + System.lineSeparator() + unreadable() + ", in " + broken.file() + firstUnreadable() + '.';
    }

    /**
     * Call this at the end of all logs.
     *
     * @throws CommandException if the logs are not empty, but have no wanted delivery
     */
    public void requireWanted() {
        long all = count.all() + broken.count();
        if (all == 0 || count.hasWanted()) {
            return;
        }
        String others = count.others();
        String found = "No wanted delivery was found, only "
                + others
                + (others.isEmpty() || broken.count() == 0 ? "" : ", and ")
                + (broken.count() == 0 ? "" : unreadable() + ", in " + broken.file() + firstUnreadable());
        throw new CommandException(found + '.');
    }

    private String unreadable() {
        return ReadCount.counted(broken.count(), "entry that cannot be read", "entries that cannot be read");
    }

    private String firstUnreadable() {
        BrokenEntry first = Objects.requireNonNull(broken.first(), "Expected a broken entry, but there is none");
        return "; the first is " + first.source() + (isPartitioned() ? ", offset " : ", line ") + first.number() + ": "
                + first.reason();
    }

    /** Writes a delivery to the file of broken entries. */
    public void putAside(PastDelivery delivery, String reason) {
        broken.add(new BrokenEntry(delivery.source(), delivery.number(), delivery.json(), reason));
    }

    /** Whether the sources are topics. Each of their partitions is a log of its own; files are one log together. */
    public boolean isPartitioned() {
        return !topics.isEmpty();
    }

    /** Returns the end offset of this reading for each partition of the topic; empty if the sources are files. */
    public Map<Integer, Long> ends() {
        return topics.isEmpty() ? Map.of() : topics.get(0).ends();
    }

    /** Returns the file of broken entries. It exists only if there are broken entries. */
    public Path brokenFile() {
        return broken.file();
    }

    /** Returns the threads that parse. The caller can run other work on them. */
    public ExecutorService workers() {
        return workers;
    }

    @Override
    public void close() {
        workers.shutdownNow();
        try {
            logs.forEach(Log::close);
            topics.forEach(TopicReader::close);
        } finally {
            broken.close();
        }
    }
}
