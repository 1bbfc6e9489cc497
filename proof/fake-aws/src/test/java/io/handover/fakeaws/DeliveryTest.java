package io.handover.fakeaws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.handover.fakeaws.BridgeStub.Request;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.eventbridge.model.ApiDestinationState;
import software.amazon.awssdk.services.eventbridge.model.ConnectionAuthorizationType;
import software.amazon.awssdk.services.eventbridge.model.ConnectionState;
import software.amazon.awssdk.services.eventbridge.model.DescribeConnectionResponse;
import software.amazon.awssdk.services.eventbridge.model.Target;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

class DeliveryTest {

    private final FakeAws fake = FakeAws.start(0, "eu-central-1", Behaviour.CALM);
    private final Clients clients = new Clients(fake);
    private final BridgeStub bridge = new BridgeStub();
    private Setup setup;

    @BeforeEach
    void setUp() {
        fake.route("bridge.example.com", bridge.uri());
        setup = new Setup(fake, clients, "https://bridge.example.com/handover/genesysCloudOM?a=b");
    }

    @AfterEach
    void tearDown() {
        clients.close();
        fake.close();
        bridge.close();
    }

    @Test
    void shouldCallTheApiDestinationAsEventBridgeDoes() {
        // When
        String id = fake.publish(Setup.event("c1"));

        // Then
        Request request = nextRequest(1);
        JsonObject event = new JsonObject(request.body());
        assertThat(request.method()).isEqualTo("POST");
        assertThat(request.uri()).isEqualTo("/handover/genesysCloudOM?a=b");
        assertThat(request.headers().get("User-Agent")).isEqualTo("Amazon/EventBridge/ApiDestinations");
        assertThat(request.headers().get("Content-Type")).isEqualTo("application/json; charset=utf-8");
        assertThat(request.headers().get("Range")).isEqualTo("bytes=0-1048575");
        assertThat(request.headers().get("Accept-Encoding")).isEqualTo("gzip,deflate");
        assertThat(request.headers().getAll("Connection"))
                .singleElement()
                .asString()
                .isEqualToIgnoringCase("close");
        assertThat(request.headers().get("Authorization")).isEqualTo(Setup.KEY);
        assertThat(request.headers().get("Host")).isEqualTo("bridge.example.com");
        assertThat(event.fieldNames())
                .containsExactly(
                        "version", "id", "detail-type", "source", "account", "time", "region", "resources", "detail");
        assertThat(event.getString("id")).isEqualTo(id);
        assertThat(event.getString("account")).isEqualTo(FakeAws.ACCOUNT);
        assertThat(event.getString("region")).isEqualTo("eu-central-1");
        assertThat(Instant.parse(event.getString("time"))).isBeforeOrEqualTo(Instant.now());
        assertThat(event.getJsonObject("detail").getJsonObject("eventBody").getString("conversationId"))
                .isEqualTo("c1");
        awaitDone();
    }

    @Test
    void shouldNotDeliverWhatTheRuleDoesNotMatch() {
        // When
        fake.publish(Setup.event("c1").replace("MESSAGE", "VOICE"));
        fake.publish(Setup.event("c2"));

        // Then
        awaitDone();
        assertThat(bridge.requests()).hasSize(1);
        assertThat(fake.metric(Setup.RULE_ARN, "Invocations")).isEqualTo(1);
    }

    @Test
    void shouldNotDeliverForADisabledRule() {
        // Given
        clients.events.putRule(rule -> rule.name(Setup.RULE)
                .eventBusName(Setup.SOURCE)
                .eventPattern(Setup.PATTERN)
                .state("DISABLED"));

        // When
        fake.publish(Setup.event("c1"));

        // Then
        assertThat(fake.openDeliveries()).isZero();
        assertThat(bridge.requests()).isEmpty();
    }

