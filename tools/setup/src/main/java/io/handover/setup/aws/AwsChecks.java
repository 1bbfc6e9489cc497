package io.handover.setup.aws;

import static io.handover.setup.check.Finding.error;
import static io.handover.setup.check.Finding.ok;
import static io.handover.setup.check.Finding.warning;

import io.handover.setup.check.Finding;
import io.handover.setup.check.Findings;
import io.handover.setup.plan.Waiting;
import io.handover.setup.settings.Secret;
import io.handover.setup.settings.SetupSettings;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import software.amazon.awssdk.services.cloudwatch.model.MetricAlarm;
import software.amazon.awssdk.services.cloudwatch.model.StateValue;
import software.amazon.awssdk.services.eventbridge.model.ApiDestinationState;
import software.amazon.awssdk.services.eventbridge.model.ArchiveState;
import software.amazon.awssdk.services.eventbridge.model.ConnectionAuthorizationType;
import software.amazon.awssdk.services.eventbridge.model.ConnectionState;
import software.amazon.awssdk.services.eventbridge.model.DescribeApiDestinationResponse;
import software.amazon.awssdk.services.eventbridge.model.DescribeArchiveResponse;
import software.amazon.awssdk.services.eventbridge.model.DescribeConnectionResponse;
import software.amazon.awssdk.services.eventbridge.model.DescribeRuleResponse;
import software.amazon.awssdk.services.eventbridge.model.EventSourceState;
import software.amazon.awssdk.services.eventbridge.model.RuleState;
import software.amazon.awssdk.services.eventbridge.model.Target;
import software.amazon.awssdk.services.iam.model.PolicyEvaluationDecisionType;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** The checks of verify in AWS. They only read. The state of the connection comes first: it stops everything. */
public final class AwsChecks {

    private static final String APPLY = "Run ./handover setup apply.";
    private static final int PATTERN_QUOTA = 2_048;
    private static final int RETENTION_SECONDS = 14 * 24 * 3600;

    private final AwsAccount aws;
    private final AwsSetup setup;
    private final Waiting waiting;
    private final SetupSettings settings;
    /** The dead letters that were looked at; none before the first check. */
    private List<QueueMessage> messages = List.of();

    public AwsChecks(AwsAccount aws, AwsSetup setup, Waiting waiting) {
        this.aws = aws;
        this.setup = setup;
        this.waiting = waiting;
        this.settings = aws.settings();
    }

    /** Runs all checks. */
    public void run(Findings findings) {
        findings.add(ok("credentials", aws.callerArn()));
        findings.check("connection", this::connection);
        findings.check("API destination", this::destination);
        findings.check("event source", this::source);
        findings.check("event bus", this::bus);
        findings.check("rule", found -> rule(found, setup.rule(), "rule"));
        findings.check("target", this::target);
        findings.check("role", this::role);
        findings.check("dead letter queue", this::queue);
        findings.check("archive", this::archive);
        findings.check("de-authorization rule", found -> rule(found, setup.deauthorization(), "de-authorization rule"));
        if (settings.alarmTopicArn() != null) {
            findings.check("de-authorization target", this::deauthorizationTarget);
        }
        findings.check("canary rule", this::canaryRule);
        setup.alarms().forEach(alarm -> findings.check("alarm " + alarm.name(), found -> alarm(found, alarm)));
    }

    private static void missing(Findings findings, String check) {
        findings.add(error(check, "missing", APPLY));
    }

    private void connection(Findings findings) {
        DescribeConnectionResponse connection = setup.connection().describe().orElse(null);
        if (connection == null) {
            missing(findings, "connection");
            return;
        }
        String state = connection.connectionStateAsString()
                + (connection.stateReason() == null ? "" : ": " + connection.stateReason());
        switch (connection.connectionState()) {
            case AUTHORIZED -> findings.add(ok("connection", state));
            case CREATING, UPDATING, AUTHORIZING ->
                findings.add(warning("connection", state, "Wait a minute, and verify again."));
            default ->
                findings.add(error(
                        "connection",
                        state,
                        "EventBridge delivers nothing until it gets the key again. Check that the bridge accepts the"
                                + " key, then run ./handover setup rotate-key."));
        }
        if (connection.authorizationType() != ConnectionAuthorizationType.API_KEY
                || !Connection.headerOf(connection).equals(settings.keyHeader())) {
            findings.add(error(
                    "key header",
                    connection.authorizationTypeAsString() + " in the header " + Connection.headerOf(connection),
                    "The bridge expects an API key in the header " + settings.keyHeader() + ". " + APPLY));
        }
        key(findings, connection);
        if (connection.kmsKeyIdentifier() != null) {
            findings.add(warning(
                    "KMS key of the connection",
                    connection.kmsKeyIdentifier(),
                    "EventBridge can use it only if it has the tag EventBridgeApiDestinations=true."));
        }
    }

