package io.handover.schema;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An event from Genesys, delivered as an EventBridge envelope or as the flat body of the old data action.
 *
 * <p>Every field may be absent, because the Genesys schemas require no field.
 *
 * @param type the type of the event, or null if the product does not know the topic
 * @param topic the topic as the sender wrote it, or null if it is absent
 * @param conversationId the Genesys conversation, or null if it is absent, as in many bodies of the old data action
 * @param eventId EventBridge's id of the event, or null if it is absent. An archive replay gives the event another id,
 *     so the id alone cannot deduplicate events
 * @param source EventBridge's {@code source}, or null for a data action
 * @param timestamp the unparsed {@code detail.timestamp}: the time at which Genesys sent the event. Null if it is
 *     absent
 * @param time the unparsed {@code time} of the envelope: the time at which EventBridge received the event. Null if it
 *     is absent. The data action does not send a {@code time}; its time of arrival is added when a record is copied
 *     from the topic to a file
 * @param customerId the customer's Open Messaging id in a data action; null for an envelope
 * @param replayName the name of the archive replay that sent the event, or null if no archive replay sent it
 * @param body the fields of the event itself
 * @param isDataAction true for the flat body of the old data action, false for an envelope
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

    /** The start of the {@code source} of every event from Genesys. Sources of test events start with it, too. */
    public static final String SOURCE_PREFIX = "aws.partner/genesys.com";

    /** The fields of a Genesys conversation detail event that the product uses. An absent field is null. */
    public static final class EventBody {

        private final DeliveryValues values;

        EventBody(DeliveryValues values) {
            this.values = values;
        }

        /** The time of the event in epoch milliseconds, or null if the time is absent or cannot be read. */
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

        public @Nullable String flowType() {
            return values.text(DeliveryField.FLOW_TYPE);
        }

        public @Nullable String exitReason() {
            return values.text(DeliveryField.EXIT_REASON);
        }

        public @Nullable String transferType() {
            return values.text(DeliveryField.TRANSFER_TYPE);
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
     * Reads an EventBridge envelope or a data-action body.
     *
     * @throws UnreadableRecordException if the bytes are not a JSON object, or the object is neither an envelope nor a
     *     data-action body
     */
    public static Delivery read(byte[] json) {
        DeliveryValues values = DeliveryParser.read(json);
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
        // Genesys writes the topic to topicName. To detail-type it writes a template: the topic with the literal {id}.
        // Sanitised and hand-written events can have the topic in detail-type instead.
        EventType byTopic = EventType.ofTopic(topicName);
        EventBody body = new EventBody(detail);
        return new Delivery(
                byTopic != null ? byTopic : EventType.ofTopic(detailType),
                topicName != null ? topicName : detailType,
                conversationId(body, topicName, detailType),
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
                conversationId(body, topic, null),
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

    private static @Nullable String conversationId(
            EventBody body, @Nullable String topic, @Nullable String otherTopic) {
        if (body.conversationId() != null) {
            return body.conversationId();
        }
        String ofTopic = present(EventType.conversationIdOfTopic(topic));
        return ofTopic != null ? ofTopic : present(EventType.conversationIdOfTopic(otherTopic));
    }

    /**
     * The time at which the event was sent, in epoch milliseconds. It is the {@code timestamp}. If an envelope has no
     * readable timestamp, it is the {@code time} of the envelope. Both texts are parsed at each call and not before,
     * because parsing is slow and only events without an event time need the result.
     *
     * @return null if no such time can be read. The {@code time} of a data action is not used: it is the time of
     *     arrival, and only a copy in a file has it. A replay of that file must give the same result as the topic
     */
    public @Nullable Long sentAtMs() {
        Long sent = IsoTime.parseOrNull(timestamp);
        return sent != null || isDataAction ? sent : timeMs();
    }

    /**
     * The key of the record: the conversation id. A data action without a conversation id has the customer's id as key.
     *
     * @return null if the delivery has neither id
     */
    public @Nullable String key() {
        return conversationId != null ? conversationId : customerId;
    }

    /**
     * The bot platform's organisation: the last segment of {@code source}. The operator chose this segment in Genesys
     * as the event source suffix.
     *
     * @return null if {@code source} is absent or not from Genesys
     */
    public @Nullable String organizationId() {
        return source == null || !source.startsWith(SOURCE_PREFIX)
                ? null
                : present(source.substring(source.lastIndexOf('/') + 1));
    }

    /** Whether the product uses a delivery, and the reason if not. */
    public enum Relevance {
        WANTED,
        /** The product does not know the topic. */
        OTHER_TOPIC,
        /** The medium is not Open Messaging. */
        OTHER_MEDIA,
        /** The delivery has no conversation id, and also no customer id. */
        NO_KEY
    }

    /**
     * Whether the product uses this delivery. The organisation is not checked here.
     *
     * <p>The topic is checked before the key. An EventBridge rule with too wide a filter sends topics that have no
     * conversation; such deliveries are unwanted, but no error. A missing medium is accepted, because queue and flow
     * events may lack it.
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
     * The {@code time} in epoch milliseconds. It is used as the time of arrival where that time is not known.
     *
     * @return null if {@code time} is absent or cannot be read
     */
    public @Nullable Long timeMs() {
        return IsoTime.parseOrNull(time);
    }
}
