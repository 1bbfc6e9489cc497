package io.handover.conversation.fold;

import io.handover.conversation.Sessions;
import java.util.Arrays;

/**
 * Where the sessions of the state that was decoded last are in its bytes. When the next state is encoded, a session that is
 * still the same instance is copied from there. An event changes one session or none, and to encode the ids and times of the
 * others again is most of the work.
 *
 * <p>One can be used for one state after the other, by one thread.
 */
public final class SessionBytes {

    /** No state was decoded, so nothing is copied. */
    static final SessionBytes NONE = new SessionBytes();

    private static final int SMALLEST = 32;

    private byte[] bytes = {};
    private long base;
    private Sessions sessions = Sessions.NONE;

    /** Where each session begins and ends, in the order of the encoding. */
    private int[] bounds = {};

    private int count;

    /** A state is decoded. */
    void begin(byte[] encoded, long baseTime) {
        bytes = encoded;
        base = baseTime;
        sessions = Sessions.NONE;
        count = 0;
    }

    void add(int begin, int end) {
        if (count == bounds.length) {
            bounds = Arrays.copyOf(bounds, Math.max(SMALLEST, 2 * count));
        }
        bounds[count++] = begin;
        bounds[count++] = end;
    }

    /** All sessions of the state are decoded. */
    void end(Sessions decoded) {
        sessions = decoded;
    }

    /** The sessions that can be copied into a state with this base time, because their times are relative to it. */
    Sessions sessions(long baseTime) {
        return baseTime == base ? sessions : Sessions.NONE;
    }

    byte[] bytes() {
        return bytes;
    }

    int begin(int session) {
        return bounds[2 * session];
    }

    int end(int session) {
        return bounds[2 * session + 1];
    }
}
