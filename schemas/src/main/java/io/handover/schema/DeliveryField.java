package io.handover.schema;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * A JSON field of a delivery that the product reads. {@link DeliveryParser} stores each value under its field, and
 * {@link Delivery} reads the value by the same field. With positional arguments, two texts could be swapped by mistake.
 */
enum DeliveryField {
    // top level of an envelope or of a data action
    ID("id", Kind.BOUNDED_TEXT),
    DETAIL_TYPE("detail-type", Kind.BOUNDED_TEXT),
    TOPIC("topic", Kind.BOUNDED_TEXT),
    SOURCE("source", Kind.BOUNDED_TEXT),
    TIME("time", Kind.TIME_TEXT),
    REPLAY_NAME("replay-name", Kind.TEXT),
    CUSTOMER_ID("userId", Kind.BOUNDED_TEXT),
    DETAIL("detail", Kind.DETAIL),

    // detail.eventBody
    EVENT_TIME("eventTime", Kind.EPOCH_MILLIS),
    CONVERSATION_ID("conversationId", Kind.ID),
    PARTICIPANT_ID("participantId", Kind.ID),
    SESSION_ID("sessionId", Kind.ID),
    MEDIA_TYPE("mediaType", Kind.TEXT),
    MESSAGE_TYPE("messageType", Kind.TEXT),
    ADDRESS_TO("addressTo", Kind.ID),
    ADDRESS_FROM("addressFrom", Kind.ID),
    USER_ID("userId", Kind.ID),
    QUEUE_ID("queueId", Kind.ID),
    DISCONNECT_TYPE("disconnectType", Kind.BOUNDED_TEXT),
    ACD_OUTCOME("acdOutcome", Kind.TEXT),
    ANSWERED_USER_ID("answeredUserId", Kind.ID),
    FLOW_TYPE("flowType", Kind.TEXT),
    EXIT_REASON("exitReason", Kind.TEXT),
    TRANSFER_TYPE("transferType", Kind.TEXT),
    INTERACTING_DURATION("interactingDurationMs", Kind.NUMBER),
    HELD_DURATION("heldDurationMs", Kind.NUMBER),
    ALERTING_DURATION("alertingDurationMs", Kind.NUMBER),
    CONTACTING_DURATION("contactingDurationMs", Kind.NUMBER),
    DIALING_DURATION("dialingDurationMs", Kind.NUMBER),
    CALLBACK_DURATION("callbackDurationMs", Kind.NUMBER),

    // detail
    TOPIC_NAME("topicName", Kind.BOUNDED_TEXT),
    TIMESTAMP("timestamp", Kind.TIME_TEXT),
    EVENT_BODY("eventBody", Kind.EVENT_BODY);

    /** How the value of a field is read. */
    enum Kind {
        TEXT,
        /** A text of limited length. Without the limit, a sender could inflate the state of a conversation. */
        BOUNDED_TEXT,
        /**
         * A bounded text that counts as absent if it is blank. Otherwise all sessions with a blank id would be the same
         * session.
         */
        ID,
        /** A text with a time, which is parsed only when needed. A value of another JSON type counts as absent. */
        TIME_TEXT,
        NUMBER,
        /**
         * Milliseconds since 1970, or an ISO-8601 text. Any other value counts as absent, because topics that the
         * product does not use may have other forms.
         */
        EPOCH_MILLIS,
        DETAIL,
        EVENT_BODY
    }

    /** The fields at the top level of an envelope. */
    static final Set<DeliveryField> OF_ENVELOPE = EnumSet.range(ID, DETAIL);

    /** The fields of {@code detail}. */
    static final Set<DeliveryField> OF_DETAIL = EnumSet.range(TOPIC_NAME, EVENT_BODY);

    /** The fields of {@code detail.eventBody}. */
    static final Set<DeliveryField> OF_BODY = EnumSet.range(EVENT_TIME, CALLBACK_DURATION);

    /**
     * The fields at the top level of an envelope or of a data action. A data action has some fields of
     * {@code eventBody} at its top level.
     */
    static final Set<DeliveryField> OF_TOP_LEVEL = union(
            OF_ENVELOPE,
            EnumSet.of(
                    EVENT_TIME,
                    CONVERSATION_ID,
                    PARTICIPANT_ID,
                    SESSION_ID,
                    MEDIA_TYPE,
                    MESSAGE_TYPE,
                    DISCONNECT_TYPE));

    /** All fields that have a limited length. */
    static final List<DeliveryField> BOUNDED = bounded(EnumSet.allOf(DeliveryField.class));

    /** The fields at the top level of an envelope that have a limited length. */
    static final List<DeliveryField> BOUNDED_OF_ENVELOPE = bounded(OF_ENVELOPE);

    private static Set<DeliveryField> union(Set<DeliveryField> some, Set<DeliveryField> others) {
        Set<DeliveryField> union = EnumSet.copyOf(some);
        union.addAll(others);
        return union;
    }

    private static List<DeliveryField> bounded(Set<DeliveryField> fields) {
        return fields.stream()
                .filter(field -> field.kind == Kind.BOUNDED_TEXT || field.kind == Kind.ID)
                .toList();
    }

    private final String jsonName;
    private final Kind kind;

    DeliveryField(String jsonName, Kind kind) {
        this.jsonName = jsonName;
        this.kind = kind;
    }

    /** The index of this field in an array with one element per field. */
    @SuppressWarnings("EnumOrdinal") // never stored, so fields may change places
    int index() {
        return ordinal();
    }

    String jsonName() {
        return jsonName;
    }

    Kind kind() {
        return kind;
    }
}
