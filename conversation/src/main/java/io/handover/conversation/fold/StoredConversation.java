package io.handover.conversation.fold;

import io.handover.conversation.AgentSession;
import io.handover.conversation.Announced;
import io.handover.conversation.ConversationState;
import io.handover.conversation.Customer;
import io.handover.conversation.Cycle;
import io.handover.conversation.Cycle.End;
import io.handover.conversation.EndReason;
import io.handover.conversation.Fingerprints;
import io.handover.conversation.FlowSession;
import io.handover.conversation.PendingEnd;
import io.handover.conversation.QueueSession;
import io.handover.conversation.Session;
import io.handover.conversation.Sessions;
import io.handover.conversation.fold.StateEncoding.CorruptStateException;
import io.handover.conversation.fold.StateEncoding.Reader;
import io.handover.conversation.fold.StateEncoding.Writer;
import io.handover.schema.EventType;
import io.handover.schema.Evidence;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.stream.LongStream;

/**
 * The value of the state store: the state of a conversation, and when the timer of its retention fires.
 *
 * <p>The encoding begins with a version byte. A released encoding stays readable for ever, because changelogs outlive
 * every version of the application. Constants of enumerations are encoded as their ordinals, so a new one comes last.
 *
 * <p>An open conversation has up to two timers: at {@code retentionAt}, and at the deadline of the pending end, which is in
 * the state. An ended one has none.
 *
 * @param retentionAt when to look whether the retention is over; {@link #NO_TIMER} if the conversation is not open
 */
public record StoredConversation(long retentionAt, ConversationState state) {

    static final long NO_TIMER = Long.MAX_VALUE;

    /** A conversation that is not in the store. */
    public static final StoredConversation NEW = new StoredConversation(NO_TIMER, ConversationState.NEW);

    private static final int VERSION = 1;

    private static final EndReason[] END_REASONS = EndReason.values();
    private static final EventType[] EVENT_TYPES = EventType.values();
    private static final AgentSession.Reason[] DEPARTURES = AgentSession.Reason.values();
    private static final QueueSession.Exit[] QUEUE_EXITS = QueueSession.Exit.values();
    private static final FlowSession.Exit[] FLOW_EXITS = FlowSession.Exit.values();

    /** In place of an event type: the topic is a text. */
    private static final int OTHER_TOPIC = 0xff;

    /** In place of an event type: only the time is known. */
    private static final int TIME_ALONE = 0xfe;

    /** Where {@link #encode} writes the flags of {@link #writeCycle}: after the version and the time of the state. */
    private static final int FLAGS_AT = 1 + Long.BYTES;

    /** Whether the bytes of {@link #encode} are an ended conversation. It is much cheaper than to decode them. */
    public static boolean isEnded(byte[] encoded) {
        return encoded.length > FLAGS_AT && encoded[0] == VERSION && !has(encoded[FLAGS_AT], OPEN);
    }

    /** The {@code touchedAt} of a conversation for which {@link #isEnded} is true. */
    public static long touchedAt(byte[] encoded) {
        return ByteBuffer.wrap(encoded, 1, Long.BYTES).getLong();
    }

    /** The timers of the conversation. */
    public List<Timer> timers(String conversationId) {
        return LongStream.of(retentionAt, holdAt())
                .filter(deadline -> deadline != NO_TIMER)
                .mapToObj(deadline -> Timer.ofConversation(deadline, conversationId))
                .toList();
    }

    /** The deadline of the pending end; {@link #NO_TIMER} without one. */
    long holdAt() {
        PendingEnd pending = state.pending();
        return pending == null ? NO_TIMER : pending.deadline();
    }

    public byte[] encode() {
        return encode(new Writer());
    }

    /**
     * Encodes the conversation in a buffer, which is overwritten, and returns a copy of the bytes.
     *
     * @param out a buffer that no other thread uses
     */
    public byte[] encode(Writer out) {
        return encode(out, SessionBytes.NONE);
    }

    /**
     * Encodes the conversation as {@link #encode(Writer)} does, to the same bytes.
     *
     * @param decoded from where unchanged sessions are copied
     */
    public byte[] encode(Writer out, SessionBytes decoded) {
        out.begin(VERSION);
        out.fullTime(state.touchedAt());
        writeCycle(out, state.cycle());
        if (state.isOpen()) {
            out.time(retentionAt);
        }
        Sessions sessions = state.sessions();
        write(out, sessions.agents(), StoredConversation::writeAgentSession, decoded);
        write(out, sessions.queues(), StoredConversation::writeQueueSession, decoded);
        write(out, sessions.flows(), StoredConversation::writeFlowSession, decoded);
        writeCustomer(out, state.customer());
        Fingerprints fingerprints = state.fingerprints();
        out.number(fingerprints.size());
        fingerprints.write(out.skip(Fingerprints.BYTES * fingerprints.size()));
        return out.bytes();
    }

