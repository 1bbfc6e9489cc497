package io.handover.conversation.fold;

import io.handover.conversation.AgentSession;
import io.handover.conversation.ConversationState;
import io.handover.conversation.Customer;
import io.handover.conversation.Cycle;
import io.handover.conversation.Cycle.End;
import io.handover.conversation.EndReason;
import io.handover.conversation.Fingerprints;
import io.handover.conversation.FlowSession;
import io.handover.conversation.PendingEnd;
import io.handover.conversation.QueueSession;
import io.handover.conversation.Sessions;
import io.handover.schema.Evidence;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The value of the state store: the state of a conversation, and its timer.
 *
 * <p>The encoding begins with a version byte. A released encoding stays readable for ever, because changelogs outlive
 * every version of the application. A text is written as its length and its UTF-8 bytes, a list as its size and its
 * elements. An optional value begins with a byte: 1 if the value is present, 0 if it is null.
 *
 * @param timerAt the deadline of the conversation in the timer index; {@link #NO_TIMER} if it has no timer
 */
public record StoredConversation(long timerAt, ConversationState state) {

    static final long NO_TIMER = Long.MAX_VALUE;

    /** A conversation that is not in the store. */
    public static final StoredConversation NEW = new StoredConversation(NO_TIMER, ConversationState.NEW);

    private static final byte VERSION = 2;

    /** Thrown for bytes that cannot be decoded to a conversation; the message is the reason. */
    public static final class CorruptStateException extends Exception {

        private static final long serialVersionUID = 1L;

        private CorruptStateException(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    public byte[] encode() {
        Writer out = new Writer();
        out.room(1).put(VERSION);
        out.number(timerAt);
        writeCycle(out, state.cycle());
        Sessions sessions = state.sessions();
        out.number(sessions.agents().size());
        sessions.agents().forEach(session -> writeAgentSession(out, session));
        out.number(sessions.queues().size());
        sessions.queues().forEach(session -> writeQueueSession(out, session));
        out.number(sessions.flows().size());
        sessions.flows().forEach(session -> writeFlowSession(out, session));
        Customer customer = state.customer();
        out.optionalText(customer.id());
        out.optionalText(customer.organizationId());
        out.optionalText(customer.sessionId());
        out.number(customer.startedAt());
        writeOptionalEvidence(out, customer.unmatchedEnd());
        out.number(customer.unmatchedEndAt());
        Fingerprints fingerprints = state.fingerprints();
        out.number(fingerprints.size());
        fingerprints.write(out.room(2 * Long.BYTES * fingerprints.size()));
        out.number(state.touchedAt());
        return out.bytes();
    }

    /**
     * Decodes bytes that {@link #encode} wrote.
     *
     * @throws CorruptStateException if the bytes are no encoded conversation
     * @throws IllegalStateException if a newer release wrote the bytes; to continue would lose data of that release
     */
    public static StoredConversation decode(byte[] bytes) throws CorruptStateException {
        if (bytes.length > 0 && bytes[0] > VERSION) {
            throw new IllegalStateException("Expected a state of version " + VERSION + " or older, but version "
                    + bytes[0] + " was written by a newer release. Run that release or a newer one.");
        }
        try {
            ByteBuffer in = ByteBuffer.wrap(bytes);
            byte version = in.get();
            if (version < 1) {
                throw new CorruptStateException("Expected a version of the encoding, but found " + version, null);
            }
            long timerAt = in.getLong();
            StoredConversation stored =
                    new StoredConversation(timerAt, version == 1 ? readVersion1(in) : readState(in));
            if (in.hasRemaining()) {
                throw new CorruptStateException("Expected the state to end, but more bytes follow", null);
            }
            return stored;
        } catch (RuntimeException e) {
            // Corrupt bytes cause different exceptions: for too few bytes, an unknown name, or an impossible size.
            throw new CorruptStateException("Expected a whole state, but it is cut short or garbled", e);
        }
    }

    private static ConversationState readState(ByteBuffer in) {
        return new ConversationState(
                readCycle(in),
                new Sessions(
                        list(in, each -> readAgentSession(each, false)),
                        list(in, StoredConversation::readQueueSession),
                        list(in, StoredConversation::readFlowSession)),
                readCustomer(in),
                Fingerprints.read(in, size(in)),
                in.getLong());
    }

    /** Version 1 had the fields in another order, no flows, and the cause of a pending end. */
    private static ConversationState readVersion1(ByteBuffer in) {
        int number = in.getInt();
        boolean open = flag(in);
        End lastEnd = flag(in) ? new End(in.getLong(), flag(in)) : null;
        long began = in.getLong();
        List<AgentSession> agents = list(in, each -> readAgentSession(each, true));
        List<QueueSession> queues = list(in, StoredConversation::readQueueSession);
        String announced = optionalText(in);
        PendingEnd pending = null;
        if (flag(in)) {
            EndReason reason = EndReason.valueOf(text(in));
            optionalText(in); // the cause
            pending = new PendingEnd(reason, list(in, StoredConversation::readEvidence), in.getLong());
        }
        Fingerprints fingerprints = Fingerprints.read(in, size(in));
        return new ConversationState(
                new Cycle(number, open, lastEnd, began, announced, pending),
                new Sessions(agents, queues, List.of()),
                readCustomer(in),
                fingerprints,
                in.getLong());
    }

    private static void writeCycle(Writer out, Cycle cycle) {
        out.number(cycle.number());
        out.flag(cycle.open());
        End end = cycle.lastEnd();
        out.flag(end != null);
        if (end != null) {
            out.number(end.time());
            out.flag(end.byCustomer());
        }
        out.number(cycle.began());
        out.optionalText(cycle.announced());
        PendingEnd pending = cycle.pending();
        out.flag(pending != null);
        if (pending != null) {
            out.text(pending.reason().name());
            out.number(pending.evidence().size());
            pending.evidence().forEach(evidence -> writeEvidence(out, evidence));
            out.number(pending.deadline());
        }
    }

    private static Cycle readCycle(ByteBuffer in) {
        return new Cycle(
                in.getInt(),
                flag(in),
                flag(in) ? new End(in.getLong(), flag(in)) : null,
                in.getLong(),
                optionalText(in),
                flag(in)
                        ? new PendingEnd(
                                EndReason.valueOf(text(in)), list(in, StoredConversation::readEvidence), in.getLong())
                        : null);
    }

    private static Customer readCustomer(ByteBuffer in) {
        return new Customer(
                optionalText(in),
                optionalText(in),
                optionalText(in),
                in.getLong(),
                readOptionalEvidence(in),
                in.getLong());
    }

    private static void writeAgentSession(Writer out, AgentSession session) {
        out.text(session.id());
        out.optionalText(session.agentId());
        out.number(session.cycle());
        out.number(session.startedAt());
        Boolean offered = session.service().offered();
        out.flag(offered != null);
        if (offered != null) {
            out.flag(offered);
        }
        out.number(session.missingAcws());
        AgentSession.Departure departure = session.departure();
        out.flag(departure != null);
        if (departure != null) {
            out.text(departure.reason().name());
            writeEvidence(out, departure.evidence());
            out.number(departure.at());
        }
        writeOptionalEvidence(out, session.acw());
    }

    private static AgentSession readAgentSession(ByteBuffer in, boolean isVersion1) {
        String id = text(in);
        String agentId = optionalText(in);
        int cycle = in.getInt();
        long startedAt = in.getLong();
        // Version 1 wrote false also if no user.start had arrived.
        boolean known = flag(in);
        Boolean offered = known ? (Boolean) (isVersion1 || flag(in)) : null;
        int missingAcws = in.getInt();
        AgentSession.Departure departure = flag(in)
                ? new AgentSession.Departure(AgentSession.Reason.valueOf(text(in)), readEvidence(in), in.getLong())
                : null;
        AgentSession.Service service =
                new AgentSession.Service(startedAt, offered, departure, readOptionalEvidence(in));
        return new AgentSession(id, agentId, cycle, service, missingAcws);
    }

    private static void writeQueueSession(Writer out, QueueSession session) {
        out.text(session.id());
        out.number(session.cycle());
        out.number(session.enteredAt());
        writeOptionalEvidence(out, session.left());
        out.text(session.exit().name());
        out.optionalText(session.answeredBy());
    }

    private static QueueSession readQueueSession(ByteBuffer in) {
        return new QueueSession(
                text(in), in.getInt(), in.getLong(), readOptionalEvidence(in), queueExit(text(in)), optionalText(in));
    }

    /** Version 1 called every exit that is neither an answer nor the customer's leaving {@code OTHER}. */
    private static QueueSession.Exit queueExit(String name) {
        return name.equals("OTHER") ? QueueSession.Exit.TRANSFERRED : QueueSession.Exit.valueOf(name);
    }

    private static void writeFlowSession(Writer out, FlowSession session) {
        out.text(session.id());
        out.flag(session.routing());
        out.number(session.startedAt());
        writeOptionalEvidence(out, session.ended());
        out.text(session.exit().name());
    }

    private static FlowSession readFlowSession(ByteBuffer in) {
        return new FlowSession(
                text(in), flag(in), in.getLong(), readOptionalEvidence(in), FlowSession.Exit.valueOf(text(in)));
    }

    private static void writeOptionalEvidence(Writer out, @Nullable Evidence evidence) {
        out.flag(evidence != null);
        if (evidence != null) {
            writeEvidence(out, evidence);
        }
    }

    private static void writeEvidence(Writer out, Evidence evidence) {
        out.text(evidence.topic());
        out.optionalText(evidence.eventId());
        out.number(evidence.eventTime().toEpochMilli());
        out.optionalText(evidence.disconnectType());
    }

    private static @Nullable Evidence readOptionalEvidence(ByteBuffer in) {
        return flag(in) ? readEvidence(in) : null;
    }

    private static Evidence readEvidence(ByteBuffer in) {
        return new Evidence(text(in), optionalText(in), Instant.ofEpochMilli(in.getLong()), optionalText(in));
    }

    private static boolean flag(ByteBuffer in) {
        byte flag = in.get();
        if (flag != 0 && flag != 1) {
            throw new IllegalArgumentException("Expected 0 or 1, but found " + flag);
        }
        return flag == 1;
    }

    /** Reads a size. Rejects a size above the number of remaining bytes, so that a corrupt size allocates no memory. */
    private static int size(ByteBuffer in) {
        int size = in.getInt();
        if (size < 0 || size > in.remaining()) {
            throw new IllegalArgumentException("Expected a size, but found " + size);
        }
        return size;
    }

    private static <T> List<T> list(ByteBuffer in, Function<ByteBuffer, T> element) {
        int size = size(in);
        List<T> list = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            list.add(element.apply(in));
        }
        return list;
    }

    private static @Nullable String optionalText(ByteBuffer in) {
        return flag(in) ? text(in) : null;
    }

    private static String text(ByteBuffer in) {
        int length = size(in);
        byte[] utf8 = new byte[length];
        in.get(utf8);
        return new String(utf8, StandardCharsets.UTF_8);
    }

    /** A buffer that grows. */
    private static final class Writer {

        private ByteBuffer buffer = ByteBuffer.allocate(2_048);

        /** The buffer, with room for this many more bytes. */
        private ByteBuffer room(int bytes) {
            if (buffer.remaining() < bytes) {
                int capacity = Math.max(2 * buffer.capacity(), buffer.position() + bytes);
                buffer = ByteBuffer.allocate(capacity).put(buffer.flip());
            }
            return buffer;
        }

        private void number(long number) {
            room(Long.BYTES).putLong(number);
        }

        private void number(int number) {
            room(Integer.BYTES).putInt(number);
        }

        private void flag(boolean flag) {
            room(1).put((byte) (flag ? 1 : 0));
        }

        private void text(String text) {
            byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
            room(Integer.BYTES + utf8.length).putInt(utf8.length).put(utf8);
        }

        private void optionalText(@Nullable String text) {
            flag(text != null);
            if (text != null) {
                text(text);
            }
        }

        private byte[] bytes() {
            byte[] bytes = new byte[buffer.position()];
            buffer.flip().get(bytes);
            return bytes;
        }
    }
}
