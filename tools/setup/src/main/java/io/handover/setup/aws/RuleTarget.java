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
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.eventbridge.model.ListTargetsByRuleResponse;
import software.amazon.awssdk.services.eventbridge.model.PutTargetsResponse;
import software.amazon.awssdk.services.eventbridge.model.Target;

/** A target of a rule. Other targets of the rule are left alone. */
final class RuleTarget implements Resource {

    /** The id in the rule. */
    static final String ID = "handover";

    private final AwsAccount aws;
    private final Rule rule;
    private final Supplier<Target> wanted;
    private final Waiting waiting;

    /** @param wanted returns the target that it should be, with what is known of its parts */
    RuleTarget(AwsAccount aws, Rule rule, Supplier<Target> wanted, Waiting waiting) {
        this.aws = aws;
        this.rule = rule;
        this.wanted = wanted;
        this.waiting = waiting;
    }

    @Override
    public String kind() {
        return "target of the " + rule.kind();
    }

    @Override
    public String name() {
        return rule.name();
    }

    /** Returns all targets of the rule. */
    List<Target> all() {
        List<Target> targets = new ArrayList<>();
        @Nullable String page = null;
        do {
            @Nullable String token = page;
            Optional<ListTargetsByRuleResponse> answer = aws.find(
                    "events:ListTargetsByRule",
                    () -> aws.events()
                            .listTargetsByRule(r ->
                                    r.rule(rule.name()).eventBusName(rule.bus()).nextToken(token)));
            answer.ifPresent(found -> targets.addAll(found.targets()));
            page = answer.map(ListTargetsByRuleResponse::nextToken).orElse(null);
        } while (page != null);
        return targets;
    }

    Optional<Target> describe() {
        return all().stream().filter(target -> target.id().equals(ID)).findFirst();
    }

    @Override
    public Found find() {
        return describe()
                .map(target -> Found.of(rule.find().isOurs(), fields(target)))
                .orElse(Found.ABSENT);
    }

    @Override
    public Map<String, String> wanted() {
        return fields(wanted.get());
    }

    private static Map<String, String> fields(Target target) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("to", target.arn());
        fields.put("role", target.roleArn() == null ? "none" : target.roleArn());
        fields.put(
                "retries",
                target.retryPolicy() == null
                        ? "default"
                        : target.retryPolicy().maximumEventAgeInSeconds() + " s, "
                                + target.retryPolicy().maximumRetryAttempts() + " attempts");
        fields.put(
                "dead letters",
                target.deadLetterConfig() == null || target.deadLetterConfig().arn() == null
                        ? "none"
                        : target.deadLetterConfig().arn());
        fields.put("transformation", transformation(target));
        return fields;
    }

    /** Returns what changes an event on its way. The bridge can read only whole events. */
    static String transformation(Target target) {
        if (target.inputPath() != null) {
            return "input path " + target.inputPath();
        }
        if (target.input() != null) {
            return "constant input";
        }
        return target.inputTransformer() == null ? "none" : "input transformer";
    }

    @Override
    public void create() {
        put();
    }

    @Override
    public void change(Found found) {
        put();
    }

    private void put() {
        put(aws, waiting, label(), rule.name(), rule.bus(), wanted.get());
    }

    /** Puts a target. A role that was made a moment ago may not be known everywhere yet. */
    static void put(AwsAccount aws, Waiting waiting, String label, String rule, String bus, Target target) {
        waiting.until(label, () -> {
            try {
                PutTargetsResponse response = aws.call(
                        "events:PutTargets",
                        () -> aws.events()
                                .putTargets(r -> r.rule(rule).eventBusName(bus).targets(target)));
                return response.failedEntries().stream()
                        .findFirst()
                        .map(entry ->
                                worthRepeating("AWS refuses the " + label, entry.errorCode(), entry.errorMessage()));
            } catch (CommandException e) {
                if (String.valueOf(e.getMessage()).contains("cannot be assumed")) {
                    return Optional.of("not accepted: the role is not known everywhere yet");
                }
                throw e;
            }
        });
    }

    @Override
    public void delete() {
        remove(aws, waiting, label(), rule.name(), rule.bus());
    }

    static void remove(AwsAccount aws, Waiting waiting, String label, String rule, String bus) {
        waiting.until(
                label,
                () -> aws.find(
                                "events:RemoveTargets",
                                () -> aws.events()
                                        .removeTargets(r ->
                                                r.rule(rule).eventBusName(bus).ids(ID)))
                        .flatMap(response -> response.failedEntries().stream().findFirst())
                        .filter(entry -> !entry.errorCode().equals("ResourceNotFoundException"))
                        .map(entry -> worthRepeating(
                                "AWS does not delete the " + label, entry.errorCode(), entry.errorMessage())));
    }

    /** An entry can fail although the answer has the status 200. */
    private static String worthRepeating(String sentence, String code, String message) {
        if (code.equals("ConcurrentModificationException") || code.equals("InternalException")) {
            return "not accepted: " + code;
        }
        throw new CommandException(sentence + ": " + code + ", " + message);
    }
}
