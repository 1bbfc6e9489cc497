package io.handover.fakeaws;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The metric alarms of CloudWatch. Their state never changes. */
final class Alarms extends Service {

    private static final int MAX_ALARMS = 5_000;
    private static final List<String> REQUIRED = List.of("ComparisonOperator", "EvaluationPeriods");

    private final Region region;
    private final Map<String, Alarm> alarms = new TreeMap<>();

    private record Alarm(String arn, Tags tags, JsonObject json) {}

    Alarms(Region region) {
        super(region.account(), "cloudwatch");
        this.region = region;
        on("PutMetricAlarm", input -> List.of(arn(required(input, "AlarmName"))), this::put);
        on("DescribeAlarms", input -> List.of(arn("*")), this::describe);
        on("DeleteAlarms", input -> names(input).stream().map(this::arn).toList(), this::delete);
        on("TagResource", input -> List.of(required(input, "ResourceARN")), this::tag);
        on(
                "ListTagsForResource",
                input -> List.of(required(input, "ResourceARN")),
                input -> new JsonObject().put("Tags", byArn(input).tags().list()));
    }

    List<String> arns() {
        return alarms.values().stream().map(Alarm::arn).toList();
    }

    private String arn(String name) {
        return region.arn("cloudwatch", "alarm:" + name);
    }

    private static List<String> names(JsonObject input) {
        return input.getJsonArray("AlarmNames", new JsonArray()).stream()
                .map(String::valueOf)
                .toList();
    }

    private Alarm byArn(JsonObject input) {
        String arn = required(input, "ResourceARN");
        return alarms.values().stream()
                .filter(alarm -> alarm.arn().equals(arn))
                .findFirst()
                .orElseThrow(() -> AwsError.notFound("Unknown alarm " + arn));
    }

    /** Creates or replaces an alarm. Tags of an alarm that exists are ignored, as AWS documents it. */
    private JsonObject put(JsonObject input) {
        String name = required(input, "AlarmName");
        for (String field : REQUIRED) {
            if (!input.containsKey(field)) {
                throw new AwsError(400, "ValidationError", field + " is missing");
            }
        }
        if (input.containsKey("Tags")) {
            account().require("cloudwatch:TagResource", arn(name));
        }
        Alarm old = alarms.get(name);
        if (old == null && alarms.size() >= MAX_ALARMS) {
            throw new AwsError(400, "LimitExceeded", "The quota for the account was reached");
        }
        Tags tags = old == null ? new Tags() : old.tags();
        if (old == null) {
            tags.add(input.getJsonArray("Tags"));
        }
        JsonObject json = input.copy();
        json.remove("Tags");
        if (!json.containsKey("ActionsEnabled")) {
            json.put("ActionsEnabled", true);
        }
        json.put("AlarmArn", arn(name))
                .put("StateValue", "INSUFFICIENT_DATA")
                .put("StateUpdatedTimestamp", Instant.now())
                .put("AlarmConfigurationUpdatedTimestamp", Instant.now());
        alarms.put(name, new Alarm(arn(name), tags, json));
        return new JsonObject();
    }

    private JsonObject describe(JsonObject input) {
        List<String> names = names(input);
        String prefix = input.getString("AlarmNamePrefix", "");
        List<JsonObject> matching = alarms.entrySet().stream()
                .filter(alarm -> names.isEmpty() || names.contains(alarm.getKey()))
                .filter(alarm -> alarm.getKey().startsWith(prefix))
                .map(alarm -> alarm.getValue().json())
                .toList();
        Page page = Page.of(
                matching,
                number(input, "MaxRecords", 50),
                input.getString("NextToken"),
                account().behaviour());
        JsonObject output = new JsonObject().put("MetricAlarms", page.entries());
        return page.nextToken() == null ? output : output.put("NextToken", page.nextToken());
    }

    /** Deletes alarms; none of them if one does not exist. */
    private JsonObject delete(JsonObject input) {
        if (!alarms.keySet().containsAll(names(input))) {
            throw new AwsError(404, "ResourceNotFound", "An alarm does not exist. No alarm was deleted.");
        }
        alarms.keySet().removeAll(names(input));
        return new JsonObject();
    }

    private JsonObject tag(JsonObject input) {
        byArn(input).tags().add(input.getJsonArray("Tags"));
        return new JsonObject();
    }
}
