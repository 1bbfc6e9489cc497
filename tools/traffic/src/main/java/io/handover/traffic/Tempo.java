package io.handover.traffic;

/**
 * How fast people are. Histories of minutes try the defaults; a run against real processes has no time for them and
 * makes everything faster, time-outs included. All times are milliseconds.
 *
 * @param waitMs how long a customer waits in a queue at most
 * @param alertMs how long an agent is alerted at most
 * @param serveMs how long an agent serves at most
 * @param wrapUpMs how long after-call work takes at most
 * @param apartMs how long a handover is over before the next one begins, at least: longer than any timeout
 * @param gapMs how long at most, between an agent's leaving and the next one's turn, nobody is seen to have the
 *     conversation; 0 for never
 */
public record Tempo(long waitMs, long alertMs, long serveMs, long wrapUpMs, long apartMs, long gapMs) {

    /** People's own, with the product's default time-outs in mind. */
    public static final Tempo HUMAN = new Tempo(60_000, 20_000, 300_000, 150_000, 400_000);

    /** Without gaps. */
    public Tempo(long waitMs, long alertMs, long serveMs, long wrapUpMs, long apartMs) {
        this(waitMs, alertMs, serveMs, wrapUpMs, apartMs, 0);
    }

    /** The same, with gaps: some last so long, most are shorter. */
    public Tempo withGaps(long mostMs) {
        return new Tempo(waitMs, alertMs, serveMs, wrapUpMs, apartMs, mostMs);
    }
}