    @Test
    void shouldDropEventsWhileTheSourceHasNoBus() {
        // Given
        fake.addPartnerSource(Setup.SOURCE.replace("/handover", "/other"));

        // When
        fake.publish(Setup.event("c1").replace("/handover\"", "/other\""));

        // Then
        assertThat(fake.droppedEvents()).isEqualTo(1);
        assertThat(bridge.requests()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {409, 429, 500, 503})
    void shouldRetry(int status) {
        // Given
        bridge.answerWith(status, status);

        // When
        fake.publish(Setup.event("c1"));

        // Then
        awaitDone();
        assertThat(bridge.requests()).hasSize(3);
        assertThat(deadLetters()).isEmpty();
        assertThat(fake.metric(Setup.RULE_ARN, "RetryInvocationAttempts")).isEqualTo(2);
        assertThat(fake.metric(Setup.RULE_ARN, "FailedInvocations")).isZero();
    }

    @Test
    void shouldRetryAfterFiveSecondsWithoutAnAnswer() {
        // Given
        bridge.answerWith(BridgeStub.SILENCE);

        // When
        fake.publish(Setup.event("c1"));

        // Then
        awaitDone();
        List<Request> requests = bridge.requests();
        assertThat(requests).hasSize(2);
        assertThat(Duration.ofNanos(requests.get(1).atNs() - requests.get(0).atNs()))
                .isGreaterThan(Duration.ofSeconds(4));
    }

    @Test
    void shouldWaitAsLongAsTheEndpointAsks() {
        // Given
        bridge.answerWith(503, "60");

        // When
        fake.publish(Setup.event("c1"));

        // Then
        awaitDone();
        List<Request> requests = bridge.requests();
        assertThat(Duration.ofNanos(requests.get(1).atNs() - requests.get(0).atNs()))
                .isGreaterThanOrEqualTo(Duration.ofMillis(600));
    }

    @Test
    void shouldNotRetryAfterANegativeRetryAfter() {
        // Given
        bridge.answerWith(503, "-1");

        // When
        fake.publish(Setup.event("c1"));

        // Then
        awaitDone();
        assertThat(bridge.requests()).hasSize(1);
        assertThat(deadLetters()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 400, 403, 404, 413})
    void shouldNotRetry(int status) {
        // Given
        bridge.answerWith(status);

        // When
        String id = fake.publish(Setup.event("c1"));

        // Then
        awaitDone();
        Message message = deadLetters().get(0);
        assertThat(bridge.requests()).hasSize(1);
        assertThat(new JsonObject(message.body()).getString("id")).isEqualTo(id);
        assertThat(texts(message))
                .containsEntry("RULE_ARN", Setup.RULE_ARN)
                .containsEntry("TARGET_ARN", setup.destinationArn)
                .containsEntry("ERROR_CODE", "SDK_CLIENT_ERROR")
                .doesNotContainKeys("EXHAUSTED_RETRY_CONDITION", "RETRY_ATTEMPTS");
        assertThat(texts(message).get("ERROR_MESSAGE")).contains("status code " + status);
        assertThat(fake.metric(Setup.RULE_ARN, "FailedInvocations")).isEqualTo(1);
        assertThat(fake.metric(Setup.RULE_ARN, "InvocationsSentToDlq")).isEqualTo(1);
    }

    @Test
    void shouldSendExhaustedEventsToTheDeadLetterQueue() {
        // Given
        bridge.answerWith(503, 503, 503);

        // When
        fake.publish(Setup.event("c1"));

        // Then
        awaitDone();
        assertThat(bridge.requests()).hasSize(3);
        assertThat(texts(deadLetters().get(0)))
                .containsEntry("EXHAUSTED_RETRY_CONDITION", "MaximumRetryAttempts")
                .containsEntry("RETRY_ATTEMPTS", "2");
    }

    @Test
    void shouldGiveUpEventsThatAreTooOld() {
        // Given
        setup.putTarget(setup.target()
                .retryPolicy(policy -> policy.maximumRetryAttempts(185).maximumEventAgeInSeconds(60))
                .build());
        bridge.answerWith(503, "100");
        bridge.answerWith(503);

        // When
        fake.publish(Setup.event("c1"));

        // Then
        awaitDone();
        assertThat(texts(deadLetters().get(0)))
                .containsEntry("EXHAUSTED_RETRY_CONDITION", "MaximumEventAgeInSeconds")
                .containsEntry("RETRY_ATTEMPTS", "1");
    }

    @Test
    void shouldNotRetryAHostThatDoesNotResolve() {
        // Given
        clients.events.updateApiDestination(
                destination -> destination.name("handover").invocationEndpoint("https://bridge.invalid/"));

        // When
        fake.publish(Setup.event("c1"));

        // Then
        awaitDone();
        assertThat(texts(deadLetters().get(0)))
                .containsEntry("ERROR_CODE", "CONNECTION_FAILURE")
                .doesNotContainKey("RETRY_ATTEMPTS");
    }

    @Test
    void shouldRetryARefusedConnection() {
        // Given
        bridge.close();

        // When
        fake.publish(Setup.event("c1"));

        // Then
        awaitDone();
        assertThat(texts(deadLetters().get(0)))
                .containsEntry("ERROR_CODE", "CONNECTION_FAILURE")
                .containsEntry("RETRY_ATTEMPTS", "2");
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 407})
    void shouldDeauthorizeTheConnection(int status) {
        // Given
        bridge.answerWith(status);

        // When
        fake.publish(Setup.event("c1"));

        // Then
        awaitDone();
        DescribeConnectionResponse connection = clients.events.describeConnection(one -> one.name("handover"));
        assertThat(connection.connectionState()).isEqualTo(ConnectionState.DEAUTHORIZED);
        assertThat(connection.stateReason()).contains(String.valueOf(status));
        assertThat(destinationState()).isEqualTo(ApiDestinationState.INACTIVE);
        assertThat(bridge.requests()).hasSize(1);
        assertThat(deadLetters()).hasSize(1);
    }

