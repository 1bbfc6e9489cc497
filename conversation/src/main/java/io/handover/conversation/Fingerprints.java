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

    /** The encoded length of a fingerprint. */
    public static final int BYTES = Fingerprint.BITS / Byte.SIZE;

    public static final Fingerprints NONE = new Fingerprints(new long[0]);

    private final long[] bits;

    private Fingerprints(long[] bits) {
        this.bits = bits;
    }

    /**
     * Reads fingerprints that {@link #write} wrote.
     *
     * @param size the number of fingerprints
     * @throws java.nio.BufferUnderflowException if the buffer has fewer
     */
    public static Fingerprints read(ByteBuffer in, int size) {
        long[] bits = new long[size];
        for (int i = 0; i < size; i++) {
            bits[i] = ((in.getShort() & 0xffffL) << Integer.SIZE) | (in.getInt() & 0xffff_ffffL);
        }
        return new Fingerprints(bits);
    }

    /** Writes {@value #BYTES} bytes per fingerprint, oldest first. */
    public void write(ByteBuffer out) {
        for (long each : bits) {
            out.putShort((short) (each >>> Integer.SIZE)).putInt((int) each);
        }
    }

    public int size() {
        return bits.length;
    }

    /**
     * Whether the next fingerprint replaces the oldest. A duplicate of the oldest event is applied again after that.
     */
    public boolean isFull() {
        return size() == MAX;
    }

    boolean contains(Fingerprint fingerprint) {
        for (long known : bits) {
            if (known == fingerprint.bits()) {
                return true;
            }
        }
        return false;
    }

    Fingerprints with(Fingerprint fingerprint) {
        int from = isFull() ? 1 : 0;
        long[] more = Arrays.copyOfRange(bits, from, bits.length + 1);
        more[more.length - 1] = fingerprint.bits();
        return new Fingerprints(more);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Fingerprints that && Arrays.equals(bits, that.bits);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bits);
    }

    @Override
    public String toString() {
        return size() + " fingerprints";
    }
}