    private static <T extends Session> void write(
            Writer out, List<T> sessions, BiConsumer<Writer, T> encoder, SessionBytes decoded) {
        out.number(sessions.size());
        for (T session : sessions) {
            if (!decoded.copy(session, out)) {
                encoder.accept(out, session);
            }
        }
    }

    /**
     * Decodes bytes that {@link #encode} wrote.
     *
     * @throws CorruptStateException if the bytes are no encoded conversation
     * @throws IllegalStateException if a newer release wrote the bytes; to continue would lose data of that release
     */
    public static StoredConversation decode(byte[] bytes) throws CorruptStateException {
        return decode(bytes, new SessionBytes());
    }

    /**
     * Decodes bytes that {@link #encode} wrote, and remembers the bytes of the sessions.
     *
     * @throws CorruptStateException if the bytes are no encoded conversation
     * @throws IllegalStateException if a newer release wrote the bytes; to continue would lose data of that release
     */
    public static StoredConversation decode(byte[] bytes, SessionBytes decoded) throws CorruptStateException {
        return StateEncoding.decode(bytes, VERSION, in -> {
            long touchedAt = in.fullTime();
            decoded.begin(bytes, in.base());
            Cycle cycle = readCycle(in);
            long retentionAt = cycle.open() ? in.time() : NO_TIMER;
            Sessions sessions = new Sessions(
                    in.list(StoredConversation::readAgentSession, decoded),
                    in.list(StoredConversation::readQueueSession, decoded),
                    in.list(StoredConversation::readFlowSession, decoded));
            Customer customer = readCustomer(in);
            int size = in.size();
            Fingerprints fingerprints = Fingerprints.read(in.skip(Fingerprints.BYTES * size), size);
            return new StoredConversation(
                    retentionAt, new ConversationState(cycle, sessions, customer, fingerprints, touchedAt));
        });
    }

    private static final int OPEN = 1;
    private static final int HAS_END = 1 << 1;
    private static final int IS_FINAL = 1 << 2;
    private static final int HAS_ANNOUNCED = 1 << 3;
    private static final int HAS_PENDING = 1 << 4;

    private static void writeCycle(Writer out, Cycle cycle) {
        End end = cycle.lastEnd();
        Announced announced = cycle.announced();
        PendingEnd pending = cycle.pending();
        out.octet((cycle.open() ? OPEN : 0)
                | (end == null ? 0 : HAS_END)
                | (end != null && end.isFinal() ? IS_FINAL : 0)
                | (announced == null ? 0 : HAS_ANNOUNCED)
                | (pending == null ? 0 : HAS_PENDING));
        out.number(cycle.number());
        out.time(cycle.began());
        if (end != null) {
            out.time(end.time());
        }
        if (announced != null) {
            writeAnnounced(out, announced);
        }
        if (pending != null) {
            out.constant(pending.reason());
            out.number(pending.evidence().size());
            for (Evidence evidence : pending.evidence()) {
                writeEvidence(out, evidence);
            }
            out.time(pending.deadline());
        }
    }

    private static Cycle readCycle(Reader in) {
        int flags = in.octet();
        int number = in.count();
        long began = in.time();
        End end = has(flags, HAS_END) ? new End(in.time(), has(flags, IS_FINAL)) : null;
        Announced announced = has(flags, HAS_ANNOUNCED) ? readAnnounced(in) : null;
        PendingEnd pending = has(flags, HAS_PENDING)
                ? new PendingEnd(in.constant(END_REASONS), in.list(StoredConversation::readEvidence), in.time())
                : null;
        return new Cycle(number, has(flags, OPEN), end, began, announced, pending);
    }

    private static final int HAS_EVIDENCE = 1;
    private static final int IS_SHOWN = 1 << 1;

    private static void writeAnnounced(Writer out, Announced announced) {
        Evidence evidence = announced.evidence();
        UUID shown = announced.shown();
        out.octet((evidence == null ? 0 : HAS_EVIDENCE) | (shown == null ? 0 : IS_SHOWN));
        out.id(announced.agentId());
        if (evidence != null) {
            writeEvidence(out, evidence);
        }
        if (shown != null) {
            out.wide(shown.getMostSignificantBits());
            out.wide(shown.getLeastSignificantBits());
        }
    }

    private static Announced readAnnounced(Reader in) {
        int flags = in.octet();
        return new Announced(
                in.id(),
                has(flags, HAS_EVIDENCE) ? readEvidence(in) : null,
                has(flags, IS_SHOWN) ? new UUID(in.wide(), in.wide()) : null);
    }

    private static void writeCustomer(Writer out, Customer customer) {
        Evidence unmatchedEnd = customer.unmatchedEnd();
        out.octet(unmatchedEnd == null ? 0 : HAS_EVIDENCE);
        out.id(customer.id());
        out.id(customer.organizationId());
        out.id(customer.sessionId());
        out.time(customer.startedAt());
        if (unmatchedEnd != null) {
            writeEvidence(out, unmatchedEnd);
        }
        out.time(customer.unmatchedEndAt());
    }

