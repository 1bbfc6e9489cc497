package io.handover.fakeaws;

import io.handover.fakeaws.Policy.Kind;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A standard queue of SQS. */
final class Queue {

    /** The attributes that a caller can set, with the values of a new queue. */
    static final Map<String, String> DEFAULTS = Map.ofEntries(
            Map.entry("VisibilityTimeout", "30"),
            Map.entry("MessageRetentionPeriod", "345600"),
            Map.entry("MaximumMessageSize", "1048576"),
            Map.entry("DelaySeconds", "0"),
            Map.entry("ReceiveMessageWaitTimeSeconds", "0"),
            Map.entry("SqsManagedSseEnabled", "true"));

    private static final Set<String> OTHERS =
            Set.of("Policy", "KmsMasterKeyId", "KmsDataKeyReusePeriodSeconds", "RedrivePolicy", "RedriveAllowPolicy");

    private final String name;
    private final String arn;
    private final String url;
    private final Tags tags = new Tags();
    private final Map<String, String> attributes = new TreeMap<>(DEFAULTS);
    private final List<Message> messages = new ArrayList<>();
    private final long createdS = System.currentTimeMillis() / 1_000;
    private @Nullable Policy policy;

    /** A message of a queue. */
    static final class Message {
        private final String id;
        private final String body;
        private final JsonObject attributes;
        private final long sentMs = System.currentTimeMillis();
        private String receiptHandle = "";
        private long visibleAtNs = System.nanoTime();
        private int receives;

        Message(String id, String body, JsonObject attributes) {
            this.id = id;
            this.body = body;
            this.attributes = attributes;
        }

        String id() {
            return id;
        }

        String body() {
            return body;
        }

        JsonObject attributes() {
            return attributes;
        }

        long sentMs() {
            return sentMs;
        }

        String receiptHandle() {
            return receiptHandle;
        }

        int receives() {
            return receives;
        }

        boolean isVisible() {
            return System.nanoTime() - visibleAtNs >= 0;
        }

        void receive(String newReceiptHandle, int visibilityTimeoutSeconds) {
            receives++;
            receiptHandle = newReceiptHandle;
            hide(visibilityTimeoutSeconds);
        }

        void hide(int seconds) {
            visibleAtNs = System.nanoTime() + seconds * 1_000_000_000L;
        }
    }

    Queue(String name, String arn, String url) {
        this.name = name;
        this.arn = arn;
        this.url = url;
    }

    String name() {
        return name;
    }

    String arn() {
        return arn;
    }

    String url() {
        return url;
    }

    Tags tags() {
        return tags;
    }

    @Nullable
    Policy policy() {
        return policy;
    }

    List<Message> messages() {
        return messages;
    }

    int number(String attribute) {
        return Integer.parseInt(attributes.getOrDefault(attribute, "0"));
    }

    String attribute(String attribute) {
        return attributes.getOrDefault(attribute, "");
    }

    /** Whether the queue has these attributes with these values. */
    boolean has(JsonObject wanted) {
        return wanted.stream().allMatch(one -> String.valueOf(one.getValue()).equals(attribute(one.getKey())));
    }

    void set(JsonObject changed) {
        for (String attribute : changed.fieldNames()) {
            if (!DEFAULTS.containsKey(attribute) && !OTHERS.contains(attribute)) {
                throw new AwsError(400, "InvalidAttributeName", "Unknown Attribute " + attribute + ".");
            }
        }
        String document = changed.getString("Policy", attribute("Policy"));
        try {
            policy = document.isEmpty() ? null : new Policy(document, Kind.RESOURCE);
        } catch (IllegalArgumentException e) {
            throw new AwsError(
                    400, "InvalidAttributeValue", "Invalid value for the parameter Policy. " + e.getMessage());
        }
        boolean hasKey = !changed.getString("KmsMasterKeyId", "").isEmpty();
        if (hasKey && String.valueOf(changed.getValue("SqsManagedSseEnabled")).equals("true")) {
            throw new AwsError(
                    400,
                    "InvalidAttributeName",
                    "You can use one type of server-side encryption (SSE) at one time. You can either enable KMS SSE or SQS SSE.");
        }
        changed.forEach(one -> attributes.put(one.getKey(), String.valueOf(one.getValue())));
        if (hasKey) {
            attributes.put("SqsManagedSseEnabled", "false");
        }
        attributes.values().removeIf(String::isEmpty);
    }

    /** All attributes, the numbers of messages included. */
    Map<String, String> described() {
        Map<String, String> described = new TreeMap<>(attributes);
        long visible = messages.stream().filter(Message::isVisible).count();
        described.put("QueueArn", arn);
        described.put("CreatedTimestamp", String.valueOf(createdS));
        described.put("LastModifiedTimestamp", String.valueOf(createdS));
        described.put("ApproximateNumberOfMessages", String.valueOf(visible));
        described.put("ApproximateNumberOfMessagesNotVisible", String.valueOf(messages.size() - visible));
        described.put("ApproximateNumberOfMessagesDelayed", "0");
        return described;
    }
}
