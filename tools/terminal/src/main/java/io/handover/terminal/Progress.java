package io.handover.terminal;

import java.io.PrintStream;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * How far a command is that takes long, told to a person: how much is done, how fast, and how long it will take. On a
 * terminal it is one line that keeps changing, elsewhere a line every few seconds; of what is done at once, nothing.
 *
 * <p>One thread tells it.
 */
public final class Progress {

    /** The total where nobody knows it: then there is neither a percentage nor an estimate of the end. */
    public static final long UNKNOWN = 0;

    /** Set where standard error is a terminal, which Java cannot find out. */
    private static final String TERMINAL_PROPERTY = "handover.terminal";

    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final long REDRAWN_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
    private static final long LINE_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final double NANOS_PER_SECOND = 1e9;
    private static final String ERASE_LINE = "\r\033[K";

    private final PrintStream err;
    private final boolean terminal;
    private final LongSupplier nanoTime;
    private final String label;
    private final long total;
    private final long startedAt;
    private Supplier<String> where = () -> "";
    private DoubleSupplier share = () -> -1;
    private double shareAtStart;
    private long count;
    private long nextAt;
    private boolean shown;

    Progress(PrintStream err, boolean terminal, LongSupplier nanoTime, String label, long total) {
        this.err = err;
        this.terminal = terminal;
        this.nanoTime = nanoTime;
        this.label = label;
        this.total = total;
        this.startedAt = nanoTime.getAsLong();
        this.nextAt = startedAt + PATIENCE_NANOS;
    }

    /**
     * Begins.
     *
     * @param label what is counted: {@code conversations}
     * @param total how many there will be, or {@link #UNKNOWN}
     */
    public static Progress started(PrintStream err, String label, long total) {
        return new Progress(err, Boolean.getBoolean(TERMINAL_PROPERTY), System::nanoTime, label, total);
    }

    /** Also tells that, such as which time of the events is reached; asked only when something is shown. */
    public Progress at(Supplier<String> place) {
        where = place;
        return this;
    }

    /**
     * How much of all is done, where the total is unknown: from 0 to 1, or negative if nobody knows. Asked now, and when
     * something is shown.
     */
    public Progress ofAll(DoubleSupplier done) {
        share = done;
        shareAtStart = Math.max(0, done.getAsDouble());
        return this;
    }

    /** So many more are done; 0 only looks whether it is time to say something. */
    public void advanced(long more) {
        count += more;
        long now = nanoTime.getAsLong();
        if (now - nextAt >= 0) {
            show(now);
            nextAt = now + (terminal ? REDRAWN_NANOS : LINE_NANOS);
        }
    }

    /** Ends: takes its line off the terminal. To be called also if the command fails, before that is told. */
    public void done() {
        if (terminal && shown) {
            err.print(ERASE_LINE);
            err.flush();
        }
        shown = false;
    }

    private void show(long now) {
        String line = line(now);
        if (terminal) {
            err.print(ERASE_LINE + line);
            err.flush();
        } else {
            err.println(line);
        }
        shown = true;
    }

    private String line(long now) {
        double perSecond = count * NANOS_PER_SECOND / Math.max(1, now - startedAt);
        StringBuilder line = new StringBuilder("  ").append(number(count));
        if (total != UNKNOWN) {
            line.append(" of ").append(number(total));
        }
        line.append(' ').append(label);
        if (total != UNKNOWN) {
            line.append(" (").append(100 * Math.min(count, total) / total).append(" %)");
        }
        line.append(String.format(Locale.ROOT, perSecond < 10 ? ", %.1f/s" : ", %,.0f/s", perSecond));
        if (total != UNKNOWN && count > 0) {
            line.append(", ")
                    .append(seconds(Math.max(0, total - count) / perSecond))
                    .append(" left");
        }
        double done = share.getAsDouble();
        if (done > shareAtStart) {
            double seconds = (now - startedAt) / NANOS_PER_SECOND;
            line.append(String.format(Locale.ROOT, ", %.0f %%, ", Math.floor(100 * Math.min(1, done))))
                    .append(seconds(seconds * Math.max(0, 1 - done) / (done - shareAtStart)))
                    .append(" left");
        }
        String place = where.get();
        return place.isEmpty()
                ? line.toString()
                : line.append(", ").append(place).toString();
    }

    private static String number(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    private static String seconds(double seconds) {
        return DurationText.brief(TimeUnit.SECONDS.toMillis(Math.round(seconds)));
    }
}
