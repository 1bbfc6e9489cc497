package io.handover.fakeaws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.cloudwatch.model.ComparisonOperator;
import software.amazon.awssdk.services.eventbridge.model.ConnectionAuthorizationType;
import software.amazon.awssdk.services.eventbridge.model.Target;
import software.amazon.awssdk.services.iam.model.DeleteConflictException;
import software.amazon.awssdk.services.iam.model.EntityAlreadyExistsException;
import software.amazon.awssdk.services.iam.model.EvaluationResult;
import software.amazon.awssdk.services.iam.model.ListRoleTagsResponse;
import software.amazon.awssdk.services.iam.model.MalformedPolicyDocumentException;
import software.amazon.awssdk.services.iam.model.NoSuchEntityException;
import software.amazon.awssdk.services.iam.model.PolicyEvaluationDecisionType;
import software.amazon.awssdk.services.iam.model.Role;
import software.amazon.awssdk.services.iam.model.Tag;
import software.amazon.awssdk.services.sts.model.GetCallerIdentityResponse;

class PermissionsTest {

    private final FakeAws fake = FakeAws.start(0, "eu-central-1", Behaviour.CALM);
    private final Clients clients = new Clients(fake);

    @AfterEach
    void tearDown() {
        clients.close();
        fake.close();
    }

    @Test
    void shouldCreateARole() {
        // When
        clients.iam.createRole(role -> role.roleName("handover")
                .path("/service/")
                .description("text & more")
                .assumeRolePolicyDocument(Setup.TRUST)
                .tags(tag("a", "1"), tag("b", "2")));

        // Then
        Role role = clients.iam.getRole(one -> one.roleName("handover")).role();
        assertThat(role.arn()).isEqualTo("arn:aws:iam::123456789012:role/service/handover");
        assertThat(role.path()).isEqualTo("/service/");
        assertThat(role.description()).isEqualTo("text & more");
        assertThat(role.roleId()).startsWith("AROA");
        assertThat(role.createDate()).isNotNull();
        assertThat(decoded(role.assumeRolePolicyDocument())).isEqualTo(Setup.TRUST);
        assertThat(clients.iam.listRoleTags(list -> list.roleName("handover")).tags())
                .containsExactly(tag("a", "1"), tag("b", "2"));
    }

    @Test
    void shouldListTagsOfARoleInPages() {
        // Given
        createRole();
        clients.iam.tagRole(role -> role.roleName("handover").tags(tag("a", "1"), tag("b", "2"), tag("c", "3")));
        fake.become(Behaviour.USUAL);

        // When
        ListRoleTagsResponse first = clients.iam.listRoleTags(list -> list.roleName("handover"));
        ListRoleTagsResponse second =
                clients.iam.listRoleTags(list -> list.roleName("handover").marker(first.marker()));

        // Then
        assertThat(first.isTruncated()).isTrue();
        assertThat(first.tags()).containsExactly(tag("a", "1"), tag("b", "2"));
        assertThat(second.isTruncated()).isFalse();
        assertThat(second.tags()).containsExactly(tag("c", "3"));
    }

    @Test
    void shouldRefuseASecondRole() {
        // Given
        createRole();

        // When / Then
        assertThatThrownBy(this::createRole).isInstanceOf(EntityAlreadyExistsException.class);
    }

    @Test
    void shouldNotDeleteARoleWithPolicies() {
        // Given
        createRole();
        clients.iam.putRolePolicy(
                policy -> policy.roleName("handover").policyName("invoke").policyDocument(Setup.INVOKE));

        // When / Then
        assertThatThrownBy(() -> clients.iam.deleteRole(role -> role.roleName("handover")))
                .isInstanceOf(DeleteConflictException.class);
        clients.iam.deleteRolePolicy(policy -> policy.roleName("handover").policyName("invoke"));
        clients.iam.deleteRole(role -> role.roleName("handover"));
        assertThatThrownBy(() -> clients.iam.getRole(role -> role.roleName("handover")))
                .isInstanceOf(NoSuchEntityException.class);
        assertThat(fake.resources()).isEmpty();
    }

    @Test
    void shouldKeepThePolicyOfARole() {
        // Given
        createRole();

        // When
        clients.iam.putRolePolicy(
                policy -> policy.roleName("handover").policyName("invoke").policyDocument(Setup.INVOKE));

        // Then
        String document = clients.iam
                .getRolePolicy(policy -> policy.roleName("handover").policyName("invoke"))
                .policyDocument();
        assertThat(decoded(document)).isEqualTo(Setup.INVOKE);
        assertThatThrownBy(() -> clients.iam.getRolePolicy(
                        policy -> policy.roleName("handover").policyName("other")))
                .isInstanceOf(NoSuchEntityException.class);
    }

