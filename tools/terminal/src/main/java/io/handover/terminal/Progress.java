package io.handover.terminal;

import java.io.PrintStream;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Shows the progress of a long command: the count, the rate and the remaining time. On a terminal, one line is redrawn.
 * Elsewhere, a new line is printed every few seconds. A command that ends within two seconds shows no progress.
 *
 * <p>Not thread-safe.
 */
public final class Progress {

    /** The value of an unknown total. The percentage and the remaining time are then left out. */
    public static final long UNKNOWN = 0;

    /** The start script sets this system property if standard error is a terminal. Java cannot find this out. */
    private static final String TERMINAL_PROPERTY = "handover.terminal";

    private static final long FIRST_SHOWN_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final long REDRAW_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
    private static final long LINE_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final double NANOS_PER_SECOND = 1e9;
    private static final String ERASE_LINE = "\r\033[K";

    private final PrintStream err;
    private final boolean terminal;
    private final LongSupplier nanoTime;
    private final String label;
    private final long total;
    private final long startedAt;
    private Supplier<String> place = () -> "";
    private DoubleSupplier fraction = () -> -1;
    private double fractionAtStart;
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
        this.nextAt = startedAt + FIRST_SHOWN_NANOS;
    }

    /**
     * Starts to measure. The first line is shown after two seconds.
     *
     * @param label the plural noun of the counted things, such as {@code conversations}
     * @param total the expected count, or {@link #UNKNOWN}
     */
    public static Progress started(PrintStream err, String label, long total) {
        return new Progress(err, Boolean.getBoolean(TERMINAL_PROPERTY), System::nanoTime, label, total);
    }

    /**
     * Shows the current place too, such as the time of the newest event.
     *
     * @param currentPlace called only when a line is shown; returns an empty text to show no place
     */
    public Progress at(Supplier<String> currentPlace) {
        place = currentPlace;
        return this;
    }

    /**
     * Shows a percentage and the remaining time although the total is unknown.
     *
     * @param doneFraction called now and when a line is shown; returns the fraction that is done, from 0 to 1, or a
     *     negative number if it is unknown
     */
    public Progress ofAll(DoubleSupplier doneFraction) {
        fraction = doneFraction;
        fractionAtStart = Math.max(0, doneFraction.getAsDouble());
        return this;
    }

    /** Adds to the count, and shows a line if one is due. */
    public void advanced(long more) {
        count += more;
        long now = nanoTime.getAsLong();
        if (now - nextAt >= 0) {
            show(now);
            nextAt = now + (terminal ? REDRAW_NANOS : LINE_NANOS);
        }
    }

    /**
     * Ends the progress, and erases its line on a terminal. If the command fails, call this method before the error is
     * printed.
     */
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
        double done = fraction.getAsDouble();
        if (done > fractionAtStart) {
            double seconds = (now - startedAt) / NANOS_PER_SECOND;
            line.append(String.format(Locale.ROOT, ", %.0f %%, ", Math.floor(100 * Math.min(1, done))))
                    .append(seconds(seconds * Math.max(0, 1 - done) / (done - fractionAtStart)))
                    .append(" left");
        }
        String reached = place.get();
        return reached.isEmpty()
                ? line.toString()
                : line.append(", ").append(reached).toString();
    }

    private static String number(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    private static String seconds(double seconds) {
        return DurationText.brief(TimeUnit.SECONDS.toMillis(Math.round(seconds)));
    }
}
