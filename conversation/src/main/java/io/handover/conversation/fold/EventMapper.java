package io.handover.conversation.fold;

import io.handover.conversation.ConversationEvent;
import io.handover.conversation.ConversationEvent.Details;
import io.handover.conversation.Fingerprint;
import io.handover.conversation.QueueSession.Exit;
import io.handover.schema.Delivery;
import io.handover.schema.Delivery.EventBody;
import io.handover.schema.EventType;
import io.handover.schema.Evidence;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Maps a delivery to an event of the core. */
public record EventMapper(CustomerAddress customerAddress) {

    /**
     * How far a time may be ahead of the stream time. A time further ahead comes from a wrong clock, and is ignored.
     */
    private static final long MAX_AHEAD_MS = 86_400_000;

    private static final String ANSWERED = "ANSWERED";
    private static final String ABANDON = "ABANDON";

    /**
     * Maps a delivery to an event.
     *
     * @param at the stream time. It is used as event time if the delivery states no credible time
     */
    public ConversationEvent event(EventType type, Delivery delivery, long at) {
        EventBody body = delivery.body();
        Details details = details(type, delivery, at);
        return switch (type) {
            case CUSTOMER_START -> new ConversationEvent.CustomerStarted(details);
            case CUSTOMER_END -> new ConversationEvent.CustomerEnded(details, duration(body.interactingDurationMs()));
            case USER_START ->
                new ConversationEvent.AgentStarted(
                        details,
                        agentSessionId(body),
                        body.userId(),
                        body.queueId() != null,
                        delivery.replayName() != null);
            case USER_END ->
                new ConversationEvent.AgentEnded(
                        details,
                        agentSessionId(body),
                        body.userId(),
                        duration(body.interactingDurationMs()),
                        duration(body.alertingDurationMs()),
                        duration(body.heldDurationMs())
                                + duration(body.contactingDurationMs())
                                + duration(body.dialingDurationMs())
                                + duration(body.callbackDurationMs()));
            case ACW -> new ConversationEvent.AfterCallWorkCompleted(details, agentSessionId(body), body.userId());
            case ACD_START -> new ConversationEvent.QueueEntered(details, queueSessionId(body));
            case ACD_END ->
                new ConversationEvent.QueueLeft(
                        details, queueSessionId(body), exit(body.acdOutcome()), body.answeredUserId());
            case FLOW_START -> new ConversationEvent.FlowStarted(details);
            case FLOW_END, FLOW_OUTCOME, WRAPUP -> new ConversationEvent.OtherEvent(details);
        };
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

    private static String queueSessionId(EventBody body) {
        if (body.sessionId() != null) {
            return body.sessionId();
        }
        if (body.participantId() != null) {
            return body.participantId();
        }
        return body.queueId() != null ? body.queueId() : "";
    }

    private static Exit exit(@Nullable String acdOutcome) {
        if (ANSWERED.equals(acdOutcome)) {
            return Exit.ANSWERED;
        }
        return ABANDON.equals(acdOutcome) ? Exit.ABANDONED : Exit.OTHER;
    }
}