    static Stream<String> shouldRefuseAPolicy() {
        return Stream.of(
                "text",
                "{}",
                "{\"Statement\":[{\"Effect\":\"allow\",\"Action\":\"*\",\"Resource\":\"*\"}]}",
                "{\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"*\"}]}",
                "{\"Statement\":[{\"Effect\":\"Allow\",\"Resource\":\"*\"}]}",
                "{\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\",\"Principal\":\"*\"}]}",
                "{\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\",\"Resources\":\"*\"}]}",
                "{\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\","
                        + "\"Condition\":{\"IpAddress\":{\"aws:SourceIp\":\"10.0.0.0/8\"}}}]}");
    }

    @ParameterizedTest
    @MethodSource
    void shouldRefuseAPolicy(String document) {
        // Given
        createRole();

        // When / Then
        assertThatThrownBy(() -> clients.iam.putRolePolicy(
                        policy -> policy.roleName("handover").policyName("x").policyDocument(document)))
                .isInstanceOf(MalformedPolicyDocumentException.class);
    }

    @Test
    void shouldSimulateThePoliciesOfARole() {
        // Given
        String role = createRole();
        clients.iam.putRolePolicy(
                policy -> policy.roleName("handover").policyName("x").policyDocument("""
                        {"Statement":[{"Effect":"Allow","Action":"events:Invoke*","Resource":"arn:aws:events:*:*:a/*"},
                        {"Effect":"Deny","Action":"*","Resource":"*/secret",
                        "Condition":{"StringNotLike":{"aws:PrincipalTag/team":"bot*"}}}]}"""));

        // When
        List<EvaluationResult> results = clients.iam
                .simulatePrincipalPolicy(simulation -> simulation
                        .policySourceArn(role)
                        .actionNames("events:InvokeApiDestination", "events:PutRule")
                        .resourceArns("arn:aws:events:eu-central-1:1:a/b", "arn:aws:events:eu-central-1:1:a/secret"))
                .evaluationResults();

        // Then
        assertThat(results)
                .extracting(EvaluationResult::evalDecision)
                .containsExactly(
                        PolicyEvaluationDecisionType.ALLOWED,
                        PolicyEvaluationDecisionType.EXPLICIT_DENY,
                        PolicyEvaluationDecisionType.IMPLICIT_DENY,
                        PolicyEvaluationDecisionType.EXPLICIT_DENY);
    }

    @Test
    void shouldSimulateTheCaller() {
        // Given
        fake.setCallerPolicy("""
                {"Statement":{"Effect":"Allow","Action":["iam:SimulatePrincipalPolicy","sqs:*"],"Resource":"*"}}""");
        GetCallerIdentityResponse caller = clients.sts.getCallerIdentity();

        // When
        List<EvaluationResult> results = clients.iam
                .simulatePrincipalPolicy(simulation ->
                        simulation.policySourceArn(caller.arn()).actionNames("sqs:SendMessage", "events:PutRule"))
                .evaluationResults();

        // Then
        assertThat(caller.account()).isEqualTo(FakeAws.ACCOUNT);
        assertThat(results)
                .extracting(EvaluationResult::evalDecision)
                .containsExactly(PolicyEvaluationDecisionType.ALLOWED, PolicyEvaluationDecisionType.IMPLICIT_DENY);
    }

    static Stream<Map.Entry<String, Consumer<Clients>>> shouldRefuseWhatThePolicyDoesNotAllow() {
        return Stream.of(
                Map.entry("events:ListEventSources", clients -> clients.events.listEventSources(list -> {})),
                Map.entry(
                        "events:PutRule",
                        clients -> clients.events.putRule(rule -> rule.name("r").eventPattern("{\"a\":[1]}"))),
                Map.entry("sqs:CreateQueue", clients -> clients.sqs.createQueue(queue -> queue.queueName("q"))),
                Map.entry("iam:GetRole", clients -> clients.iam.getRole(role -> role.roleName("r"))),
                Map.entry("cloudwatch:DescribeAlarms", clients -> clients.cloudWatch.describeAlarms()),
                Map.entry(
                        "cloudwatch:PutMetricAlarm",
                        clients -> clients.cloudWatch.putMetricAlarm(alarm -> alarm.alarmName("a")
                                .comparisonOperator(ComparisonOperator.GREATER_THAN_THRESHOLD)
                                .evaluationPeriods(1))),
                Map.entry(
                        "sns:GetTopicAttributes",
                        clients -> clients.sns.getTopicAttributes(
                                topic -> topic.topicArn("arn:aws:sns:eu-central-1:123456789012:t"))));
    }

    @ParameterizedTest
    @MethodSource
    void shouldRefuseWhatThePolicyDoesNotAllow(Map.Entry<String, Consumer<Clients>> call) {
        // Given
        fake.setCallerPolicy("""
                {"Statement":[{"Effect":"Allow","Action":"*","Resource":"*"},\
                {"Effect":"Deny","Action":"%s","Resource":"*"}]}""".formatted(call.getKey()));

        // When / Then
        assertThatThrownBy(() -> call.getValue().accept(clients))
                .isInstanceOfSatisfying(AwsServiceException.class, error -> {
                    assertThat(error.statusCode()).isEqualTo(403);
                    assertThat(error.awsErrorDetails().errorCode()).startsWith("AccessDenied");
                    assertThat(error).hasMessageContaining("is not authorized to perform: " + call.getKey());
                });
    }

