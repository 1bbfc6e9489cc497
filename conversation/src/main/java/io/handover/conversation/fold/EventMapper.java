package io.handover.conversation.fold;

import io.handover.conversation.AfterCallWorkCompleted;
import io.handover.conversation.AgentEnded;
import io.handover.conversation.AgentStarted;
import io.handover.conversation.ConversationEvent;
import io.handover.conversation.ConversationEvent.Details;
import io.handover.conversation.CustomerEnded;
import io.handover.conversation.CustomerStarted;
import io.handover.conversation.DisconnectType;
import io.handover.conversation.Fingerprint;
import io.handover.conversation.FlowEnded;
import io.handover.conversation.FlowSession;
import io.handover.conversation.FlowStarted;
import io.handover.conversation.OperatorOrdered;
import io.handover.conversation.OtherEvent;
import io.handover.conversation.QueueEntered;
import io.handover.conversation.QueueLeft;
import io.handover.conversation.QueueSession;
import io.handover.schema.Delivery;
import io.handover.schema.Delivery.EventBody;
import io.handover.schema.EventType;
import io.handover.schema.Evidence;
import io.handover.schema.OperatorOrder;
import java.time.Instant;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Maps a delivery, or an operator's order, to an event of the core. */
public record EventMapper(CustomerAddress customerAddress) {

    /**
     * How far a time may be ahead of the stream time. A time further ahead comes from a wrong clock, and is ignored.
     */
    private static final long MAX_AHEAD_MS = 86_400_000;

    private static final String ANSWERED = "ANSWERED";
    private static final String FLOW_OUT = "FLOW_OUT";
    private static final String DISCONNECT = "DISCONNECT";
    private static final String TRANSFER = "TRANSFER";
    private static final String UNKNOWN = "UNKNOWN";
    private static final String IN_QUEUE = "INQUEUE";

    /** The types of flows that neither have the conversation nor run beside a wait in a queue. */
    private static final Set<String> ASIDE =
            Set.of("SURVEYINVITE", "WORKFLOW", "WORKITEM", "COMMONMODULE", "VOICEMAIL");

    /**
     * Maps a delivery to an event.
     *
     * @param at the stream time. It is used as event time if the delivery states no credible time
     */
    public ConversationEvent event(EventType type, Delivery delivery, long at) {
        EventBody body = delivery.body();
        Details details = details(type, delivery, at);
        return switch (type) {
            case CUSTOMER_START -> new CustomerStarted(details);
            case CUSTOMER_END -> new CustomerEnded(details, duration(body.interactingDurationMs()));
            case USER_START -> agentStarted(details, delivery);
            case USER_END ->
                new AgentEnded(
                        details,
                        agentSessionId(body),
                        body.userId(),
                        duration(body.interactingDurationMs()),
                        duration(body.alertingDurationMs()),
                        duration(body.heldDurationMs())
                                + duration(body.contactingDurationMs())
                                + duration(body.dialingDurationMs())
                                + duration(body.callbackDurationMs()));
            case ACW -> {
                String session = agentSessionId(body);
                yield new AfterCallWorkCompleted(details, session, body.userId(), session == null);
            }
            case ACD_START -> new QueueEntered(details, sessionId(body, body.queueId()));
            case ACD_END ->
                new QueueLeft(details, sessionId(body, body.queueId()), queueExit(body), body.answeredUserId());
            case FLOW_START, FLOW_END -> flow(type, details, body);
            case FLOW_OUTCOME, WRAPUP -> new OtherEvent(details);
        };
    }

    /**
     * Maps the order of an operator to an event of the core.
     *
     * @param at the stream time. It is the time of the order, so that no clock of another machine decides
     */
    public static ConversationEvent event(OperatorOrder order, long at) {
        String orderId = order.orderId().toString();
        Evidence evidence = new Evidence(OperatorOrder.TOPIC, orderId, Instant.ofEpochMilli(at), null);
        Details details = new Details(evidence, Fingerprint.ofOrder(order.orderId()), null, null, null);
        return new OperatorOrdered(details, order.action(), order.cycle());
    }