    private void key(Findings findings, DescribeConnectionResponse connection) {
        Secret key = settings.key();
        String description = Objects.requireNonNullElse(connection.description(), "");
        if (key != null && connection.connectionState() == ConnectionState.AUTHORIZED) {
            findings.add(
                    Connection.isSent(key, description)
                            ? ok("key", "the key of the file was sent last")
                            : warning(
                                    "key",
                                    "another key was sent last, or by hand",
                                    "Run ./handover setup rotate-key to send the key of the file."));
        }
    }

    private void destination(Findings findings) {
        DescribeApiDestinationResponse destination =
                setup.destination().describe().orElse(null);
        if (destination == null) {
            missing(findings, "API destination");
            return;
        }
        if (destination.apiDestinationState() != ApiDestinationState.ACTIVE) {
            findings.add(error(
                    "API destination",
                    destination.apiDestinationStateAsString(),
                    "EventBridge delivers nothing. It becomes active when its connection is authorized."));
        } else if (!destination.httpMethodAsString().equals("POST")) {
            findings.add(error(
                    "API destination",
                    "sends " + destination.httpMethodAsString(),
                    "The bridge accepts POST. " + APPLY));
        } else if (!destination.invocationEndpoint().equals(settings.endpoint().toString())) {
            findings.add(error(
                    "API destination",
                    "sends to " + destination.invocationEndpoint(),
                    "The file says " + settings.endpoint() + ". " + APPLY));
        } else if (!destination.connectionArn().contains(":connection/" + settings.name() + "/")) {
            findings.add(error("API destination", "uses " + destination.connectionArn(), APPLY));
        } else {
            findings.add(ok(
                    "API destination",
                    "ACTIVE, at most " + destination.invocationRateLimitPerSecond() + " per second"));
        }
    }

    private void source(Findings findings) {
        setup.source()
                .describe()
                .ifPresentOrElse(
                        source -> {
                            if (source.state() == EventSourceState.ACTIVE) {
                                findings.add(ok("event source", "ACTIVE"));
                            } else if (source.state() == EventSourceState.PENDING) {
                                findings.add(error(
                                        "event source",
                                        "PENDING until " + source.expirationTime(),
                                        "Events are dropped until its bus exists, and AWS deletes it at that time. "
                                                + APPLY));
                            } else {
                                findings.add(error(
                                        "event source",
                                        source.stateAsString(),
                                        "Genesys has deleted it, and its bus gets no events any more. Delete both with the"
                                                + " archive, and make them again: ./handover setup destroy --with-archive,"
                                                + " then apply."));
                            }
                        },
                        () -> findings.add(error(
                                "event source",
                                "missing: " + setup.source().name(),
                                "Enable the integration in Genesys with this account, region and suffix, and check"
                                        + " genesys.organization.id. AWS deletes a source that has no bus for two"
                                        + " weeks.")));
    }

    private void bus(Findings findings) {
        if (setup.bus().find().exists()) {
            findings.add(ok("event bus", setup.bus().name()));
        } else {
            missing(findings, "event bus");
        }
    }

    private void rule(Findings findings, Rule rule, String check) {
        DescribeRuleResponse described = rule.describe().orElse(null);
        if (described == null) {
            missing(findings, check);
            return;
        }
        if (described.state() == RuleState.DISABLED) {
            findings.add(error(check, described.stateAsString(), "It sends nothing. " + APPLY));
        }
        String pattern = described.eventPattern();
        if (pattern == null) {
            findings.add(error(check, "has no pattern", APPLY));
            return;
        }
        List<String> wrong = rule.misjudged(pattern);
        if (!wrong.isEmpty()) {
            findings.add(error(check, String.join(", ", wrong), "Its pattern is not the one of the file. " + APPLY));
        } else if (pattern.length() > PATTERN_QUOTA) {
            findings.add(warning(
                    check,
                    "its pattern has " + pattern.length() + " characters",
                    "The quota of AWS is " + PATTERN_QUOTA + ". Subscribe to fewer topics."));
        } else {
            findings.addOkUnlessProblem(
                    check,
                    "its pattern matches " + rule.pattern().matching().size() + " samples and refuses "
                            + rule.pattern().others().size());
        }
    }

