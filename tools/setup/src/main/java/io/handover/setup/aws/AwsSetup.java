package io.handover.setup.aws;

import io.handover.setup.plan.Resource;
import io.handover.setup.plan.Waiting;
import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.services.eventbridge.model.DeadLetterConfig;
import software.amazon.awssdk.services.eventbridge.model.RetryPolicy;
import software.amazon.awssdk.services.eventbridge.model.Target;

/** All things that a set-up makes in AWS. */
public final class AwsSetup {

    static final int RETRY_SECONDS = 86_400;
    static final int RETRY_ATTEMPTS = 185;

    private final AwsAccount aws;
    private final EventSource source;
    private final EventBus bus;
    private final Connection connection;
    private final Destination destination;
    private final SendingRole role;
    private final DeadLetterQueue queue;
    private final Rule rule;
    private final RuleTarget target;
    private final Archive archive;
    private final Rule deauthorization;
    private final RuleTarget deauthorizationTarget;
    private final List<Alarm> alarms;

    public AwsSetup(AwsAccount aws, Waiting waiting) {
        this.aws = aws;
        String name = aws.settings().name();
        EventPattern pattern = EventPattern.ofDeliveries(aws);
        source = new EventSource(aws, waiting);
        bus = new EventBus(aws, source, waiting);
        connection = new Connection(aws, waiting);
        destination = new Destination(aws, connection);
        role = new SendingRole(aws, destination);
        rule = new Rule(aws, "rule", name, bus.name(), pattern, waiting);
        queue = new DeadLetterQueue(aws, rule.arn());
        target = new RuleTarget(aws, rule, this::deliveries, waiting);
        archive = new Archive(aws, bus, pattern);
        deauthorization = new Rule(
                aws,
                "de-authorization rule",
                name + "-deauthorized",
                Rule.DEFAULT_BUS,
                EventPattern.ofDeauthorization(aws),
                waiting);
        deauthorizationTarget = new RuleTarget(aws, deauthorization, this::messages, waiting);
        alarms = Alarm.all(aws, rule, deauthorization, queue);
    }

    private Target deliveries() {
        return Target.builder()
                .id(RuleTarget.ID)
                .arn(destination.arn())
                .roleArn(role.arn())
                .retryPolicy(RetryPolicy.builder()
                        .maximumEventAgeInSeconds(RETRY_SECONDS)
                        .maximumRetryAttempts(RETRY_ATTEMPTS)
                        .build())
                .deadLetterConfig(DeadLetterConfig.builder().arn(queue.arn()).build())
                .build();
    }

    private Target messages() {
        return Target.builder()
                .id(RuleTarget.ID)
                .arn(aws.settings().alarmTopicArn())
                .build();
    }

    /** Returns everything in the order of its dependencies. */
    public List<Resource> resources() {
        List<Resource> resources = new ArrayList<>(
                List.of(source, bus, connection, destination, role, queue, rule, target, archive, deauthorization));
        if (aws.settings().alarmTopicArn() != null) {
            resources.add(deauthorizationTarget);
        }
        resources.addAll(alarms);
        return resources;
    }

    /** The connection, which a rotation of the key changes alone. */
    public Connection connection() {
        return connection;
    }

    /** The dead letter queue of the rule. */
    public DeadLetterQueue queue() {
        return queue;
    }

    /** Returns a reader of the messages of the dead letter queue. */
    public QueueMessages messages(String queueUrl) {
        return new QueueMessages(aws, queueUrl);
    }

    EventSource source() {
        return source;
    }

    EventBus bus() {
        return bus;
    }

    Destination destination() {
        return destination;
    }

    SendingRole role() {
        return role;
    }

    Rule rule() {
        return rule;
    }

    RuleTarget target() {
        return target;
    }

    Archive archive() {
        return archive;
    }

    Rule deauthorization() {
        return deauthorization;
    }

    RuleTarget deauthorizationTarget() {
        return deauthorizationTarget;
    }

    List<Alarm> alarms() {
        return alarms;
    }
}
