package io.handover.schema;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A delivery as data binding reads it. The tests compare {@link DeliveryParser} with it. */
record BoundDelivery(
        @Nullable String id,
        @JsonProperty("detail-type") @Nullable String detailType,
        @Nullable String source,
        @JsonDeserialize(using = Text.class) @Nullable String time,
        @JsonProperty("replay-name") @Nullable String replayName,
        @Nullable Detail detail,
        @Nullable String topic,
        @Nullable String userId,
        @Nullable String conversationId,
        @Nullable String participantId,
        @Nullable String sessionId,
        @Nullable String mediaType,
        @Nullable String messageType,
        @Nullable String disconnectType,

        @JsonDeserialize(using = EpochMillis.class) @Nullable
        Long eventTime) {

    /** {@code detail} of an envelope. */
    record Detail(
            @Nullable String topicName,
            @JsonDeserialize(using = Text.class) @Nullable String timestamp,
            @Nullable EventBody eventBody) {}

    /** {@code detail.eventBody} of an envelope. */
    record EventBody(
            @JsonDeserialize(using = EpochMillis.class) @Nullable
            Long eventTime,

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
            @Nullable String flowType,
            @Nullable String exitReason,
            @Nullable String transferType,
            @Nullable Long interactingDurationMs,
            @Nullable Long heldDurationMs,
            @Nullable Long alertingDurationMs,
            @Nullable Long contactingDurationMs,
            @Nullable Long dialingDurationMs,
            @Nullable Long callbackDurationMs) {}

    private static final class Text extends StdDeserializer<String> {

        private static final long serialVersionUID = 1L;

        private Text() {
            super(String.class);
        }

        @Override
        public @Nullable String deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            if (parser.currentToken() == JsonToken.VALUE_STRING) {
                return parser.getText();
            }
            parser.skipChildren();
            return null;
        }
    }

    private static final class EpochMillis extends StdDeserializer<Long> {

        private static final long serialVersionUID = 1L;

        private EpochMillis() {
            super(Long.class);
        }

        @Override
        public @Nullable Long deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            if (parser.currentToken() == JsonToken.VALUE_NUMBER_INT
                    && parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER) {
                return IsoTime.inRangeOrNull(parser.getLongValue());
            }
            if (parser.currentToken() == JsonToken.VALUE_STRING) {
                return IsoTime.parseOrNull(parser.getText());
            }
            parser.skipChildren();
            return null;
        }
    }
}