    private void target(Findings findings) {
        List<Target> targets = setup.target().all();
        Target target = setup.target().describe().orElse(null);
        if (target == null) {
            missing(findings, "target");
            return;
        }
        String transformation = RuleTarget.transformation(target);
        if (!transformation.equals("none")) {
            findings.add(error(
                    "target",
                    "has an " + transformation,
                    "The bridge needs the whole event, and answers 400 to anything else. " + APPLY));
        }
        String destination = setup.destination()
                .describe()
                .map(DescribeApiDestinationResponse::apiDestinationArn)
                .orElse("");
        if (!target.arn().equals(destination)) {
            findings.add(error("target", "sends to " + target.arn(), "That is not the API destination. " + APPLY));
        }
        boolean roleExists = setup.role().find().exists();
        if (target.roleArn() == null) {
            findings.add(error("target", "has no role", "EventBridge may not send. " + APPLY));
        } else if (roleExists && !target.roleArn().equals(setup.role().arn())) {
            findings.add(error("target", "takes the role " + target.roleArn(), "The file says another one. " + APPLY));
        }
        if (target.retryPolicy() == null
                || target.retryPolicy().maximumEventAgeInSeconds() == null
                || target.retryPolicy().maximumEventAgeInSeconds() < AwsSetup.RETRY_SECONDS
                || target.retryPolicy().maximumRetryAttempts() == null
                || target.retryPolicy().maximumRetryAttempts() < AwsSetup.RETRY_ATTEMPTS) {
            findings.add(warning(
                    "target",
                    "does not write out 24 hours and 185 attempts",
                    "Deliveries are given up early while the bridge is away. " + APPLY));
        }
        if (target.deadLetterConfig() == null || target.deadLetterConfig().arn() == null) {
            findings.add(error("target", "has no dead letter queue", "What cannot be delivered is lost. " + APPLY));
        } else if (!target.deadLetterConfig().arn().equals(setup.queue().arn())) {
            findings.add(warning(
                    "target",
                    "has the dead letter queue " + target.deadLetterConfig().arn(),
                    "The checks and ./handover dlq look at " + setup.queue().arn() + ". " + APPLY));
        }
        if (targets.size() > 1) {
            findings.add(warning(
                    "target",
                    "the rule has " + (targets.size() - 1) + " more",
                    "Replays of the archive reach them too."));
        }
        findings.addOkUnlessProblem("target", "sends whole events to the API destination");
    }

    private void role(Findings findings) {
        String name = setup.role().name();
        var found = aws.find("iam:GetRole", () -> aws.iam().getRole(r -> r.roleName(name)))
                .orElse(null);
        if (found == null) {
            missing(findings, "role");
            return;
        }
        String trust = SendingRole.decoded(found.role().assumeRolePolicyDocument());
        if (!new PolicyDocument(trust)
                .allowsEventBridge(
                        "sts:AssumeRole",
                        "",
                        Map.of(
                                "aws:sourceaccount",
                                settings.accountId(),
                                "aws:sourcearn",
                                setup.rule().arn()))) {
            findings.add(error(
                    "role",
                    name + " does not trust EventBridge",
                    "Its trust policy must let events.amazonaws.com assume it for the account " + settings.accountId()
                            + "."));
            return;
        }
        String destination = setup.destination()
                .describe()
                .map(DescribeApiDestinationResponse::apiDestinationArn)
                .orElse(aws.arn("events", "api-destination/" + settings.name() + "/0"));
        boolean allowed = aws
                .call(
                        "iam:SimulatePrincipalPolicy",
                        () -> aws.iam()
                                .simulatePrincipalPolicy(
                                        r -> r.policySourceArn(found.role().arn())
                                                .actionNames("events:InvokeApiDestination")
                                                .resourceArns(destination)))
                .evaluationResults()
                .stream()
                .allMatch(result -> result.evalDecision() == PolicyEvaluationDecisionType.ALLOWED);
        findings.add(
                allowed
                        ? ok("role", name + " may send")
                        : error(
                                "role",
                                name + " may not send to " + destination,
                                "It needs events:InvokeApiDestination on "
                                        + setup.destination().arnPattern()
                                        + "; the destination gets another ARN when it is made again."));
    }

