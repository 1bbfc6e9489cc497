package io.handover.traffic;

/**
 * The speed at which the people in a history act. All times are milliseconds.
 *
 * <p>Runs against real processes use a faster tempo together with shorter timeouts.
 *
 * @param waitMs the longest wait in a queue
 * @param alertMs the longest time that an agent is alerted
 * @param serveMs the longest time that an agent serves
 * @param acwMs the longest acw (after-call work)
 * @param apartMs the shortest time between two handovers that are apart; it must be longer than every timeout
 * @param gapMs the longest gap: the time between two agents in which nobody has the conversation; 0 for no gaps
 */
public record Tempo(long waitMs, long alertMs, long serveMs, long acwMs, long apartMs, long gapMs) {

    /** The tempo of real people, for the default timeouts of the product. */
    public static final Tempo HUMAN = new Tempo(60_000, 20_000, 300_000, 150_000, 400_000);

    /** Makes a tempo without gaps. */
    public Tempo(long waitMs, long alertMs, long serveMs, long acwMs, long apartMs) {
        this(waitMs, alertMs, serveMs, acwMs, apartMs, 0);
    }

    /** Returns the same tempo with gaps of at most {@code mostMs}. */
    public Tempo withGaps(long mostMs) {
        return new Tempo(waitMs, alertMs, serveMs, acwMs, apartMs, mostMs);
    }
}