    private static Customer readCustomer(Reader in) {
        int flags = in.octet();
        return new Customer(
                in.optionalId(),
                in.optionalId(),
                in.optionalId(),
                in.time(),
                has(flags, HAS_EVIDENCE) ? readEvidence(in) : null,
                in.time());
    }

    private static final int KNOWS_OFFERED = 1;
    private static final int OFFERED = 1 << 1;
    private static final int HAS_DEPARTURE = 1 << 2;
    private static final int HAS_ACW = 1 << 3;

    private static void writeAgentSession(Writer out, AgentSession session) {
        Boolean offered = session.service().offered();
        AgentSession.Departure departure = session.departure();
        Evidence acw = session.acw();
        out.octet((offered == null ? 0 : KNOWS_OFFERED)
                | (Boolean.TRUE.equals(offered) ? OFFERED : 0)
                | (departure == null ? 0 : HAS_DEPARTURE)
                | (acw == null ? 0 : HAS_ACW));
        out.id(session.id());
        out.id(session.agentId());
        out.number(session.cycle());
        out.time(session.startedAt());
        out.number(session.missingAcws());
        if (departure != null) {
            out.constant(departure.reason());
            writeEvidence(out, departure.evidence());
            out.time(departure.at());
        }
        if (acw != null) {
            writeEvidence(out, acw);
        }
    }

    private static AgentSession readAgentSession(Reader in) {
        int flags = in.octet();
        String id = in.id();
        String agentId = in.optionalId();
        int cycle = in.count();
        long startedAt = in.time();
        int missingAcws = in.count();
        AgentSession.Departure departure = has(flags, HAS_DEPARTURE)
                ? new AgentSession.Departure(in.constant(DEPARTURES), readEvidence(in), in.time())
                : null;
        Evidence acw = has(flags, HAS_ACW) ? readEvidence(in) : null;
        Boolean offered = has(flags, KNOWS_OFFERED) ? (Boolean) has(flags, OFFERED) : null;
        return new AgentSession(
                id, agentId, cycle, new AgentSession.Service(startedAt, offered, departure, acw), missingAcws);
    }

    private static void writeQueueSession(Writer out, QueueSession session) {
        Evidence left = session.left();
        out.octet(left == null ? 0 : HAS_EVIDENCE);
        out.id(session.id());
        out.number(session.cycle());
        out.time(session.enteredAt());
        out.constant(session.exit());
        out.id(session.answeredBy());
        if (left != null) {
            writeEvidence(out, left);
        }
    }

    private static QueueSession readQueueSession(Reader in) {
        int flags = in.octet();
        String id = in.id();
        int cycle = in.count();
        long enteredAt = in.time();
        QueueSession.Exit exit = in.constant(QUEUE_EXITS);
        String answeredBy = in.optionalId();
        Evidence left = has(flags, HAS_EVIDENCE) ? readEvidence(in) : null;
        return new QueueSession(id, cycle, enteredAt, left, exit, answeredBy);
    }

    private static final int ROUTING = 1 << 1;

    private static void writeFlowSession(Writer out, FlowSession session) {
        Evidence ended = session.ended();
        out.octet((ended == null ? 0 : HAS_EVIDENCE) | (session.routing() ? ROUTING : 0));
        out.id(session.id());
        out.time(session.startedAt());
        out.constant(session.exit());
        if (ended != null) {
            writeEvidence(out, ended);
        }
    }

    private static FlowSession readFlowSession(Reader in) {
        int flags = in.octet();
        String id = in.id();
        long startedAt = in.time();
        FlowSession.Exit exit = in.constant(FLOW_EXITS);
        Evidence ended = has(flags, HAS_EVIDENCE) ? readEvidence(in) : null;
        return new FlowSession(id, has(flags, ROUTING), startedAt, ended, exit);
    }

    private static void writeEvidence(Writer out, Evidence evidence) {
        int type = Session.isTimeAlone(evidence) ? TIME_ALONE : type(evidence.topic());
        out.octet(type);
        out.time(evidence.eventTime().toEpochMilli());
        if (type == TIME_ALONE) {
            return;
        }
        if (type == OTHER_TOPIC) {
            out.text(evidence.topic());
        }
        out.id(evidence.eventId());
        out.id(evidence.disconnectType());
    }

    private static int type(String topic) {
        for (int i = 0; i < EVENT_TYPES.length; i++) {
            if (EVENT_TYPES[i].suffix().equals(topic)) {
                return i;
            }
        }
        return OTHER_TOPIC;
    }

    private static Evidence readEvidence(Reader in) {
        int type = in.octet();
        Instant time = Instant.ofEpochMilli(in.time());
        if (type == TIME_ALONE) {
            return Session.timeAlone(time);
        }
        String topic = type == OTHER_TOPIC ? in.text() : EVENT_TYPES[type].suffix();
        return new Evidence(topic, in.optionalId(), time, in.optionalId());
    }

    private static boolean has(int flags, int flag) {
        return (flags & flag) != 0;
    }
}