    /** A start without session, participant and user can never be matched with its end, so it is only noted. */
    private static ConversationEvent agentStarted(Details details, Delivery delivery) {
        EventBody body = delivery.body();
        String session = agentSessionId(body);
        return session == null
                ? new OtherEvent(details)
                : new AgentStarted(
                        details, session, body.userId(), body.queueId() != null, delivery.replayName() != null);
    }

    private static ConversationEvent flow(EventType type, Details details, EventBody body) {
        String flowType = upperCase(body.flowType());
        if (ASIDE.contains(flowType)) {
            return new OtherEvent(details);
        }
        boolean routing = !flowType.startsWith(IN_QUEUE);
        String session = sessionId(body, null);
        return type == EventType.FLOW_START
                ? new FlowStarted(details, session, routing)
                : new FlowEnded(details, session, routing, flowExit(body, routing));
    }

    /** The transfer of an in-queue flow does not count: the end of the wait in the queue does. */
    private static FlowSession.Exit flowExit(EventBody body, boolean routing) {
        String reason = upperCase(body.exitReason());
        if (reason.endsWith(DISCONNECT)) {
            return FlowSession.Exit.DISCONNECTED;
        }
        boolean stated = !reason.isEmpty() && !reason.equals(UNKNOWN);
        boolean transferred = stated
                ? reason.equals(TRANSFER)
                : DisconnectType.isTransfer(body.disconnectType()) || isKnown(body.transferType());
        return routing && transferred ? FlowSession.Exit.TRANSFERRED : FlowSession.Exit.OTHER;
    }

    private static boolean isKnown(@Nullable String value) {
        return value != null && !upperCase(value).equals(UNKNOWN);
    }

    private static String upperCase(@Nullable String value) {
        return value == null ? "" : value.toUpperCase(Locale.ROOT);
    }

    private Details details(EventType type, Delivery delivery, long at) {
        EventBody body = delivery.body();
        Long stated = credible(body.eventTimeMs(), at);
        Long sent = stated != null ? stated : credible(delivery.sentAtMs(), at);
        long time = sent != null ? sent : at;
        String customerId = delivery.customerId();
        return new Details(
                new Evidence(type.suffix(), delivery.eventId(), Instant.ofEpochMilli(time), body.disconnectType()),
                Fingerprint.of(
                        type.suffix(), body.participantId(), body.sessionId(), body.eventTimeMs(), delivery.eventId()),
                body.sessionId(),
                customerId != null ? customerId : customerAddress.of(type, body),
                delivery.organizationId());
    }

    private static @Nullable Long credible(@Nullable Long time, long at) {
        return time != null && time > 0 && time <= at + MAX_AHEAD_MS ? time : null;
    }

    /** Limits a duration, so that the sum of several durations cannot overflow. */
    private static long duration(@Nullable Long milliseconds) {
        return milliseconds == null ? 0 : Math.max(0, Math.min(milliseconds, Integer.MAX_VALUE * 1000L));
    }

    /** Null if the event names no session, participant or user; only the old data action sends such events. */
    private static @Nullable String agentSessionId(EventBody body) {
        if (body.sessionId() != null) {
            return "s:" + body.sessionId();
        }
        if (body.participantId() != null) {
            return "p:" + body.participantId();
        }
        return body.userId() == null ? null : "u:" + body.userId();
    }

    private static String sessionId(EventBody body, @Nullable String otherwise) {
        if (body.sessionId() != null) {
            return body.sessionId();
        }
        if (body.participantId() != null) {
            return body.participantId();
        }
        return otherwise != null ? otherwise : "";
    }

    private static QueueSession.Exit queueExit(EventBody body) {
        if (ANSWERED.equals(body.acdOutcome())) {
            return QueueSession.Exit.ANSWERED;
        }
        boolean wentOn = body.disconnectType() == null
                ? FLOW_OUT.equals(body.acdOutcome())
                : DisconnectType.isTransfer(body.disconnectType());
        return wentOn ? QueueSession.Exit.TRANSFERRED : QueueSession.Exit.ABANDONED;
    }
}