    @Test
    void shouldLimitActionsToResources() {
        // Given
        fake.setCallerPolicy("""
                {"Statement":{"Effect":"Allow","Action":"sqs:*",\
                "Resource":"arn:aws:sqs:eu-central-1:123456789012:handover-*"}}""");

        // When / Then
        assertThat(clients.sqs
                        .createQueue(queue -> queue.queueName("handover-1"))
                        .queueUrl())
                .isNotEmpty();
        assertThatThrownBy(() -> clients.sqs.createQueue(queue -> queue.queueName("other")))
                .hasMessageContaining("arn:aws:sqs:eu-central-1:123456789012:other");
        assertThat(clients.sts.getCallerIdentity().arn()).isEqualTo("arn:aws:iam::123456789012:user/operator");
    }

    @Test
    void shouldNeedPassRoleForATarget() {
        // Given
        String role = createRole();
        clients.events.putRule(rule -> rule.name("r").eventPattern("{\"a\":[1]}"));
        fake.setCallerPolicy("""
                {"Statement":[{"Effect":"Allow","Action":"events:*","Resource":"*"},{"Effect":"Allow",\
                "Action":"iam:PassRole","Resource":"*","Condition":{"StringEquals":\
                {"iam:PassedToService":"lambda.amazonaws.com"}}}]}""");

        // When / Then
        assertThatThrownBy(() -> clients.events.putTargets(targets -> targets.rule("r")
                        .targets(Target.builder()
                                .id("1")
                                .arn(Setup.QUEUE_ARN)
                                .roleArn(role)
                                .build())))
                .hasMessageContaining("iam:PassRole on resource: " + role);
    }

    @Test
    void shouldNeedMoreThanTheActionForTheFirstConnection() {
        // Given
        String allowed = "\"events:*\"";

        // When / Then
        for (String missing : List.of(
                "iam:CreateServiceLinkedRole", "secretsmanager:CreateSecret", "secretsmanager:PutSecretValue")) {
            allow(allowed);
            assertThatThrownBy(this::createConnection).hasMessageContaining(missing);
            allowed += ",\"" + missing + "\"";
        }
        allow(allowed);
        createConnection();
        assertThat(fake.resources()).hasSize(1);
    }

    @Test
    void shouldNeedTagResourceForTags() {
        // Given
        allow("\"events:PutRule\"");
        var ruleTag = software.amazon.awssdk.services.eventbridge.model.Tag.builder()
                .key("a")
                .value("1")
                .build();

        // When / Then
        assertThatThrownBy(() -> clients.events.putRule(
                        rule -> rule.name("r").eventPattern("{\"a\":[1]}").tags(List.of(ruleTag))))
                .hasMessageContaining("events:TagResource");
        assertThat(fake.resources()).isEmpty();
    }

    @Test
    void shouldAllowEverythingAgain() {
        // Given
        allow("\"sqs:*\"");

        // When
        fake.allowEverything();

        // Then
        assertThat(clients.events.listEventSources(list -> {}).eventSources()).isEmpty();
    }

    @Test
    void shouldRefuseUnknownAndExpiredCredentials() {
        // When / Then
        try (Clients other = new Clients(fake, "AKIAOTHER", "eu-central-1")) {
            assertThatThrownBy(() -> other.sts.getCallerIdentity())
                    .extracting(error ->
                            ((AwsServiceException) error).awsErrorDetails().errorCode())
                    .isEqualTo("InvalidClientTokenId");
            assertThatThrownBy(() -> other.events.listEventSources(list -> {}))
                    .extracting(error ->
                            ((AwsServiceException) error).awsErrorDetails().errorCode())
                    .isEqualTo("UnrecognizedClientException");
        }
        fake.expireCredentials();
        assertThatThrownBy(() -> clients.sts.getCallerIdentity())
                .extracting(
                        error -> ((AwsServiceException) error).awsErrorDetails().errorCode())
                .isEqualTo("ExpiredToken");
    }

    private void allow(String actions) {
        fake.setCallerPolicy(
                "{\"Statement\":{\"Effect\":\"Allow\",\"Action\":[%s],\"Resource\":\"*\"}}".formatted(actions));
    }

    private void createConnection() {
        clients.events.createConnection(connection -> connection
                .name("handover")
                .authorizationType(ConnectionAuthorizationType.API_KEY)
                .authParameters(parameters -> parameters.apiKeyAuthParameters(
                        key -> key.apiKeyName("Authorization").apiKeyValue("a-key"))));
    }

    private String createRole() {
        return clients.iam
                .createRole(role -> role.roleName("handover").assumeRolePolicyDocument(Setup.TRUST))
                .role()
                .arn();
    }

    private static String decoded(String document) {
        return URLDecoder.decode(document, StandardCharsets.UTF_8);
    }

    private static Tag tag(String key, String value) {
        return Tag.builder().key(key).value(value).build();
    }
}
