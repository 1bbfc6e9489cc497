package io.handover.setup.aws;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.handover.setup.settings.SetupSettings;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The patterns of the rules, and events that they must and must not match.
 *
 * @param json the pattern
 * @param matching events that the pattern must match, by what they are
 * @param others events that it must not match, by what they are
 */
public record EventPattern(String json, Map<String, String> matching, Map<String, String> others) {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final String ID = "11111111-1111-4111-8111-111111111111";

    public EventPattern {
        matching = Map.copyOf(matching);
        others = Map.copyOf(others);
    }

    /**
     * The pattern of the deliveries. Messages without a type pass: events of queues and flows may lack it, and the bridge
     * checks again.
     */
    static EventPattern ofDeliveries(AwsAccount aws) {
        SetupSettings settings = aws.settings();
        ObjectNode pattern = JSON.objectNode();
        pattern.putArray("source").add(settings.eventSourceName());
        ArrayNode types = pattern.putArray("detail-type");
        settings.topics().forEach(types::add);
        ObjectNode body = pattern.putObject("detail").putObject("eventBody");
        body.putArray("mediaType").add("MESSAGE");
        body.putArray("messageType").add("OPEN").addObject().put("exists", false);

        Map<String, String> matching = new LinkedHashMap<>();
        for (String topic : settings.topics()) {
            matching.put(topic, event(aws, settings.eventSourceName(), topic, "MESSAGE", "OPEN"));
        }
        String topic = settings.topics().get(0);
        matching.put("a message without messageType", event(aws, settings.eventSourceName(), topic, "MESSAGE", ""));
        Map<String, String> others = new LinkedHashMap<>();
        others.put("a phone call", event(aws, settings.eventSourceName(), topic, "VOICE", ""));
        others.put("a WhatsApp message", event(aws, settings.eventSourceName(), topic, "MESSAGE", "WHATSAPP"));
        others.put(
                "another topic",
                event(
                        aws,
                        settings.eventSourceName(),
                        "v2.detail.events.conversation.{id}.attributes",
                        "MESSAGE",
                        "OPEN"));
        others.put("another event source", event(aws, settings.eventSourceName() + "-other", topic, "MESSAGE", "OPEN"));
        return new EventPattern(pattern.toString(), matching, others);
    }

    /** The pattern of the events that say that EventBridge no longer sends. */
    static EventPattern ofDeauthorization(AwsAccount aws) {
        String name = aws.settings().name();
        ObjectNode pattern = JSON.objectNode();
        pattern.putArray("source").add("aws.events");
        pattern.putArray("detail-type").add("Connection Deauthorized").add("API Destination Deactivated");
        ArrayNode resources = pattern.putArray("resources");
        resources.addObject().put("prefix", aws.arn("events", "connection/" + name + "/"));
        resources.addObject().put("prefix", aws.arn("events", "api-destination/" + name + "/"));
        return new EventPattern(
                pattern.toString(),
                Map.of("a de-authorization", stateEvent(aws, "Connection Deauthorized", "connection/" + name)),
                Map.of(
                        "an authorization",
                        stateEvent(aws, "Connection Authorized", "connection/" + name),
                        "another connection",
                        stateEvent(aws, "Connection Deauthorized", "connection/another-" + name)));
    }

    /** An event of a topic that the bridge does not want: it answers 200, counts it and stores nothing. */
    public static String unwantedEvent(SetupSettings settings) {
        return envelope(settings.eventSourceName(), "v2.detail.events.conversation.{id}.handover-setup-test")
                .put("account", settings.accountId())
                .put("region", settings.region())
                .toString();
    }

    /**
     * The event of the canary: a phone call. The bridge answers 200, counts it and stores nothing. The rule lets none
     * through, and no other check sends one, so that the count shows the canary alone.
     */
    static String canaryEvent(SetupSettings settings) {
        ObjectNode event = envelope(
                        settings.eventSourceName(), settings.topics().get(0))
                .put("account", settings.accountId())
                .put("region", settings.region());
        event.withObject("/detail/eventBody").put("mediaType", "VOICE");
        return event.toString();
    }

    private static String event(AwsAccount aws, String source, String topic, String mediaType, String messageType) {
        ObjectNode event = envelope(source, topic);
        event.put("account", aws.settings().accountId())
                .put("region", aws.settings().region());
        ObjectNode body = event.withObject("/detail/eventBody").put("mediaType", mediaType);
        if (!messageType.isEmpty()) {
            body.put("messageType", messageType);
        }
        return event.toString();
    }

    private static ObjectNode envelope(String source, String topic) {
        ObjectNode event = JSON.objectNode()
                .put("version", "0")
                .put("id", ID)
                .put("detail-type", topic)
                .put("source", source)
                .put("time", "2026-01-15T10:00:00Z");
        event.putArray("resources");
        ObjectNode detail = event.putObject("detail")
                .put("topicName", topic.replace("{id}", ID))
                .put("version", "2")
                .put("timestamp", "2026-01-15T10:00:00.000Z");
        detail.putObject("eventBody").put("eventTime", 1_768_471_200_000L).put("conversationId", ID);
        return event;
    }

    private static String stateEvent(AwsAccount aws, String type, String resource) {
        ObjectNode event = JSON.objectNode()
                .put("version", "0")
                .put("id", ID)
                .put("detail-type", type)
                .put("source", "aws.events")
                .put("account", aws.settings().accountId())
                .put("region", aws.settings().region())
                .put("time", "2026-01-15T10:00:00Z");
        event.putArray("resources").add(aws.arn("events", resource + "/" + ID));
        event.putObject("detail").put("ConnectionName", aws.settings().name());
        return event.toString();
    }
}