    @Test
    void shouldDeliverAgainAfterTheConnectionIsAuthorized() {
        // Given
        setup.putTarget(setup.target()
                .retryPolicy(policy -> policy.maximumRetryAttempts(185).maximumEventAgeInSeconds(86_400))
                .build());
        bridge.answerWith(401);
        fake.publish(Setup.event("c1"));
        await().until(this::destinationState, ApiDestinationState.INACTIVE::equals);

        // When
        updateKey("second-key");

        // Then
        awaitDone();
        assertThat(nextRequest(2).headers().get("Authorization")).isEqualTo("second-key");
        assertThat(destinationState()).isEqualTo(ApiDestinationState.ACTIVE);
        assertThat(deadLetters()).isEmpty();
    }

    @Test
    void shouldUseTheOldKeyUntilTheNewOneIsAuthorized() {
        // Given
        fake.become(Behaviour.CALM.with(Behaviour.Trait.DESCRIBES_UNTIL_READY, 2));

        // When
        updateKey("second-key");

        // Then
        fake.publish(Setup.event("c1"));
        assertThat(nextRequest(1).headers().get("Authorization")).isEqualTo(Setup.KEY);
        setup.awaitAuthorized();
        fake.publish(Setup.event("c2"));
        assertThat(nextRequest(2).headers().get("Authorization")).isEqualTo("second-key");
    }

    @Test
    void shouldKeepTheNewKeyWhenTheOldOneIsRefusedMeanwhile() {
        // Given
        setup.putTarget(setup.target()
                .retryPolicy(policy -> policy.maximumRetryAttempts(185).maximumEventAgeInSeconds(86_400))
                .build());
        fake.become(Behaviour.CALM.with(Behaviour.Trait.DESCRIBES_UNTIL_READY, 2));
        bridge.answerWith(401);
        updateKey("second-key");

        // When
        fake.publish(Setup.event("c1"));

        // Then
        nextRequest(1);
        setup.awaitAuthorized();
        assertThat(nextRequest(2).headers().get("Authorization")).isEqualTo("second-key");
        awaitDone();
    }

    @Test
    void shouldNotAuthorizeAConnectionWithoutTypeAndParameters() {
        // Given
        bridge.answerWith(401);
        fake.publish(Setup.event("c1"));
        awaitDone();

        // When
        clients.events.updateConnection(connection -> connection
                .name("handover")
                .description("other")
                .authParameters(parameters -> parameters.apiKeyAuthParameters(
                        key -> key.apiKeyName("Authorization").apiKeyValue("second-key"))));

        // Then
        assertThat(destinationState()).isEqualTo(ApiDestinationState.INACTIVE);
    }

    @Test
    void shouldDropEventsForAnInactiveDestinationIfTold() {
        // Given
        fake.become(Behaviour.CALM.with(Behaviour.Trait.DROP_WHILE_INACTIVE, 1));
        bridge.answerWith(401);
        fake.publish(Setup.event("c1"));
        awaitDone();

        // When
        fake.publish(Setup.event("c2"));

        // Then
        assertThat(fake.openDeliveries()).isZero();
        assertThat(fake.metric(Setup.RULE_ARN, "InvocationsSentToDlq")).isEqualTo(2);
    }

