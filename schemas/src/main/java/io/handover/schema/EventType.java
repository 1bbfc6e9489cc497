package io.handover.schema;

import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The types of Genesys conversation detail events that the product uses. The topic of a type is
 * {@code v2.detail.events.conversation.{id}.<suffix>}. Events of all other topics are ignored.
 */
public enum EventType {
    CUSTOMER_START("customer.start"),
    CUSTOMER_END("customer.end"),
    USER_START("user.start"),
    USER_END("user.end"),
    ACW("acw"),
    WRAPUP("wrapup"),
    ACD_START("acd.start"),
    ACD_END("acd.end"),
    FLOW_START("flow.start"),
    FLOW_END("flow.end"),
    FLOW_OUTCOME("flow.outcome");

    static final String TOPIC_PREFIX = "v2.detail.events.conversation.";

    private static final Map<String, EventType> BY_SUFFIX =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(EventType::suffix, type -> type));

    private final String suffix;

    EventType(String suffix) {
        this.suffix = suffix;
    }

    /** The end of the Genesys topic name, for example {@code user.end}. {@link Evidence} has it as the topic. */
    public String suffix() {
        return suffix;
    }

    /**
     * The event type of a topic. In place of the conversation id, the topic may have the literal {@code {id}} (from
     * {@code detail-type}) or the literal {@code id} (from the old data action).
     *
     * @return null if the topic is absent or unknown
     */
    static @Nullable EventType ofTopic(@Nullable String topic) {
        int afterId = endOfId(topic);
        return afterId < 0 || topic == null ? null : BY_SUFFIX.get(topic.substring(afterId + 1));
    }

    /**
     * The conversation id in a topic.
     *
     * @return null if the topic has no conversation id, or only a placeholder
     */
    static @Nullable String conversationIdOfTopic(@Nullable String topic) {
        int afterId = endOfId(topic);
        if (afterId < 0 || topic == null) {
            return null;
        }
        String id = topic.substring(TOPIC_PREFIX.length(), afterId);
        return id.isEmpty() || id.equals("{id}") || id.equals("id") ? null : id;
    }

    private static int endOfId(@Nullable String topic) {
        return topic == null || !topic.startsWith(TOPIC_PREFIX) ? -1 : topic.indexOf('.', TOPIC_PREFIX.length());
    }
}
