package io.handover.traffic;

/**
 * The speed of the people in a history. Runs against real processes use a faster tempo, together with shorter timeouts.
 * All times are milliseconds.
 *
 * @param waitMs the longest wait in a queue
 * @param alertMs the longest time that an agent is alerted
 * @param serveMs the longest time that an agent serves
 * @param acwMs the longest acw
 * @param apartMs the shortest time between two handovers, longer than any timeout
 * @param gapMs the longest time between two agents in which nobody has the conversation; 0 for no gaps
 */
public record Tempo(long waitMs, long alertMs, long serveMs, long acwMs, long apartMs, long gapMs) {

    /** The tempo of people, which suits the default timeouts of the product. */
    public static final Tempo HUMAN = new Tempo(60_000, 20_000, 300_000, 150_000, 400_000);

    /** A tempo without gaps. */
    public Tempo(long waitMs, long alertMs, long serveMs, long acwMs, long apartMs) {
        this(waitMs, alertMs, serveMs, acwMs, apartMs, 0);
    }

    /** Returns the same tempo with gaps of up to this length; most are shorter. */
    public Tempo withGaps(long mostMs) {
        return new Tempo(waitMs, alertMs, serveMs, acwMs, apartMs, mostMs);
    }
}