    @Test
    void shouldPublishThatAConnectionIsDeauthorized() {
        // Given
        String topic = fake.addTopic("operators", """
                {"Statement":{"Effect":"Allow","Principal":{"Service":"events.amazonaws.com"},\
                "Action":"sns:Publish","Resource":"*"}}""");
        clients.events.putRule(rule -> rule.name("deauthorized").eventPattern("""
                {"source":["aws.events"],"detail-type":["Connection Deauthorized","API Destination Deactivated"]}"""));
        clients.events.putTargets(targets -> targets.rule("deauthorized")
                .targets(Target.builder().id("topic").arn(topic).build()));
        bridge.answerWith(401);

        // When
        fake.publish(Setup.event("c1"));

        // Then
        awaitDone();
        assertThat(fake.messages(topic))
                .extracting(message -> new JsonObject(message).getString("detail-type"))
                .containsExactly("Connection Deauthorized", "API Destination Deactivated");
        assertThat(fake.messages(topic)).noneMatch(message -> message.contains(Setup.KEY));
    }

    @Test
    void shouldNotPublishToATopicThatDoesNotAllowIt() {
        // Given
        String topic = fake.addTopic("operators", null);
        String rule = clients.events
                .putRule(one -> one.name("deauthorized").eventPattern("{\"source\":[\"aws.events\"]}"))
                .ruleArn();
        clients.events.putTargets(targets -> targets.rule("deauthorized")
                .targets(Target.builder().id("topic").arn(topic).build()));
        bridge.answerWith(401);

        // When
        fake.publish(Setup.event("c1"));

        // Then
        awaitDone();
        assertThat(fake.messages(topic)).isEmpty();
        assertThat(fake.metric(rule, "FailedInvocations")).isEqualTo(2);
    }

    @Test
    void shouldLoseEventsWhoseQueueHasNoPolicy() {
        // Given
        setup.setQueuePolicy("");
        bridge.answerWith(400);

        // When
        fake.publish(Setup.event("c1"));

        // Then
        awaitDone();
        assertThat(deadLetters()).isEmpty();
        assertThat(fake.metric(Setup.RULE_ARN, "InvocationsFailedToBeSentToDlq"))
                .isEqualTo(1);
    }

    @Test
    void shouldLoseEventsWhoseQueueAllowsAnotherRule() {
        // Given
        setup.setQueuePolicy(Setup.queuePolicy(Setup.RULE_ARN + "-2"));
        bridge.answerWith(400);

        // When
        fake.publish(Setup.event("c1"));

        // Then
        awaitDone();
        assertThat(fake.metric(Setup.RULE_ARN, "InvocationsFailedToBeSentToDlq"))
                .isEqualTo(1);
    }

    @Test
    void shouldLoseEventsWhoseQueueHasAKeyThatEventBridgeCannotUse() {
        // Given
        clients.sqs.setQueueAttributes(queue ->
                queue.queueUrl(setup.queueUrl).attributes(Map.of(QueueAttributeName.KMS_MASTER_KEY_ID, "alias/own")));
        bridge.answerWith(400, 400);
        fake.publish(Setup.event("c1"));
        awaitDone();

        // When
        fake.allowKey("alias/own");
        fake.publish(Setup.event("c2"));

        // Then
        awaitDone();
        assertThat(fake.metric(Setup.RULE_ARN, "InvocationsFailedToBeSentToDlq"))
                .isEqualTo(1);
        assertThat(fake.metric(Setup.RULE_ARN, "InvocationsSentToDlq")).isEqualTo(1);
    }

    @Test
    void shouldNotInvokeWithoutPermissionOfTheRole() {
        // Given
        clients.iam.putRolePolicy(policy -> policy.roleName("handover")
                .policyName("invoke")
                .policyDocument(Setup.INVOKE.replace("api-destination/handover/", "api-destination/other/")));

        // When
        fake.publish(Setup.event("c1"));

        // Then
        awaitDone();
        assertThat(bridge.requests()).isEmpty();
        assertThat(texts(deadLetters().get(0))).containsEntry("ERROR_CODE", "NO_PERMISSIONS");
    }

    @Test
    void shouldNotInvokeWithARoleThatEventBridgeCannotAssume() {
        // Given
        clients.iam.updateAssumeRolePolicy(
                role -> role.roleName("handover").policyDocument(Setup.TRUST.replace("123456789012", "210987654321")));

        // When
        fake.publish(Setup.event("c1"));

        // Then
        awaitDone();
        assertThat(texts(deadLetters().get(0))).containsEntry("ERROR_CODE", "FAILED_TO_ASSUME_ROLE");
    }

