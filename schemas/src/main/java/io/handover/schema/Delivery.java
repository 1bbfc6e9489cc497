package io.handover.schema;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What Genesys says happened: an EventBridge envelope, or the flat body of the old data action, in one form.
 *
 * <p>Every part may be absent, because the Genesys schemas require none.
 *
 * @param type the kind of event, or null if the topic is none of ours
 * @param topic the topic as named by the sender, or null
 * @param conversationId the conversation, or null (an old data-action body need not have one)
 * @param eventId EventBridge's id of the event; not stable over archive replays, so never the only deduplication key
 * @param source EventBridge's {@code source}, or null for a data action
 * @param timestamp when Genesys sent it, as {@code detail.timestamp} has it, or null
 * @param time when EventBridge had it, as the envelope has it, or null; of a data action, which has none by itself, when it
 *     arrived, as it is written where it is read from a topic
 * @param customerId the customer's Open Messaging id as the data action names it; null in an EventBridge envelope
 * @param replayName the name of the archive replay that sent it, or null
 * @param body what happened
 * @param isDataAction whether it is the flat body
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

    /** The source of every event that Genesys publishes starts so; test sources carry {@code genesys.com.test}. */
    public static final String SOURCE_PREFIX = "aws.partner/genesys.com";

    /** The body of a conversation detail event, with the fields that are acted on. Durations are in milliseconds. */
    public static final class EventBody {

        private final DeliveryValues values;

        EventBody(DeliveryValues values) {
            this.values = values;
        }

        /** When the event happened, in epoch milliseconds; null if that is absent or no time. */
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
     * Reads either form.
     *
     * @throws UnreadableRecordException if the bytes are no JSON object, or it is neither form
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
        // detail-type is the template with the literal {id}; the real topic is in topicName. Sanitised and hand-written
        // events have it the other way round, so each stands in for the other.
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
     * When it was sent, epoch ms: the timestamp, else the time. Parsed when asked for, which is only where the event
     * states no time of its own: it would be a third of the cost of reading a delivery.
     *
     * @return null if neither is a time, and of a data action, whose time says when it arrived: what is replayed must be
     *     read as it was when it first came, and then it had none
     */
    public @Nullable Long sentAtMs() {
        Long sent = IsoTime.parseOrNull(timestamp);
        return sent != null || isDataAction ? sent : timeMs();
    }

    /**
     * What the record is keyed by: the conversation id; for a data-action body without one, the customer's id.
     *
     * @return null if there is neither
     */
    public @Nullable String key() {
        return conversationId != null ? conversationId : customerId;
    }

    /**
     * The bot platform's organisation: the last segment of the source, which is the event source suffix that the
     * operator chose in Genesys.
     *
     * @return null if there is no source of Genesys
     */
    public @Nullable String organizationId() {
        return source == null || !source.startsWith(SOURCE_PREFIX)
                ? null
                : present(source.substring(source.lastIndexOf('/') + 1));
    }

    /** Whether the product acts on a delivery, and if not, why. */
    public enum Relevance {
        WANTED,
        /** A topic that the product does not know. */
        OTHER_TOPIC,
        /** Another medium than Open Messaging. */
        OTHER_MEDIA,
        /** Neither a conversation nor, in a data action, a customer. */
        NO_KEY
    }

    /**
     * Whether it is stored, whoever sent it.
     *
     * <p>The topic counts before the key: a rule that filters too little sends topics that have no conversation, and
     * those are no error. Queue and flow events may lack the medium; a missing one passes.
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
     * When EventBridge had it, epoch ms: what stands in for its arrival where that is not known.
     *
     * @return null if it does not say it
     */
    public @Nullable Long timeMs() {
        return IsoTime.parseOrNull(time);
    }
}
