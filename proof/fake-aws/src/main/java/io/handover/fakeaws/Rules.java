package io.handover.fakeaws;

import io.handover.fakeaws.Behaviour.Trait;
import io.handover.fakeaws.Buses.Bus;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The rules and targets of EventBridge. */
final class Rules extends Service {

    private static final int MAX_TARGETS = 5;
    private static final int MAX_RULES = 300;
    private static final List<String> EVENT_FIELDS =
            List.of("id", "detail-type", "source", "account", "time", "region", "resources");

    private final Region region;
    private final Buses buses;
    private final Roles roles;
    private final Schedules schedules;

    Rules(Region region, Buses buses, Roles roles, Schedules schedules) {
        super(region.account(), "events");
        this.region = region;
        this.buses = buses;
        this.roles = roles;
        this.schedules = schedules;
        on("PutRule", input -> List.of(arn(input, "Name")), this::put);
        on(
                "DescribeRule",
                input -> List.of(arn(input, "Name")),
                input -> rule(input, "Name").json());
        on("ListRules", input -> List.of(region.arn("events", "rule/*")), this::list);
        on("DeleteRule", input -> List.of(arn(input, "Name")), this::delete);
        on("PutTargets", input -> List.of(arn(input, "Rule")), this::putTargets);
        on("ListTargetsByRule", input -> List.of(arn(input, "Rule")), this::listTargets);
        on("RemoveTargets", input -> List.of(arn(input, "Rule")), this::removeTargets);
        on("TestEventPattern", ANYTHING, this::test);
    }

    private String arn(JsonObject input, String field) {
        return Rule.arn(region, Buses.nameOf(input.getString("EventBusName")), required(input, field));
    }

    private Rule rule(JsonObject input, String field) {
        Bus bus = buses.bus(input.getString("EventBusName"));
        Rule rule = bus.rules().get(required(input, field));
        if (rule == null) {
            throw AwsError.notFound(
                    "Rule " + input.getString(field) + " does not exist on EventBus " + bus.name() + ".");
        }
        return rule;
    }

    private JsonObject put(JsonObject input) {
        Bus bus = buses.bus(input.getString("EventBusName"));
        String name = required(input, "Name");
        if (input.containsKey("Tags")) {
            account().require("events:TagResource", arn(input, "Name"));
        }
        requireAssumable(input.getString("RoleArn"), arn(input, "Name"));
        if (!input.containsKey("EventPattern") && !input.containsKey("ScheduleExpression")) {
            throw AwsError.validation("Parameter(s) EventPattern or ScheduleExpression must be specified.");
        }
        if (input.containsKey("ScheduleExpression") && !bus.name().equals(Buses.DEFAULT)) {
            throw AwsError.validation("ScheduleExpression is supported only on the default event bus.");
        }
        schedules.check(input.getString("ScheduleExpression"));
        Rule rule = bus.rules().get(name);
        if (rule != null && rule.isManaged()) {
            throw new AwsError(400, "ManagedRuleException", "Rule " + name + " is managed by " + Rule.ARCHIVES);
        }
        if (rule != null) {
            // Tags of a rule that exists are ignored, as AWS documents it.
            rule.define(input);
        } else if (bus.rules().size() >= MAX_RULES) {
            throw AwsError.limitExceeded("The requested resource exceeds the maximum number allowed.");
        } else {
            rule = new Rule(name, arn(input, "Name"), bus.name(), null, input);
            rule.tags().add(input.getJsonArray("Tags"));
            bus.rules().put(name, rule);
        }
        schedules.start(rule);
        return new JsonObject().put("RuleArn", rule.arn());
    }

    private JsonObject list(JsonObject input) {
        String prefix = input.getString("NamePrefix", "");
        List<JsonObject> matching = buses.bus(input.getString("EventBusName")).rules().values().stream()
                .filter(rule -> rule.name().startsWith(prefix))
                .map(Rule::json)
                .toList();
        return Page.output("Rules", matching, input, account().behaviour());
    }

    /** Deletes a rule. That a rule does not exist is no error. */
    private JsonObject delete(JsonObject input) {
        Bus bus = buses.bus(input.getString("EventBusName"));
        Rule rule = bus.rules().get(required(input, "Name"));
        if (rule == null) {
            return new JsonObject();
        }
        if (rule.isManaged() && !input.getBoolean("Force", false)) {
            throw new AwsError(400, "ManagedRuleException", "Rule " + rule.name() + " is managed by " + Rule.ARCHIVES);
        }
        if (rule.seemsToHaveTargets()) {
            throw AwsError.validation("Rule can't be deleted since it has targets.");
        }
        bus.rules().remove(rule.name());
        bus.becomeStale(buses.lag());
        return new JsonObject();
    }