    @Test
    void shouldSendEventsForADeletedDestinationToTheDeadLetterQueue() {
        // Given
        clients.events.deleteApiDestination(destination -> destination.name("handover"));

        // When
        fake.publish(Setup.event("c1"));

        // Then
        awaitDone();
        assertThat(texts(deadLetters().get(0))).containsEntry("ERROR_CODE", "NO_RESOURCE");
    }

    @Test
    void shouldSendOnlyTheInputPath() {
        // Given
        setup.putTarget(setup.target().inputPath("$.detail.eventBody").build());

        // When
        fake.publish(Setup.event("c1"));

        // Then
        assertThat(nextRequest(1).body())
                .isEqualTo("{\"conversationId\":\"c1\",\"mediaType\":\"MESSAGE\",\"messageType\":\"OPEN\"}");
    }

    @Test
    void shouldSendTheTemplate() {
        // Given
        setup.putTarget(setup.target()
                .inputTransformer(transformer -> transformer
                        .inputPathsMap(Map.of("id", "$.detail.eventBody.conversationId"))
                        .inputTemplate("{\"conversation\":\"<id>\"}"))
                .build());

        // When
        fake.publish(Setup.event("c1"));

        // Then
        assertThat(nextRequest(1).body()).isEqualTo("{\"conversation\":\"c1\"}");
    }

    @Test
    void shouldFireASchedule() {
        // Given
        clients.events.putRule(rule -> rule.name("canary").scheduleExpression("rate(1 minute)"));

        // When
        clients.events.putTargets(targets -> targets.rule("canary")
                .targets(setup.target().input("{\"canary\":1}").build()));

        // Then
        assertThat(nextRequest(1).body()).isEqualTo("{\"canary\":1}");
        assertThat(nextRequest(2).body()).isEqualTo("{\"canary\":1}");
    }

    @Test
    void shouldStopTheScheduleOfADeletedRule() {
        // Given
        clients.events.putRule(rule -> rule.name("canary").scheduleExpression("rate(1 minute)"));
        clients.events.putTargets(
                targets -> targets.rule("canary").targets(setup.target().build()));
        nextRequest(1);

        // When
        clients.events.removeTargets(targets -> targets.rule("canary").ids("bridge"));
        clients.events.deleteRule(rule -> rule.name("canary"));

        // Then
        awaitDone();
        int count = bridge.requests().size();
        await().during(Duration.ofSeconds(1)).until(() -> bridge.requests().size() == count);
    }

    @Test
    void shouldKeepTheRateLimit() {
        // Given
        clients.events.updateApiDestination(
                destination -> destination.name("handover").invocationRateLimitPerSecond(10));

        // When
        for (int i = 0; i < 6; i++) {
            fake.publish(Setup.event("c" + i));
        }

        // Then
        awaitDone();
        List<Request> requests = bridge.requests();
        assertThat(Duration.ofNanos(requests.get(5).atNs() - requests.get(0).atNs()))
                .isGreaterThanOrEqualTo(Duration.ofMillis(250));
    }

    private void updateKey(String key) {
        clients.events.updateConnection(connection -> connection
                .name("handover")
                .authorizationType(ConnectionAuthorizationType.API_KEY)
                .authParameters(parameters -> parameters.apiKeyAuthParameters(
                        one -> one.apiKeyName("Authorization").apiKeyValue(key))));
    }

    private Request nextRequest(int count) {
        await().until(() -> bridge.requests().size() >= count);
        return bridge.requests().get(count - 1);
    }

    private void awaitDone() {
        await().until(() -> fake.openDeliveries() == 0);
    }

    private ApiDestinationState destinationState() {
        return clients.events
                .describeApiDestination(destination -> destination.name("handover"))
                .apiDestinationState();
    }

    private List<Message> deadLetters() {
        return clients.sqs
                .receiveMessage(receive ->
                        receive.queueUrl(setup.queueUrl).maxNumberOfMessages(10).messageAttributeNames("All"))
                .messages();
    }

    private static Map<String, String> texts(Message message) {
        return message.messageAttributes().entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, attribute -> text(attribute.getValue())));
    }

    private static String text(MessageAttributeValue value) {
        return value.stringValue();
    }
}
