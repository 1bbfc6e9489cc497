package io.handover.setup.plan;

import io.handover.terminal.CommandException;
import io.handover.terminal.StopSignal;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Waits for things that take their time, such as a connection that is being authorized. It shows what it waits for.
 *
 * @param err receives the progress
 * @param stop ends a wait
 * @param interval how often to look
 * @param longest how long to wait at most
 */
public record Waiting(PrintStream err, StopSignal stop, Duration interval, Duration longest) {

    private static final Duration SHOW_EVERY = Duration.ofSeconds(10);

    /** Looks every two seconds, for at most three minutes. */
    public Waiting(PrintStream err, StopSignal stop) {
        this(err, stop, Duration.ofSeconds(2), Duration.ofMinutes(3));
    }

    /**
     * Waits until a thing is ready.
     *
     * @param what the thing
     * @param notReady returns the state of the thing; empty when it is ready
     * @throws CommandException if it is not ready in time
     */
    public void until(String what, Supplier<Optional<String>> notReady) {
        long start = System.nanoTime();
        long lastShown = start;
        String shown = "";
        for (Optional<String> state = notReady.get(); state.isPresent(); state = notReady.get()) {
            long now = System.nanoTime();
            if (!state.get().equals(shown) || now - lastShown >= SHOW_EVERY.toNanos()) {
                shown = state.get();
                lastShown = now;
                long seconds = Duration.ofNanos(now - start).toSeconds();
                err.println(
                        "    waiting: the " + what + " is " + shown + (seconds == 0 ? "" : ", for " + seconds + " s"));
            }
            if (now - start > longest.toNanos()) {
                throw new CommandException("The " + what + " is still " + shown + " after " + longest.toSeconds()
                        + " s. Run the same command again to go on.");
            }
            if (stop.await(interval)) {
                throw new StoppedException();
            }
        }
    }

    /** Returns the same that no stop ends, for what must be cleaned up. */
    public Waiting unstoppable() {
        return new Waiting(err, new StopSignal(), interval, longest);
    }

    /** Throws an exception if the command was asked to stop. */
    public void checkStopped() {
        if (stop.isRequested()) {
            throw new StoppedException();
        }
    }

    /** Says that a person has stopped the command. */
    public static final class StoppedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private StoppedException() {
            super("Stopped. Run the same command again to go on.");
        }
    }
}
