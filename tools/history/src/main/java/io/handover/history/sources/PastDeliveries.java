package io.handover.history.sources;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;

/**
 * The deliveries of several logs in the order of time.
 *
 * <p>Within a log the order is the log's, and its time never goes back: so each delivery gets the time of the log that it
 * had, or would have, in a partition of its own, and these times never go back over all logs either.
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

    /** A log, and when its next delivery is; of a file that has not been opened, no later than that. */
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

    /** The next delivery; null at the end. */
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
            // The log's own next time is at least this one's, and is looked up when its turn comes.
            turns.add(new Turn(at, turn.number(), turn.log()));
            // A file's first delivery may be none of the selected, and those behind it earlier.
            time = Math.max(time, at);
            return head;
        }
    }

    private void count(Chunk chunk) {
        unwanted += chunk.unwanted;
        chunk.broken.forEach(broken::add);
    }

    /** The time of the log when the delivery that came last was read, epoch ms; never goes back. */
    public long time() {
        return time;
    }

    /** How much of all there is has been read: from 0 to 1; negative if nobody knows. */
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

    /** Entries so far that nothing wants: other topics, other media. */
    public long unwanted() {
        return unwanted;
    }

    /** Entries so far that could not be read. */
    public long broken() {
        return broken.count();
    }

    /** Puts a delivery with what cannot be read. */
    public void putAside(PastDelivery delivery, String reason) {
        broken.add(new BrokenEntry(delivery.source(), delivery.number(), delivery.json(), reason));
    }

    /** Where each partition of the topic ends for this reading; empty if it is none. */
    public Map<Integer, Long> ends() {
        return topic == null ? Map.of() : topic.ends();
    }

    /** The side file of what cannot be read; there only if there is any. */
    public Path brokenFile() {
        return broken.file();
    }

    /** For the work that others do beside the reading. */
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
