package io.handover.streams;

import io.handover.schema.Evidence;
import io.handover.streams.conversation.ConversationState;
import io.handover.streams.conversation.ConversationState.Announcement;
import io.handover.streams.conversation.ConversationState.End;
import io.handover.streams.conversation.EndReason;
import io.handover.streams.conversation.Fingerprints;
import io.handover.streams.conversation.Leg;
import io.handover.streams.conversation.Pending;
import io.handover.streams.conversation.QueueSession;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A conversation as the store keeps it: its state, and where the timer index holds it.
 *
 * <p>The encoding begins with a version byte. A released encoding stays readable for ever, because changelogs outlive
 * every version of the application.
 *
 * @param timerAt the deadline under which the index holds it; {@link #NO_TIMER} if it does not
 */
record StoredConversation(long timerAt, ConversationState state) {

    static final long NO_TIMER = Long.MAX_VALUE;

    /** What the store has nothing of. */
    static final StoredConversation NEW = new StoredConversation(NO_TIMER, ConversationState.NEW);

    private static final byte VERSION = 1;

    /** Bytes that are no conversation; the message says why. */
    static final class CorruptStateException extends Exception {

        private static final long serialVersionUID = 1L;

        private CorruptStateException(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    byte[] encode() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(VERSION);
            out.writeLong(timerAt);
            out.writeInt(state.cycle());
            out.writeBoolean(state.open());
            writeEnd(out, state.lastEnd());
            out.writeLong(state.cycleBegan());
            out.writeInt(state.legs().size());
            for (Leg leg : state.legs()) {
                writeLeg(out, leg);
            }
            out.writeInt(state.queueSessions().size());
            for (QueueSession session : state.queueSessions()) {
                writeQueueSession(out, session);
            }
            writeAnnouncement(out, state.announced());
            writePending(out, state.pending());
            long[] halves = state.fingerprints().halves();
            out.writeInt(halves.length);
            for (long half : halves) {
                out.writeLong(half);
            }
            writeText(out, state.customerId());
            writeText(out, state.organizationId());
            out.writeLong(state.touchedAt());
        } catch (IOException e) {
            throw new IllegalStateException("Expected to encode a conversation in memory, but failed", e);
        }
        return bytes.toByteArray();
    }

    /**
     * Decodes what {@link #encode} wrote.
     *
     * @throws CorruptStateException if the bytes are no conversation
     * @throws IllegalStateException if a newer version of the application wrote them: to go on would lose what it knew
     */
    static StoredConversation decode(byte[] bytes) throws CorruptStateException {
        if (bytes.length > 0 && bytes[0] > VERSION) {
            throw new IllegalStateException(
                    "Expected a state of version " + VERSION + " or older, but version " + bytes[0]
                            + " is in the store: it was written by a newer release; run that release or a newer one");
        }
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            if (in.readByte() != VERSION) {
                throw new CorruptStateException("Expected a version of the encoding, but found " + bytes[0], null);
            }
            StoredConversation stored = new StoredConversation(in.readLong(), readState(in));
            if (in.available() > 0) {
                throw new CorruptStateException("Expected the state to end, but more bytes follow", null);
            }
            return stored;
        } catch (IOException | RuntimeException e) {
            throw new CorruptStateException("Expected a whole state, but it is cut short or garbled", e);
        }
    }

    private static ConversationState readState(DataInputStream in) throws IOException {
        return new ConversationState(
                in.readInt(),
                in.readBoolean(),
                in.readBoolean() ? new End(in.readLong(), in.readBoolean(), readText(in)) : null,
                in.readLong(),
                readLegs(in),
                readQueueSessions(in),
                in.readBoolean() ? new Announcement(text(in), in.readLong()) : null,
                in.readBoolean() ? readPending(in) : null,
                readFingerprints(in),
                readText(in),
                readText(in),
                in.readLong());
    }

    private static void writeEnd(DataOutputStream out, @Nullable End end) throws IOException {
        out.writeBoolean(end != null);
        if (end != null) {
            out.writeLong(end.time());
            out.writeBoolean(end.byCustomer());
            writeText(out, end.customerSession());
        }
    }

    private static void writeLeg(DataOutputStream out, Leg leg) throws IOException {
        writeText(out, leg.id());
        writeText(out, leg.agentId());
        out.writeInt(leg.cycle());
        out.writeLong(leg.startedAt());
        Leg.Departure departure = leg.departure();
        out.writeBoolean(departure != null);
        if (departure != null) {
            writeText(out, departure.reason().name());
            writeEvidence(out, departure.evidence());
            out.writeLong(departure.at());
        }
        writeOptionalEvidence(out, leg.wrapUp());
    }

    private static List<Leg> readLegs(DataInputStream in) throws IOException {
        int size = in.readInt();
        List<Leg> legs = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            legs.add(new Leg(
                    text(in),
                    readText(in),
                    in.readInt(),
                    in.readLong(),
                    in.readBoolean()
                            ? new Leg.Departure(Leg.Reason.valueOf(text(in)), readEvidence(in), in.readLong())
                            : null,
                    readOptionalEvidence(in)));
        }
        return legs;
    }

    private static void writeQueueSession(DataOutputStream out, QueueSession session) throws IOException {
        writeText(out, session.id());
        out.writeInt(session.cycle());
        out.writeLong(session.enteredAt());
        writeOptionalEvidence(out, session.left());
        writeText(out, session.exit().name());
    }

    private static List<QueueSession> readQueueSessions(DataInputStream in) throws IOException {
        int size = in.readInt();
        List<QueueSession> sessions = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            sessions.add(new QueueSession(
                    text(in),
                    in.readInt(),
                    in.readLong(),
                    readOptionalEvidence(in),
                    QueueSession.Exit.valueOf(text(in))));
        }
        return sessions;
    }

    private static void writeAnnouncement(DataOutputStream out, @Nullable Announcement announced) throws IOException {
        out.writeBoolean(announced != null);
        if (announced != null) {
            writeText(out, announced.agentId());
            out.writeLong(announced.startedAt());
        }
    }

    private static void writePending(DataOutputStream out, @Nullable Pending pending) throws IOException {
        out.writeBoolean(pending != null);
        if (pending != null) {
            writeText(out, pending.reason().name());
            writeText(out, pending.causedBy());
            out.writeInt(pending.evidence().size());
            for (Evidence evidence : pending.evidence()) {
                writeEvidence(out, evidence);
            }
            out.writeLong(pending.deadline());
        }
    }

    private static Pending readPending(DataInputStream in) throws IOException {
        EndReason reason = EndReason.valueOf(text(in));
        String causedBy = readText(in);
        int size = in.readInt();
        List<Evidence> evidence = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            evidence.add(readEvidence(in));
        }
        return new Pending(reason, causedBy, evidence, in.readLong());
    }

    private static Fingerprints readFingerprints(DataInputStream in) throws IOException {
        int size = in.readInt();
        if (size < 0 || size > 2 * Fingerprints.MAX || size % 2 != 0) {
            throw new IOException(
                    "Expected at most " + Fingerprints.MAX + " fingerprints, but found " + size + " halves");
        }
        long[] halves = new long[size];
        for (int i = 0; i < size; i++) {
            halves[i] = in.readLong();
        }
        return Fingerprints.ofHalves(halves);
    }

    private static void writeOptionalEvidence(DataOutputStream out, @Nullable Evidence evidence) throws IOException {
        out.writeBoolean(evidence != null);
        if (evidence != null) {
            writeEvidence(out, evidence);
        }
    }

    private static @Nullable Evidence readOptionalEvidence(DataInputStream in) throws IOException {
        return in.readBoolean() ? readEvidence(in) : null;
    }

    private static void writeEvidence(DataOutputStream out, Evidence evidence) throws IOException {
        writeText(out, evidence.topic());
        writeText(out, evidence.eventId());
        out.writeLong(evidence.eventTime().toEpochMilli());
        writeText(out, evidence.disconnectType());
    }

    private static Evidence readEvidence(DataInputStream in) throws IOException {
        return new Evidence(text(in), readText(in), Instant.ofEpochMilli(in.readLong()), readText(in));
    }

    private static void writeText(DataOutputStream out, @Nullable String text) throws IOException {
        if (text == null) {
            out.writeInt(-1);
            return;
        }
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(utf8.length);
        out.write(utf8);
    }

    private static @Nullable String readText(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < -1 || length > in.available()) {
            throw new IOException("Expected a text, but its length is " + length);
        }
        return length == -1 ? null : new String(in.readNBytes(length), StandardCharsets.UTF_8);
    }

    private static String text(DataInputStream in) throws IOException {
        String text = readText(in);
        if (text == null) {
            throw new IOException("Expected a text, but it is missing");
        }
        return text;
    }
}
