package io.handover.setup.aws;

import io.handover.setup.plan.Found;
import io.handover.setup.plan.Resource;
import io.handover.setup.plan.Waiting;
import io.handover.terminal.CommandException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.eventbridge.model.DescribeRuleResponse;
import software.amazon.awssdk.services.eventbridge.model.PutRuleRequest;
import software.amazon.awssdk.services.eventbridge.model.RuleState;

/** A rule: which events of a bus are sent on. */
final class Rule implements Resource {

    /** The name of the bus that every account has. */
    static final String DEFAULT_BUS = "default";

    private final AwsAccount aws;
    private final String kind;
    private final String name;
    private final String bus;
    private final EventPattern pattern;
    private final Waiting waiting;

    Rule(AwsAccount aws, String kind, String name, String bus, EventPattern pattern, Waiting waiting) {
        this.aws = aws;
        this.kind = kind;
        this.name = name;
        this.bus = bus;
        this.pattern = pattern;
        this.waiting = waiting;
    }

    @Override
    public String kind() {
        return kind;
    }

    @Override
    public String name() {
        return name;
    }

    String bus() {
        return bus;
    }

    EventPattern pattern() {
        return pattern;
    }

    /** AWS leaves the default bus out of the ARNs of its rules. */
    String arn() {
        return aws.arn("events", "rule/" + (bus.equals(DEFAULT_BUS) ? "" : bus + "/") + name);
    }

    Optional<DescribeRuleResponse> describe() {
        return aws.find(
                "events:DescribeRule",
                () -> aws.events().describeRule(r -> r.name(name).eventBusName(bus)));
    }

    @Override
    public Found find() {
        return describe()
                .map(rule -> {
                    Map<String, String> fields = new LinkedHashMap<>();
                    fields.put("pattern", rule.eventPattern() == null ? "none" : CanonicalJson.of(rule.eventPattern()));
                    fields.put("schedule", rule.scheduleExpression() == null ? "none" : rule.scheduleExpression());
                    fields.put("state", rule.stateAsString());
                    return Found.of(Tags.areOurs(aws, rule.arn()), fields);
                })
                .orElse(Found.ABSENT);
    }

    @Override
    public Map<String, String> wanted() {
        Map<String, String> wanted = new LinkedHashMap<>();
        wanted.put("pattern", CanonicalJson.of(pattern.json()));
        wanted.put("schedule", "none");
        wanted.put("state", RuleState.ENABLED.toString());
        return wanted;
    }

    @Override
    public void create() {
        put(request().tags(Tags.ofEvents(aws)).build());
    }

    @Override
    public void change(Found found) {
        put(request().build());
    }

    /** Everything is sent every time, because AWS removes what is left out. */
    private PutRuleRequest.Builder request() {
        return PutRuleRequest.builder()
                .name(name)
                .eventBusName(bus)
                .eventPattern(pattern.json())
                .description(Tags.description(aws))
                .state(RuleState.ENABLED);
    }

    private void put(PutRuleRequest request) {
        List<String> wrong = misjudged(pattern.json());
        if (!wrong.isEmpty()) {
            throw new CommandException("EventBridge reads the pattern of the " + label() + " differently: "
                    + String.join(", ", wrong) + ". Nothing was changed.");
        }
        aws.call("events:PutRule", () -> aws.events().putRule(request));
    }

    /** Asks EventBridge which of the sample events a pattern matches, and returns those that it judges wrongly. */
    List<String> misjudged(String json) {
        List<String> wrong = new ArrayList<>();
        pattern.matching().forEach((what, event) -> {
            if (!matches(json, event)) {
                wrong.add("it does not match " + what);
            }
        });
        pattern.others().forEach((what, event) -> {
            if (matches(json, event)) {
                wrong.add("it matches " + what);
            }
        });
        return wrong;
    }

    private boolean matches(String json, String event) {
        return aws.call(
                        "events:TestEventPattern",
                        () -> aws.events()
                                .testEventPattern(r -> r.eventPattern(json).event(event)))
                .result();
    }

    /** Deletes the rule and the target of this command. AWS counts the targets of a rule with delay. */
    @Override
    public void delete() {
        RuleTarget.remove(aws, waiting, label(), name, bus);
        Deletion.repeated(
                waiting,
                label(),
                () -> aws.delete(
                        "events:DeleteRule",
                        () -> aws.events().deleteRule(r -> r.name(name).eventBusName(bus))));
    }
}
