package io.handover.history.sources;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;

/**
 * Merges the deliveries of several logs in the order of time.
 *
 * <p>Each log keeps its own order, and its time is the highest time of its deliveries so far, as the stream time of a
 * partition is. The merged time never goes back either.
 */
public final class PastDeliveries implements AutoCloseable {

    private final List<Log> logs;
    private final @Nullable TopicReader topic;
    private final ExecutorService workers;
    private final BrokenEntries broken;
    private final PriorityQueue<Turn> turns =
            new PriorityQueue<>(Comparator.comparingLong(Turn::time).thenComparingInt(Turn::number));
    private long time = Long.MIN_VALUE;
    private long unwanted;

    /** A log and the time of its next delivery. For a file that is not opened yet, the delivery can be later. */
    private record Turn(long time, int number, Log log) {}

    public PastDeliveries(
            List<Log> logs,
            List<Long> firstTimes,
            @Nullable TopicReader topic,
            ExecutorService workers,
            BrokenEntries broken) {
        this.logs = logs;
        this.topic = topic;
        this.workers = workers;
        this.broken = broken;
        for (int i = 0; i < logs.size(); i++) {
            turns.add(new Turn(firstTimes.get(i), i, logs.get(i)));
        }
    }

    /** Returns the next delivery; null at the end. */
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
            // The next time of the log is not before this one; it is looked up when its turn comes.
            turns.add(new Turn(at, turn.number(), turn.log()));
            // If the first delivery of a file is not selected, the next ones can be earlier.
            time = Math.max(time, at);
            return head;
        }
    }

    private void count(LogPiece piece) {
        unwanted += piece.unwanted;
        piece.broken.forEach(broken::add);
    }

    /** Returns the merged time at the last delivery, epoch ms. It never goes back. */
    public long time() {
        return time;
    }

    /** Returns which part of all sources has been read, from 0 to 1; negative if that is unknown. */
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
        // A file may have grown meanwhile.
        return size == 0 ? 1 : Math.min(1, (double) done / size);
    }

    /** Counts the entries so far that no decision uses: other topics, other media. */
    public long unwanted() {
        return unwanted;
    }

    /** Counts the entries so far that could not be read. */
    public long broken() {
        return broken.count();
    }

    /** Writes a delivery to the file of broken entries. */
    public void putAside(PastDelivery delivery, String reason) {
        broken.add(new BrokenEntry(delivery.source(), delivery.number(), delivery.json(), reason));
    }

    /** Returns the end offset of each partition that is read; empty if the source is no topic. */
    public Map<Integer, Long> ends() {
        return topic == null ? Map.of() : topic.ends();
    }

    /** Returns the file of broken entries, which exists only if there are any. */
    public Path brokenFile() {
        return broken.file();
    }

    /** Returns the threads that parse, for other work in parallel. */
    public ExecutorService workers() {
        return workers;
    }

    @Override
    public void close() {
        workers.shutdownNow();
        try {
            logs.forEach(Log::close);
            if (topic != null) {
                topic.close();
            }
        } finally {
            broken.close();
        }
    }
}