    private JsonObject putTargets(JsonObject input) {
        Rule rule = rule(input, "Rule");
        List<JsonObject> targets = objects(input.getJsonArray("Targets"));
        targets.forEach(target -> check(target, rule.arn()));
        long total = Stream.concat(
                        rule.targets().keySet().stream(), targets.stream().map(target -> target.getString("Id")))
                .distinct()
                .count();
        if (total > MAX_TARGETS) {
            throw AwsError.limitExceeded("The requested resource exceeds the maximum number allowed.");
        }
        return entries(targets.stream().map(target -> target.getString("Id")).toList(), (id, failed) -> {
            if (failed == null) {
                targets.stream()
                        .filter(target -> target.getString("Id").equals(id))
                        .forEach(target -> rule.targets().put(id, target));
            }
            return failed;
        });
    }

    /** Checks a target as far as AWS does. It does not look whether the target and its dead letter queue exist. */
    private void check(JsonObject target, String ruleArn) {
        required(target, "Id");
        String arn = required(target, "Arn");
        String role = target.getString("RoleArn");
        if (arn.contains(":api-destination/") && role == null) {
            throw AwsError.validation("RoleArn is required for target " + arn + ".");
        }
        if (arn.contains(":api-destination/") && !arn.startsWith(region.arn("events", ""))) {
            throw AwsError.validation("The API destination " + arn + " is not in this account and region.");
        }
        requireAssumable(role, ruleArn);
        JsonObject retry = target.getJsonObject("RetryPolicy", new JsonObject());
        int attempts = retry.getInteger("MaximumRetryAttempts", 185);
        int age = retry.getInteger("MaximumEventAgeInSeconds", 86_400);
        if (attempts < 0 || attempts > 185 || age < 60 || age > 86_400) {
            throw AwsError.validation("RetryPolicy of target " + target.getString("Id") + " is out of range.");
        }
        String queue =
                target.getJsonObject("DeadLetterConfig", new JsonObject()).getString("Arn");
        if (queue != null && (!queue.startsWith(region.arn("sqs", "")) || queue.endsWith(".fifo"))) {
            throw AwsError.validation("The dead letter queue of target " + target.getString("Id")
                    + " must be a standard SQS queue in the region " + region.name() + ".");
        }
        if (Stream.of("Input", "InputPath", "InputTransformer")
                        .filter(target::containsKey)
                        .count()
                > 1) {
            throw AwsError.validation("Only one of Input, InputPath, or InputTransformer must be provided for target "
                    + target.getString("Id") + ".");
        }
    }

    private void requireAssumable(@Nullable String roleArn, String ruleArn) {
        if (roleArn != null) {
            account().requirePassRole(roleArn);
            if (!roles.isSeenToTrust(roleArn, ruleArn)) {
                throw AwsError.validation(
                        "Provided role '" + roleArn + "' cannot be assumed by principal 'events.amazonaws.com'.");
            }
        }
    }

    private JsonObject listTargets(JsonObject input) {
        List<JsonObject> targets = List.copyOf(rule(input, "Rule").targets().values());
        return Page.output("Targets", targets, input, account().behaviour());
    }

    private JsonObject removeTargets(JsonObject input) {
        Rule rule = rule(input, "Rule");
        List<String> ids =
                input.getJsonArray("Ids").stream().map(String::valueOf).toList();
        JsonObject output = entries(ids, (id, failed) -> {
            if (failed == null && rule.targets().remove(id) == null) {
                return "ResourceNotFoundException";
            }
            return failed;
        });
        rule.becomeStale(buses.lag());
        return output;
    }

    /**
     * Handles entries one by one. Some of them fail at random although the answer has status 200.
     *
     * @param handler gets the id and the random error, or null, and returns the error of the entry, or null
     */
    private JsonObject entries(List<String> ids, BiFunction<String, @Nullable String, @Nullable String> handler) {
        JsonArray failed = new JsonArray();
        for (String id : ids) {
            String code =
                    handler.apply(id, account().happens(Trait.FAILED_ENTRY) ? "ConcurrentModificationException" : null);
            if (code != null) {
                failed.add(new JsonObject()
                        .put("TargetId", id)
                        .put("ErrorCode", code)
                        .put("ErrorMessage", code + " on target " + id));
            }
        }
        return new JsonObject().put("FailedEntryCount", failed.size()).put("FailedEntries", failed);
    }

    private JsonObject test(JsonObject input) {
        EventPattern pattern = new EventPattern(required(input, "EventPattern"));
        JsonObject event;
        try {
            event = new JsonObject(required(input, "Event"));
        } catch (DecodeException e) {
            throw AwsError.validation("Parameter Event is not valid. Reason: not a JSON object");
        }
        for (String field : EVENT_FIELDS) {
            if (!event.containsKey(field)) {
                throw AwsError.validation("Parameter Event is not valid. Reason: " + field + " is missing");
            }
        }
        return new JsonObject().put("Result", pattern.matches(event));
    }

    private static List<JsonObject> objects(JsonArray array) {
        List<JsonObject> objects = new ArrayList<>();
        for (int i = 0; i < array.size(); i++) {
            objects.add(array.getJsonObject(i));
        }
        return objects;
    }
}
