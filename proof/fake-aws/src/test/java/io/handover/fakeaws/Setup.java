package io.handover.fakeaws;

import static org.awaitility.Awaitility.await;

import software.amazon.awssdk.services.eventbridge.model.ApiDestinationHttpMethod;
import software.amazon.awssdk.services.eventbridge.model.ConnectionAuthorizationType;
import software.amazon.awssdk.services.eventbridge.model.ConnectionState;
import software.amazon.awssdk.services.eventbridge.model.Target;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** A complete set-up as the product makes it: source, bus, connection, API destination, role, queue, rule and target. */
final class Setup {

    static final String SOURCE = "aws.partner/genesys.com/cloud/11111111-1111-4111-8111-111111111111/handover";
    static final String RULE = "handover";
    static final String RULE_ARN = "arn:aws:events:eu-central-1:123456789012:rule/" + SOURCE + "/" + RULE;
    static final String QUEUE = "handover-dead-letters";
    static final String QUEUE_ARN = "arn:aws:sqs:eu-central-1:123456789012:" + QUEUE;
    static final String KEY = "first-key";
    static final String PATTERN = """
            {"source":["%s"],"detail":{"eventBody":{"mediaType":["MESSAGE"],"messageType":["OPEN",{"exists":false}]}}}""".formatted(SOURCE);
    static final String TRUST = """
            {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"events.amazonaws.com"},\
            "Action":"sts:AssumeRole","Condition":{"StringEquals":{"aws:SourceAccount":"123456789012"}}}]}""";
    static final String INVOKE = """
            {"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"events:InvokeApiDestination",\
            "Resource":"arn:aws:events:eu-central-1:123456789012:api-destination/handover/*"}}""";

    final Clients clients;
    final String queueUrl;
    final String roleArn;
    final String connectionArn;
    final String destinationArn;

    /** Makes everything. Events for the endpoint have the media type MESSAGE. */
    Setup(FakeAws fake, Clients clients, String endpoint) {
        this.clients = clients;
        fake.addPartnerSource(SOURCE);
        clients.events.createEventBus(bus -> bus.name(SOURCE).eventSourceName(SOURCE));
        connectionArn = clients.events
                .createConnection(connection -> connection
                        .name("handover")
                        .authorizationType(ConnectionAuthorizationType.API_KEY)
                        .authParameters(parameters -> parameters.apiKeyAuthParameters(
                                key -> key.apiKeyName("Authorization").apiKeyValue(KEY))))
                .connectionArn();
        awaitAuthorized();
        destinationArn = clients.events
                .createApiDestination(destination -> destination
                        .name("handover")
                        .connectionArn(connectionArn)
                        .httpMethod(ApiDestinationHttpMethod.POST)
                        .invocationEndpoint(endpoint))
                .apiDestinationArn();
        roleArn = clients.iam
                .createRole(role -> role.roleName("handover").assumeRolePolicyDocument(TRUST))
                .role()
                .arn();
        clients.iam.putRolePolicy(
                policy -> policy.roleName("handover").policyName("invoke").policyDocument(INVOKE));
        queueUrl = clients.sqs.createQueue(queue -> queue.queueName(QUEUE)).queueUrl();
        setQueuePolicy(queuePolicy(RULE_ARN));
        clients.events.putRule(rule -> rule.name(RULE).eventBusName(SOURCE).eventPattern(PATTERN));
        putTarget(target().build());
    }

    static String queuePolicy(String ruleArn) {
        return """
                {"Version":"2012-10-17","Statement":[{"Sid":"events","Effect":"Allow",\
                "Principal":{"Service":"events.amazonaws.com"},"Action":"sqs:SendMessage","Resource":"%s",\
                "Condition":{"ArnEquals":{"aws:SourceArn":"%s"}}}]}""".formatted(QUEUE_ARN, ruleArn);
    }

    /** The target of the product. It retries twice. */
    Target.Builder target() {
        return Target.builder()
                .id("bridge")
                .arn(destinationArn)
                .roleArn(roleArn)
                .retryPolicy(policy -> policy.maximumRetryAttempts(2).maximumEventAgeInSeconds(86_400))
                .deadLetterConfig(queue -> queue.arn(QUEUE_ARN));
    }

    void putTarget(Target target) {
        clients.events.putTargets(
                targets -> targets.rule(RULE).eventBusName(SOURCE).targets(target));
    }

    void setQueuePolicy(String policy) {
        clients.sqs.setQueueAttributes(
                queue -> queue.queueUrl(queueUrl).attributes(java.util.Map.of(QueueAttributeName.POLICY, policy)));
    }

    void awaitAuthorized() {
        await().until(
                        () -> clients.events
                                .describeConnection(connection -> connection.name("handover"))
                                .connectionState(),
                        ConnectionState.AUTHORIZED::equals);
    }

    /** An event of a message that the rule matches. */
    static String event(String conversationId) {
        return """
                {"source":"%s","detail-type":"v2.detail.events.conversation.{id}.customer.end",\
                "detail":{"topicName":"x","eventBody":{"conversationId":"%s","mediaType":"MESSAGE","messageType":"OPEN"}}}""".formatted(SOURCE, conversationId);
    }
}
