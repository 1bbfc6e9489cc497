package io.handover.setup.aws;

import io.handover.setup.check.Finding;
import io.handover.setup.check.Findings;
import io.handover.setup.plan.Waiting;
import io.handover.terminal.CommandException;
import java.util.Optional;
import java.util.function.DoubleSupplier;
import software.amazon.awssdk.services.eventbridge.model.ConnectionState;
import software.amazon.awssdk.services.eventbridge.model.DescribeApiDestinationResponse;
import software.amazon.awssdk.services.eventbridge.model.DescribeConnectionResponse;
import software.amazon.awssdk.services.eventbridge.model.DescribeRuleResponse;
import software.amazon.awssdk.services.eventbridge.model.RuleState;
import software.amazon.awssdk.services.eventbridge.model.Target;

/**
 * A test event that goes the whole way through EventBridge: a rule with a schedule sends a phone call to the same
 * API destination, with the same connection and role, until the bridge has counted it. The rule is removed in any case.
 */
public final class Canary {

    private static final String CHECK = "canary";
    private static final String SCHEDULE = "rate(1 minute)";

    private final AwsAccount aws;
    private final AwsSetup setup;
    private final Waiting waiting;
    private final Waiting removal;

    public Canary(AwsAccount aws, AwsSetup setup, Waiting waiting) {
        this.aws = aws;
        this.setup = setup;
        this.waiting = waiting;
        // A person who stops the command does not want a rule to stay.
        this.removal = waiting.unstoppable();
    }

    private String name() {
        return aws.settings().name() + "-canary";
    }

    /**
     * Sends the event, and waits until it has arrived. Call {@link #remove} first: a killed run may have left its rule.
     *
     * @param arrived returns how many events of an unwanted medium the bridges have counted
     */
    public void run(Findings findings, DoubleSupplier arrived) {
        String destination = setup.destination()
                .describe()
                .map(DescribeApiDestinationResponse::apiDestinationArn)
                .orElse("");
        boolean roleExists = setup.role().find().exists();
        if (destination.isEmpty() || !roleExists) {
            findings.add(Finding.unchecked(CHECK, "there is nothing to send through", "Run ./handover setup apply."));
            return;
        }
        if (rule().isPresent()) {
            findings.add(Finding.unchecked(
                    CHECK, "others have a rule with the name " + name(), "Choose another name in the file."));
            return;
        }
        double before = arrived.getAsDouble();
        try {
            send(destination);
            waiting.until(
                    "canary",
                    () -> arrived.getAsDouble() > before
                            ? Optional.empty()
                            : Optional.of("on its way (a minute or two)"));
            findings.add(Finding.ok(CHECK, "went through EventBridge to the bridge"));
        } catch (CommandException e) {
            findings.add(Finding.error(CHECK, "did not arrive: " + e.getMessage(), reason()));
        } finally {
            remove();
        }
    }

    private void send(String destination) {
        aws.call(
                "events:PutRule",
                () -> aws.events()
                        .putRule(r -> r.name(name())
                                .description(Tags.description(aws))
                                .scheduleExpression(SCHEDULE)
                                .state(RuleState.ENABLED)
                                .tags(Tags.ofEvents(aws))));
        Target target = Target.builder()
                .id(RuleTarget.ID)
                .arn(destination)
                .roleArn(setup.role().arn())
                .input(EventPattern.canaryEvent(aws.settings()))
                .build();
        RuleTarget.put(aws, waiting, CHECK, name(), Rule.DEFAULT_BUS, target);
    }

    private Optional<DescribeRuleResponse> rule() {
        return aws.find("events:DescribeRule", () -> aws.events().describeRule(r -> r.name(name())));
    }

    /** Whether the rule is there: a killed run has left it. */
    public boolean isLeft() {
        return rule().filter(rule -> Tags.areOurs(aws, rule.arn())).isPresent();
    }

    /** Removes the rule, if it is there. */
    public void remove() {
        if (!isLeft()) {
            return;
        }
        RuleTarget.remove(aws, removal, CHECK, name(), Rule.DEFAULT_BUS);
        Deletion.repeated(
                removal,
                "rule of the canary",
                () -> aws.delete("events:DeleteRule", () -> aws.events().deleteRule(r -> r.name(name()))));
    }

    private String reason() {
        ConnectionState state = setup.connection()
                .describe()
                .map(DescribeConnectionResponse::connectionState)
                .orElse(ConnectionState.UNKNOWN_TO_SDK_VERSION);
        return state == ConnectionState.AUTHORIZED
                ? "Check that bridge.metrics.urls are the metrics of all bridges behind the endpoint, and the role."
                : "The connection is " + state + ": run ./handover setup rotate-key.";
    }
}
