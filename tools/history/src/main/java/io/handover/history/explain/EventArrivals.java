package io.handover.history.explain;

import io.handover.conversation.AgentEnded;
import io.handover.conversation.ConversationEvent;
import io.handover.conversation.CustomerEnded;
import io.handover.conversation.Fingerprint;
import io.handover.history.explain.Step.Arrival;
import io.handover.history.explain.Step.EventFields;
import io.handover.history.explain.Step.LaterEvent;
import io.handover.history.explain.Step.Order;
import io.handover.history.sources.PastDelivery;
import io.handover.schema.Delivery;
import io.handover.schema.Delivery.EventBody;
import io.handover.schema.Evidence;
import io.handover.schema.OperatorOrder;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Remembers the events of one conversation, to detect events that are out of order or duplicates. */
final class EventArrivals {

    private final Map<Fingerprint, Instant> arrivals = new HashMap<>();
    private @Nullable LaterEvent newest;

    Arrival add(PastDelivery past, ConversationEvent event, long at) {
        Evidence evidence = event.details().evidence();
        Fingerprint fingerprint = event.details().fingerprint();
        Instant sameAs = fingerprint == null ? null : arrivals.putIfAbsent(fingerprint, Instant.ofEpochMilli(at));
        boolean overtaken =
                sameAs == null && newest != null && evidence.eventTime().isBefore(newest.eventTime());
        Arrival arrival = new Arrival(
                evidence.topic(),
                evidence.eventId(),
                evidence.eventTime(),
                at - event.time(),
                overtaken ? newest : null,
                sameAs,
                fields(past, event),
                past.source(),
                past.number());
        if (newest == null || evidence.eventTime().isAfter(newest.eventTime())) {
            newest = new LaterEvent(evidence.topic(), evidence.eventTime());
        }
        return arrival;
    }

    private static EventFields fields(PastDelivery past, ConversationEvent event) {
        OperatorOrder order = past.order();
        if (order != null) {
            return EventFields.of(new Order(order.action().label(), order.operator(), order.reason()));
        }
        Delivery delivery = Objects.requireNonNull(past.delivery(), "Expected an event to be delivered, but it is not");
        EventBody body = delivery.body();
        AgentEnded left = event instanceof AgentEnded ended ? ended : null;
        long interactingMs = event instanceof CustomerEnded ended ? ended.interactingMs() : 0;
        return new EventFields(
                body.disconnectType(),
                body.acdOutcome(),
                body.flowType(),
                body.exitReason(),
                body.userId() != null ? body.userId() : body.answeredUserId(),
                body.queueId(),
                left == null ? interactingMs : left.interactingMs(),
                left == null ? 0 : left.alertingMs(),
                left == null ? 0 : left.otherMs(),
                delivery.replayName(),
                delivery.source() == null,
                null);
    }
}
