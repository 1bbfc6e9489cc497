package io.handover.conversation.fold;

import io.handover.conversation.Session;
import io.handover.conversation.fold.StateEncoding.Writer;
import java.util.Arrays;

/**
 * The bytes of each session of the state that was decoded last. When the next state is encoded, a session that is still the same
 * instance is copied from there. Most events change one session or none, and to encode the ids and times of the others again
 * is most of the work.
 *
 * <p>An instance serves one state after the other, on one thread.
 */
public final class SessionBytes {

    /** No state was decoded, so nothing is copied. */
    static final SessionBytes NONE = new SessionBytes();

    private static final int SMALLEST = 16;

    private byte[] state = {};

    /** The base time of the state. The times of its sessions are relative to it. */
    private long base;

    private Session[] sessions = {};

    /** Where each session begins and ends. */
    private int[] bounds = {};

    private int count;

    /** Where the next session is expected: most come in the order in which they were decoded. */
    private int next;

    /** Forgets the last state, and begins with this one. */
    void begin(byte[] encoded, long baseTime) {
        state = encoded;
        base = baseTime;
        count = 0;
        next = 0;
    }

    void add(Session session, int begin, int end) {
        if (count == sessions.length) {
            sessions = Arrays.copyOf(sessions, Math.max(SMALLEST, 2 * count));
            bounds = Arrays.copyOf(bounds, 2 * sessions.length);
        }
        sessions[count] = session;
        bounds[2 * count] = begin;
        bounds[2 * count + 1] = end;
        count++;
    }

    /** Copies a session, if it is one of this state, and the next state is encoded in the same way. Otherwise returns false. */
    @SuppressWarnings("ReferenceEquality") // the core returns the same instance if nothing changed
    boolean copy(Session session, Writer out) {
        for (int i = 0; i < count; i++) {
            int at = next + i < count ? next + i : next + i - count;
            if (sessions[at] == session) {
                next = at + 1;
                return out.copy(state, base, bounds[2 * at], bounds[2 * at + 1]);
            }
        }
        return false;
    }
}