    private void queue(Findings findings) {
        String url = setup.queue().url().orElse(null);
        if (url == null) {
            missing(findings, "dead letter queue");
            return;
        }
        Map<QueueAttributeName, String> attributes = setup.queue().attributes(url);
        String policy = attributes.getOrDefault(QueueAttributeName.POLICY, "");
        if (!new PolicyDocument(policy)
                .allowsEventBridge(
                        "sqs:SendMessage",
                        setup.queue().arn(),
                        Map.of("aws:sourcearn", setup.rule().arn(), "aws:sourceaccount", settings.accountId()))) {
            findings.add(error(
                    "dead letter queue",
                    "its policy does not let the rule send",
                    "What cannot be delivered is lost. " + APPLY));
        }
        String key = attributes.getOrDefault(QueueAttributeName.KMS_MASTER_KEY_ID, "");
        if (!key.isEmpty()) {
            findings.add(warning(
                    "dead letter queue",
                    "is encrypted with the KMS key " + key,
                    "The policy of the key must let events.amazonaws.com use kms:Decrypt and kms:GenerateDataKey."));
        }
        long retention = count(attributes, QueueAttributeName.MESSAGE_RETENTION_PERIOD);
        if (retention < RETENTION_SECONDS) {
            findings.add(warning(
                    "dead letter queue", "keeps messages only " + retention + " s", "14 days are possible. " + APPLY));
        }
        findings.addOkUnlessProblem("dead letter queue", "accepts what the rule cannot deliver");
        long depth = count(attributes, QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES)
                + count(attributes, QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE);
        if (depth == 0) {
            findings.add(ok("dead letters", "none"));
            return;
        }
        // Once: what is received three times no longer counts for the age of the oldest message, and its alarm.
        if (messages.isEmpty()) {
            messages = setup.messages(url).peek();
        }
        String oldest = messages.stream()
                .map(QueueMessage::sentAt)
                .min(Instant::compareTo)
                .map(time -> ", the oldest of those looked at since " + time)
                .orElse("");
        findings.add(warning(
                "dead letters",
                "about " + depth + oldest
                        + messages.stream()
                                .map(QueueMessage::cause)
                                .distinct()
                                .sorted()
                                .reduce("", (all, cause) -> all + ", " + cause),
                "See ./handover dlq list, mend the cause, and run ./handover dlq resend."));
    }

    private static long count(Map<QueueAttributeName, String> attributes, QueueAttributeName name) {
        return Long.parseLong(attributes.getOrDefault(name, "0"));
    }

    private void archive(Findings findings) {
        DescribeArchiveResponse archive = setup.archive().describe().orElse(null);
        if (archive == null) {
            findings.add(warning("archive", "missing", "Nothing can be replayed. " + APPLY));
        } else if (archive.state() == ArchiveState.CREATING || archive.state() == ArchiveState.UPDATING) {
            findings.add(warning("archive", archive.stateAsString(), "Wait a minute, and verify again."));
        } else if (archive.state() != ArchiveState.ENABLED) {
            findings.add(warning(
                    "archive",
                    archive.stateAsString() + ": " + Objects.requireNonNullElse(archive.stateReason(), "no reason"),
                    "Nothing can be replayed. Delete it, and run ./handover setup apply."));
        } else if (!CanonicalJson.of(Objects.requireNonNullElse(archive.eventPattern(), ""))
                .equals(CanonicalJson.of(setup.rule().pattern().json()))) {
            findings.add(warning("archive", "has another pattern than the rule", "Replays miss events. " + APPLY));
        } else {
            findings.add(ok("archive", "ENABLED, " + archive.retentionDays() + " days"));
        }
    }

    private void deauthorizationTarget(Findings findings) {
        boolean sends = setup.deauthorizationTarget().all().stream()
                .anyMatch(target -> target.arn().equals(settings.alarmTopicArn()));
        findings.add(
                sends
                        ? ok("de-authorization target", "sends to " + settings.alarmTopicArn())
                        : error("de-authorization target", "sends to nobody", APPLY));
    }

    private void canaryRule(Findings findings) {
        if (new Canary(aws, setup, waiting).isLeft()) {
            findings.add(
                    warning(
                            "canary rule",
                            "a killed run has left it",
                            "It sends a test event every minute. Run ./handover setup verify --canary, or setup destroy, to remove it."));
        }
    }

    private void alarm(Findings findings, Alarm alarm) {
        String check = "alarm " + alarm.name();
        alarm.describe()
                .ifPresentOrElse(
                        found -> findings.add(judged(check, found, alarm)),
                        () -> findings.add(warning(check, "missing", APPLY)));
    }

    private Finding judged(String check, MetricAlarm found, Alarm alarm) {
        String topic = settings.alarmTopicArn();
        if (topic != null && !found.alarmActions().contains(topic)) {
            return warning(check, "is not sent to " + topic, APPLY);
        }
        return found.stateValue() == StateValue.ALARM
                ? warning(check, "is raised", alarm.why())
                : ok(check, found.stateValueAsString().toLowerCase(Locale.ROOT));
    }
}
