package io.handover.conversation;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The fingerprints of the newest events that were applied to a conversation. Immutable. */
public final class Fingerprints {

    /**
     * The highest number of fingerprints, to limit the size of the state. A further fingerprint replaces the oldest.
     */
    public static final int MAX = 256;

    public static final Fingerprints NONE = new Fingerprints(new long[0]);

    private final long[] halves;

    private Fingerprints(long[] halves) {
        this.halves = halves;
    }

    /**
     * Reads fingerprints that {@link #write} wrote.
     *
     * @param size the number of fingerprints
     * @throws java.nio.BufferUnderflowException if the buffer has fewer
     */
    public static Fingerprints read(ByteBuffer in, int size) {
        long[] halves = new long[2 * size];
        in.asLongBuffer().get(halves);
        in.position(in.position() + halves.length * Long.BYTES);
        return new Fingerprints(halves);
    }

    /** Writes 16 bytes per fingerprint, oldest first. */
    public void write(ByteBuffer out) {
        out.asLongBuffer().put(halves);
        out.position(out.position() + halves.length * Long.BYTES);
    }

    public int size() {
        return halves.length / 2;
    }

    /**
     * Whether the next fingerprint replaces the oldest. A duplicate of the oldest event is applied again after that.
     */
    public boolean isFull() {
        return size() == MAX;
    }

    boolean contains(Fingerprint fingerprint) {
        for (int i = 0; i < halves.length; i += 2) {
            if (halves[i] == fingerprint.high() && halves[i + 1] == fingerprint.low()) {
                return true;
            }
        }
        return false;
    }

    Fingerprints with(Fingerprint fingerprint) {
        int from = isFull() ? 2 : 0;
        long[] more = new long[halves.length - from + 2];
        System.arraycopy(halves, from, more, 0, halves.length - from);
        more[more.length - 2] = fingerprint.high();
        more[more.length - 1] = fingerprint.low();
        return new Fingerprints(more);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Fingerprints that && Arrays.equals(halves, that.halves);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(halves);
    }

    @Override
    public String toString() {
        return size() + " fingerprints";
    }
}
