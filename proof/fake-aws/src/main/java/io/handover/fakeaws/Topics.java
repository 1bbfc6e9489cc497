package io.handover.fakeaws;

import io.handover.fakeaws.Policy.Decision;
import io.handover.fakeaws.Policy.Kind;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The topics of SNS. Users bring them; the fake keeps what is published. */
final class Topics extends Service {

    private static final int MAX_MESSAGES = 1_000;

    private final Region region;
    private final Map<String, Topic> topics = new TreeMap<>();

    private record Topic(
            @Nullable String document, @Nullable Policy policy, Deque<String> messages) {}

    Topics(Region region) {
        super(region.account(), "sns");
        this.region = region;
        on("GetTopicAttributes", input -> List.of(required(input, "TopicArn")), this::attributes);
    }

    /** Adds a topic. Without a policy only the account itself may publish. */
    String add(String name, @Nullable String policy) {
        String arn = region.arn("sns", name);
        topics.put(
                arn, new Topic(policy, policy == null ? null : new Policy(policy, Kind.RESOURCE), new ArrayDeque<>()));
        return arn;
    }

    List<String> messages(String arn) {
        Topic topic = topics.get(arn);
        return topic == null ? List.of() : List.copyOf(topic.messages());
    }

    /** Publishes for a rule. Returns the error of AWS, or null. */
    @Nullable
    String publish(String arn, String ruleArn, String message) {
        Topic topic = topics.get(arn);
        if (topic == null) {
            return "NO_RESOURCE";
        }
        Policy.Request request = new Policy.Request(
                Roles.EVENTS,
                "sns:Publish",
                arn,
                Map.of("aws:SourceArn", ruleArn, "aws:SourceAccount", account().id()));
        if (topic.policy() == null || Policy.decide(List.of(topic.policy()), request) != Decision.ALLOWED) {
            return "NO_PERMISSIONS";
        }
        topic.messages().add(message);
        if (topic.messages().size() > MAX_MESSAGES) {
            topic.messages().remove();
        }
        return null;
    }

    private JsonObject attributes(JsonObject input) {
        String arn = required(input, "TopicArn");
        Topic topic = topics.get(arn);
        if (topic == null) {
            throw new AwsError(404, "NotFound", "Topic does not exist");
        }
        JsonArray entries = new JsonArray()
                .add(entry("TopicArn", arn))
                .add(entry("Owner", account().id()));
        if (topic.document() != null) {
            entries.add(entry("Policy", topic.document()));
        }
        return new JsonObject().put("Attributes", new JsonObject().put("entry", entries));
    }

    private static JsonObject entry(String key, String value) {
        return new JsonObject().put("key", key).put("value", value);
    }
}
