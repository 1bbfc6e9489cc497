package io.handover.setup.aws;

import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;

/**
 * A message of the dead letter queue.
 *
 * @param id the id
 * @param handle what deletes it, until its visibility timeout is over
 * @param body the event as EventBridge would have sent it
 * @param sentAt when EventBridge gave up
 * @param attributes why, by the names that EventBridge gives
 */
public record QueueMessage(String id, String handle, String body, Instant sentAt, Map<String, String> attributes) {

    public QueueMessage {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(handle, "handle");
        Objects.requireNonNull(body, "body");
        Objects.requireNonNull(sentAt, "sentAt");
        attributes = new TreeMap<>(attributes);
    }

    static QueueMessage of(Message message) {
        Map<String, String> attributes = new TreeMap<>();
        message.messageAttributes()
                .forEach((name, value) -> attributes.put(name, Objects.requireNonNullElse(value.stringValue(), "")));
        String sent = message.attributes().getOrDefault(MessageSystemAttributeName.SENT_TIMESTAMP, "0");
        return new QueueMessage(
                message.messageId(),
                message.receiptHandle(),
                message.body(),
                Instant.ofEpochMilli(Long.parseLong(sent)),
                attributes);
    }

    /** Why EventBridge gave up, in a few words. */
    public String cause() {
        String code = attributes.getOrDefault("ERROR_CODE", "UNKNOWN");
        String condition = attributes.getOrDefault("EXHAUSTED_RETRY_CONDITION", "");
        return condition.isEmpty() ? code : code + " after " + condition;
    }
}
