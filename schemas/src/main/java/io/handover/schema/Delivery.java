package io.handover.schema;

import com.fasterxml.jackson.annotation.JsonProperty;
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

    /** Longer than any id, address or topic. */
    private static final int MAX_TEXT = 256;

    private static final String MEDIA_TYPE = "MESSAGE";
    private static final String MESSAGE_TYPE = "OPEN";

    /** The source of every event that Genesys publishes starts so; test sources carry {@code genesys.com.test}. */
    public static final String SOURCE_PREFIX = "aws.partner/genesys.com";

    /**
     * The body of a conversation detail event, with the fields that are acted on. Durations are in milliseconds.
     *
     * @param eventTimeMs when it happened, epoch ms; null if absent or unreadable
     */
    public record EventBody(
            @JsonProperty("eventTime") @Json.EpochMillis @Nullable
            Long eventTimeMs,

            @Nullable String conversationId,
            @Nullable String participantId,
            @Nullable String sessionId,
            @Nullable String mediaType,
            @Nullable String messageType,
            @Nullable String addressTo,
            @Nullable String addressFrom,
            @Nullable String userId,
            @Nullable String queueId,
            @Nullable String disconnectType,
            @Nullable String acdOutcome,
            @Nullable String answeredUserId,
            @Nullable Long interactingDurationMs,
            @Nullable Long heldDurationMs,
            @Nullable Long alertingDurationMs,
            @Nullable Long contactingDurationMs,
            @Nullable Long dialingDurationMs,
            @Nullable Long callbackDurationMs) {

        /** A blank id is no id: it would take all that have none for the same. */
        public EventBody {
            conversationId = present(conversationId);
            participantId = present(participantId);
            sessionId = present(sessionId);
            addressTo = present(addressTo);
            addressFrom = present(addressFrom);
            userId = present(userId);
            queueId = present(queueId);
            answeredUserId = present(answeredUserId);
        }

        private static final EventBody EMPTY = new EventBody(
                null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null,
                null, null);
    }

    /**
     * Reads either form.
     *
     * @throws UnreadableRecordException if the bytes are no JSON object, or it is neither form
     */
    public static Delivery read(byte[] json) {
        Wire usual = EnvelopeReader.read(json);
        return usual != null ? of(usual) : readAnything(json);
    }

    /** Does without the short cut for what nearly every delivery is. */
    static Delivery readAnything(byte[] json) {
        return of(Json.read(json, Wire.class, "an EventBridge envelope or a data-action body"));
    }

    private static Delivery of(Wire wire) {
        if (wire.detail() != null) {
            return ofEnvelope(wire, wire.detail());
        }
        if (wire.topic() != null) {
            return ofDataAction(wire, wire.topic());
        }
        throw new UnreadableRecordException(
                "Expected an EventBridge envelope with 'detail' or a data-action body with 'topic', but found neither");
    }

    /** These end up in the state of the conversation, which must not grow by what a sender makes up. */
    private static void requireBounded(Wire wire, EventBody body) {
        requireBounded("id", wire.id());
        requireBounded("detail-type", wire.detailType());
        requireBounded("topic", wire.topic());
        requireBounded("source", wire.source());
        requireBounded("conversationId", body.conversationId());
        requireBounded("participantId", body.participantId());
        requireBounded("sessionId", body.sessionId());
        requireBounded("addressTo", body.addressTo());
        requireBounded("addressFrom", body.addressFrom());
        requireBounded("userId", wire.userId());
        requireBounded("userId", body.userId());
        requireBounded("queueId", body.queueId());
        requireBounded("disconnectType", body.disconnectType());
        requireBounded("answeredUserId", body.answeredUserId());
    }

    private static void requireBounded(String field, @Nullable String text) {
        if (text != null && text.length() > MAX_TEXT) {
            throw new UnreadableRecordException("Expected field '" + field + "' of at most " + MAX_TEXT
                    + " characters, but it has " + text.length());
        }
    }

    private static Delivery ofEnvelope(Wire wire, Wire.Detail detail) {
        EventBody body = detail.eventBody() == null ? EventBody.EMPTY : detail.eventBody();
        requireBounded(wire, body);
        requireBounded("topicName", detail.topicName());
        // detail-type is the template with the literal {id}; the real topic is in topicName. Sanitised and hand-written
        // events have it the other way round, so each stands in for the other.
        EventType byTopic = EventType.ofTopic(detail.topicName());
        EventType type = byTopic != null ? byTopic : EventType.ofTopic(wire.detailType());
        return new Delivery(
                type,
                detail.topicName() != null ? detail.topicName() : wire.detailType(),
                firstText(
                        body.conversationId(),
                        EventType.conversationIdOfTopic(detail.topicName()),
                        EventType.conversationIdOfTopic(wire.detailType())),
                wire.id(),
                wire.source(),
                detail.timestamp(),
                wire.time(),
                null,
                wire.replayName(),
                body,
                false);
    }

    private static Delivery ofDataAction(Wire wire, String topic) {
        EventBody body = new EventBody(
                wire.eventTime(),
                wire.conversationId(),
                wire.participantId(),
                wire.sessionId(),
                wire.mediaType(),
                wire.messageType(),
                null,
                null,
                null,
                null,
                wire.disconnectType(),
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null);
        requireBounded(wire, body);
        return new Delivery(
                EventType.ofTopic(topic),
                topic,
                firstText(wire.conversationId(), EventType.conversationIdOfTopic(topic)),
                wire.id(),
                null,
                null,
                wire.time(),
                present(wire.userId()),
                null,
                body,
                true);
    }

    private static @Nullable String present(@Nullable String text) {
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
        Long sent = Json.epochMillis(timestamp);
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
        return Json.epochMillis(time);
    }
}
