package io.handover.conversation.fold;

import static io.handover.conversation.fold.StateEncoding.flag;
import static io.handover.conversation.fold.StateEncoding.list;
import static io.handover.conversation.fold.StateEncoding.optionalText;
import static io.handover.conversation.fold.StateEncoding.size;
import static io.handover.conversation.fold.StateEncoding.text;

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
import io.handover.conversation.Sessions;
import io.handover.conversation.fold.StateEncoding.CorruptStateException;
import io.handover.conversation.fold.StateEncoding.Writer;
import io.handover.schema.Evidence;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The value of the state store: the state of a conversation, and its timer.
 *
 * <p>The encoding begins with a version byte. A released encoding stays readable for ever, because changelogs outlive
 * every version of the application.
 *
 * @param timerAt the deadline of the conversation in the timer index; {@link #NO_TIMER} if it has no timer
 */
public record StoredConversation(long timerAt, ConversationState state) {

    static final long NO_TIMER = Long.MAX_VALUE;

    /** A conversation that is not in the store. */
    public static final StoredConversation NEW = new StoredConversation(NO_TIMER, ConversationState.NEW);

    private static final byte VERSION = 3;

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
        return StateEncoding.decode(bytes, VERSION, (in, version) -> {
            long timerAt = in.getLong();
            return new StoredConversation(timerAt, version == 1 ? readVersion1(in) : readState(in, version));
        });
    }

    private static ConversationState readState(ByteBuffer in, int version) {
        return new ConversationState(
                readCycle(in, version),
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
        Announced announced = readAnnouncedId(in);
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
        writeAnnounced(out, cycle.announced());
        PendingEnd pending = cycle.pending();
        out.flag(pending != null);
        if (pending != null) {
            out.text(pending.reason().name());
            out.number(pending.evidence().size());
            pending.evidence().forEach(evidence -> writeEvidence(out, evidence));
            out.number(pending.deadline());
        }
    }

    private static Cycle readCycle(ByteBuffer in, int version) {
        return new Cycle(
                in.getInt(),
                flag(in),
                flag(in) ? new End(in.getLong(), flag(in)) : null,
                in.getLong(),
                version == 2 ? readAnnouncedId(in) : readAnnounced(in),
                flag(in)
                        ? new PendingEnd(
                                EndReason.valueOf(text(in)), list(in, StoredConversation::readEvidence), in.getLong())
                        : null);
    }

    private static void writeAnnounced(Writer out, @Nullable Announced announced) {
        out.flag(announced != null);
        if (announced != null) {
            out.text(announced.agentId());
            writeOptionalEvidence(out, announced.evidence());
            UUID shown = announced.shown();
            out.flag(shown != null);
            if (shown != null) {
                out.number(shown.getMostSignificantBits());
                out.number(shown.getLeastSignificantBits());
            }
        }
    }

    private static @Nullable Announced readAnnounced(ByteBuffer in) {
        return flag(in)
                ? new Announced(
                        text(in), readOptionalEvidence(in), flag(in) ? new UUID(in.getLong(), in.getLong()) : null)
                : null;
    }

    /** Versions 1 and 2 had the id of the announced agent only. */
    private static @Nullable Announced readAnnouncedId(ByteBuffer in) {
        String agentId = optionalText(in);
        return agentId == null ? null : new Announced(agentId, null, null);
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
}
