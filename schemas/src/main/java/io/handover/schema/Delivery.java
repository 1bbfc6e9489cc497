package io.handover.schema;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An event of Genesys in one of the two forms in which it is delivered: an EventBridge envelope, or the flat body of the
 * old data action.
 *
 * <p>Every field may be absent, because the Genesys schemas require none.
 *
 * @param type the type of the event, or null if the product does not know the topic
 * @param topic the topic as the sender wrote it, or null
 * @param conversationId the conversation, or null, as in many bodies of the old data action
 * @param eventId EventBridge's id of the event, or null; an archive replay changes it, so it is never the only
 *     deduplication key
 * @param source EventBridge's {@code source}, or null for a data action
 * @param timestamp {@code detail.timestamp} as written, the time at which Genesys sent the event; or null
 * @param time the envelope's {@code time} as written, the time at which EventBridge received the event; or null. A data
 *     action has none, but gets its time of arrival when it is copied from the topic to a file
 * @param customerId the customer's Open Messaging id in a data action; null for an envelope
 * @param replayName the name of the archive replay that sent the event, or null
 * @param body the event itself
 * @param isDataAction whether the form is the flat body
 */
public record Delivery(
        @Nullable EventType type,
        @Nullable String topic,
        @Nullable String conversationId,
        @Nullable String eventId,
        @Nullable String source,
        @Nullable String timestamp,
        @Nullable String time,
        @Nullable String customerId,
        @Nullable String replayName,
        EventBody body,
        boolean isDataAction)
        implements HandoverRecord {

    private static final String MEDIA_TYPE = "MESSAGE";
    private static final String MESSAGE_TYPE = "OPEN";

    /** The start of the {@code source} of all events from Genesys; test sources start with it, too. */
    public static final String SOURCE_PREFIX = "aws.partner/genesys.com";

    /** The body of a conversation detail event, with the fields that the product uses. */
    public static final class EventBody {

        private final DeliveryValues values;

        EventBody(DeliveryValues values) {
            this.values = values;
        }

        /** The time of the event in epoch milliseconds, or null if it is absent or no time. */
        public @Nullable Long eventTimeMs() {
            return values.number(DeliveryField.EVENT_TIME);
        }

        public @Nullable String conversationId() {
            return values.text(DeliveryField.CONVERSATION_ID);
        }

        public @Nullable String participantId() {
            return values.text(DeliveryField.PARTICIPANT_ID);
        }

        public @Nullable String sessionId() {
            return values.text(DeliveryField.SESSION_ID);
        }

        public @Nullable String mediaType() {
            return values.text(DeliveryField.MEDIA_TYPE);
        }

        public @Nullable String messageType() {
            return values.text(DeliveryField.MESSAGE_TYPE);
        }

        public @Nullable String addressTo() {
            return values.text(DeliveryField.ADDRESS_TO);
        }

        public @Nullable String addressFrom() {
            return values.text(DeliveryField.ADDRESS_FROM);
        }

        public @Nullable String userId() {
            return values.text(DeliveryField.USER_ID);
        }

        public @Nullable String queueId() {
            return values.text(DeliveryField.QUEUE_ID);
        }

        public @Nullable String disconnectType() {
            return values.text(DeliveryField.DISCONNECT_TYPE);
        }

        public @Nullable String acdOutcome() {
            return values.text(DeliveryField.ACD_OUTCOME);
        }

        public @Nullable String answeredUserId() {
            return values.text(DeliveryField.ANSWERED_USER_ID);
        }

        public @Nullable Long interactingDurationMs() {
            return values.number(DeliveryField.INTERACTING_DURATION);
        }

        public @Nullable Long heldDurationMs() {
            return values.number(DeliveryField.HELD_DURATION);
        }

        public @Nullable Long alertingDurationMs() {
            return values.number(DeliveryField.ALERTING_DURATION);
        }

        public @Nullable Long contactingDurationMs() {
            return values.number(DeliveryField.CONTACTING_DURATION);
        }

        public @Nullable Long dialingDurationMs() {
            return values.number(DeliveryField.DIALING_DURATION);
        }

        public @Nullable Long callbackDurationMs() {
            return values.number(DeliveryField.CALLBACK_DURATION);
        }

        private Map<DeliveryField, Object> present() {
            return values.present(DeliveryField.OF_BODY);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof EventBody body && present().equals(body.present());
        }

        @Override
        public int hashCode() {
            return present().hashCode();
        }

        @Override
        public String toString() {
            return present().toString();
        }
    }

    /**
     * Reads a delivery of either form.
     *
     * @throws UnreadableRecordException if the bytes are no JSON object, or the object has neither form
     */
    public static Delivery read(byte[] json) {
        DeliveryValues values = Json.read(json, DeliveryParser::read, "an EventBridge envelope or a data-action body");
        DeliveryValues detail = values.detail();
        if (detail != null) {
            return ofEnvelope(values, detail);
        }
        String topic = values.text(DeliveryField.TOPIC);
        if (topic != null) {
            return ofDataAction(values, topic);
        }
        throw new UnreadableRecordException(
                "Expected an EventBridge envelope with 'detail' or a data-action body with 'topic', but found neither");
    }

    private static Delivery ofEnvelope(DeliveryValues envelope, DeliveryValues detail) {
        envelope.requireBounded(DeliveryField.BOUNDED_OF_ENVELOPE);
        detail.requireBounded(DeliveryField.BOUNDED);
        String topicName = detail.text(DeliveryField.TOPIC_NAME);
        String detailType = envelope.text(DeliveryField.DETAIL_TYPE);
        // Genesys writes the topic to topicName, and its template with the literal {id} to detail-type. Sanitised and
        // hand-written events have them the other way round, so each can replace the other.
        EventType byTopic = EventType.ofTopic(topicName);
        EventBody body = new EventBody(detail);
        return new Delivery(
                byTopic != null ? byTopic : EventType.ofTopic(detailType),
                topicName != null ? topicName : detailType,
                firstText(
                        body.conversationId(),
                        EventType.conversationIdOfTopic(topicName),
                        EventType.conversationIdOfTopic(detailType)),
                envelope.text(DeliveryField.ID),
                envelope.text(DeliveryField.SOURCE),
                detail.text(DeliveryField.TIMESTAMP),
                envelope.text(DeliveryField.TIME),
                null,
                envelope.text(DeliveryField.REPLAY_NAME),
                body,
                false);
    }

    private static Delivery ofDataAction(DeliveryValues values, String topic) {
        values.requireBounded(DeliveryField.BOUNDED);
        EventBody body = new EventBody(values);
        return new Delivery(
                EventType.ofTopic(topic),
                topic,
                firstText(body.conversationId(), EventType.conversationIdOfTopic(topic)),
                values.text(DeliveryField.ID),
                null,
                null,
                values.text(DeliveryField.TIME),
                present(values.text(DeliveryField.CUSTOMER_ID)),
                null,
                body,
                true);
    }

    static @Nullable String present(@Nullable String text) {
        return text == null || text.isBlank() ? null : text;
    }

    private static @Nullable String firstText(@Nullable String... candidates) {
        for (String candidate : candidates) {
            if (candidate != null && !candidate.isBlank()) {
                return candidate;
            }
        }
        return null;
    }

    /**
     * The time at which the event was sent, in epoch milliseconds: the timestamp, or else the time. It is parsed on
     * demand, because parsing is expensive and only events without a time of their own need it.
     *
     * @return null if neither is a time, and for every data action: its time is the time of arrival, which is absent when
     *     it is first read, and a replay must read the same
     */
    public @Nullable Long sentAtMs() {
        Long sent = IsoTime.parseOrNull(timestamp);
        return sent != null || isDataAction ? sent : timeMs();
    }

    /**
     * The key of the record: the conversation id, or the customer's id of a data action without a conversation id.
     *
     * @return null if the delivery has neither
     */
    public @Nullable String key() {
        return conversationId != null ? conversationId : customerId;
    }

    /**
     * The bot platform's organisation: the last segment of the source. It is the event source suffix that the operator
     * set in Genesys.
     *
     * @return null if the source is absent or not from Genesys
     */
    public @Nullable String organizationId() {
        return source == null || !source.startsWith(SOURCE_PREFIX)
                ? null
                : present(source.substring(source.lastIndexOf('/') + 1));
    }

    /** Says whether the product uses a delivery, and if not, why. */
    public enum Relevance {
        WANTED,
        /** The product does not know the topic. */
        OTHER_TOPIC,
        /** The medium is not Open Messaging. */
        OTHER_MEDIA,
        /** The delivery names no conversation; a data action names no customer either. */
        NO_KEY
    }

    /**
     * Says whether the product uses this delivery. The sender is not checked here.
     *
     * <p>The topic is checked before the key: an EventBridge rule that filters too little sends topics without a
     * conversation, and those are no error. A missing medium is accepted, because queue and flow events may lack it.
     */
    public Relevance relevance() {
        if (type == null && topic != null) {
            return Relevance.OTHER_TOPIC;
        }
        if (key() == null) {
            return Relevance.NO_KEY;
        }
        if (isOtherThan(MEDIA_TYPE, body.mediaType()) || isOtherThan(MESSAGE_TYPE, body.messageType())) {
            return Relevance.OTHER_MEDIA;
        }
        return type == null ? Relevance.OTHER_TOPIC : Relevance.WANTED;
    }

    private static boolean isOtherThan(String wanted, @Nullable String value) {
        return value != null && !value.equals(wanted);
    }

    /**
     * The delivery's time in epoch milliseconds. It replaces the time of arrival where that is not known.
     *
     * @return null if it is absent or no time
     */
    public @Nullable Long timeMs() {
        return IsoTime.parseOrNull(time);
    }
}
