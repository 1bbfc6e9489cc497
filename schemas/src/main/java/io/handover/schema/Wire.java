package io.handover.schema;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.handover.schema.Delivery.EventBody;
import org.jspecify.annotations.Nullable;

/** Both forms of a delivery in one: an envelope has {@code detail}, a data action has {@code topic}. */
record Wire(
        @Nullable String id,
        @JsonProperty("detail-type") @Nullable String detailType,
        @Nullable String source,
        @Json.Text @Nullable String time,
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
        @Json.EpochMillis @Nullable Long eventTime) {

    /** {@code detail} of the envelope. */
    record Detail(
            @Nullable String topicName,
            @Json.Text @Nullable String timestamp,
            @Nullable EventBody eventBody) {}
}
