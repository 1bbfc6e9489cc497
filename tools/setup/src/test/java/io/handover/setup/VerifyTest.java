package io.handover.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.handover.fakeaws.Behaviour;
import io.handover.setup.Clouds.Result;
import io.handover.terminal.CommandRunner;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.eventbridge.model.ApiDestinationState;
import software.amazon.awssdk.services.eventbridge.model.ConnectionAuthorizationType;
import software.amazon.awssdk.services.eventbridge.model.DeadLetterConfig;
import software.amazon.awssdk.services.eventbridge.model.RuleState;
import software.amazon.awssdk.services.eventbridge.model.Tag;
import software.amazon.awssdk.services.eventbridge.model.Target;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** What verify says about each way in which a set-up can be wrong. */
class VerifyTest {

    private static final JsonMapper MAPPER = new JsonMapper();
    private static final String ERROR = "error";
    private static final String WARNING = "warning";
    private static final String RULE = "handover";

    @TempDir
    Path folder;

    private BridgeStub bridge;
    private Clouds clouds;

    /**
     * A way to be wrong.
     *
     * @param injection makes a set-up wrong that was applied
     * @param check the check that finds it
     * @param severity what it says
     * @param words words that it says
     */
    private record Pitfall(
            String name, Consumer<VerifyTest> injection, String check, String severity, List<String> words) {

        Pitfall(String name, Consumer<VerifyTest> injection, String check, String severity, String... words) {
            this(name, injection, check, severity, List.of(words));
        }

        @Override
        public String toString() {
            return name;
        }
    }

    @BeforeEach
    void setUp() {
        bridge = new BridgeStub(folder);
        bridge.keys.add(Clouds.KEY);
        clouds = new Clouds(folder, "eu-central-1", Behaviour.CALM);
        clouds.aws.trust(bridge.certificate());
        clouds.settings.put("endpoint.url", bridge.url());
        clouds.settings.put("bridge.metrics.urls", bridge.metricsUrl());
        Result applied = clouds.run("apply", "--yes");
        assertThat(applied.code()).as(applied.err()).isEqualTo(CommandRunner.EXIT_OK);
    }

    @AfterEach
    void tearDown() {
        clouds.close();
        bridge.close();
    }

    static Collection<Pitfall> pitfalls() {
        return List.of(
                new Pitfall(
                        "401 has de-authorized the connection",
                        test -> test.deauthorize(),
                        "connection",
                        ERROR,
                        "DEAUTHORIZED",
                        "rotate-key"),
                new Pitfall(
                        "its API destination is inactive",
                        test -> test.deauthorize(),
                        "API destination",
                        ERROR,
                        "INACTIVE"),
                new Pitfall(
                        "the header of the key is another one",
                        test -> test.clouds
                                .events()
                                .updateConnection(r -> r.name("handover")
                                        .authorizationType(ConnectionAuthorizationType.API_KEY)
                                        .authParameters(p -> p.apiKeyAuthParameters(
                                                k -> k.apiKeyName("X-Key").apiKeyValue(Clouds.KEY)))),
                        "key header",
                        ERROR,
                        "X-Key"),
                new Pitfall(
                        "another key was sent last",
                        test -> test.change("api.key", "second-key", test.bridge.keys),
                        "key",
                        WARNING,
                        "rotate-key"),
                new Pitfall(
                        "the destination sends elsewhere",
                        test -> test.clouds
                                .events()
                                .updateApiDestination(
                                        r -> r.name("handover").invocationEndpoint("https://elsewhere.example/")),
                        "API destination",
                        ERROR,
                        "https://elsewhere.example/"),
                new Pitfall(
                        "the partner source is gone",
                        test -> test.clouds.aws.deletePartnerSource(Clouds.SOURCE),
                        "event source",
                        ERROR,
                        "Genesys"),
                new Pitfall(
                        "the rule is disabled",
                        test -> test.putRule(test.pattern(), RuleState.DISABLED),
                        "rule",
                        ERROR,
                        "DISABLED"),
                new Pitfall(
                        "the pattern drops events without messageType",
                        test -> test.putRule(test.pattern().replace(",{\"exists\":false}", ""), RuleState.ENABLED),
                        "rule",
                        ERROR,
                        "does not match a message without messageType"),
                new Pitfall(
                        "the pattern has a real id instead of {id}",
                        test -> test.putRule(test.pattern().replace("{id}", "0b9d1c52"), RuleState.ENABLED),
                        "rule",
                        ERROR,
                        "does not match"),
                new Pitfall(
                        "the target has an input path",
                        test -> test.putTarget(target -> target.inputPath("$.detail")),
                        "target",
                        ERROR,
                        "input path $.detail"),
                new Pitfall(
                        "the target has no dead letter queue",
                        test -> test.putTarget(target -> target.deadLetterConfig((DeadLetterConfig) null)),
                        "target",
                        ERROR,
                        "no dead letter queue"),
                new Pitfall(
                        "the target gives up early",
                        test -> test.putTarget(target -> target.retryPolicy(
                                r -> r.maximumEventAgeInSeconds(60).maximumRetryAttempts(0))),
                        "target",
                        WARNING,
                        "24 hours"),
                new Pitfall(
                        "the role does not trust EventBridge",
                        test -> test.clouds
                                .iam()
                                .updateAssumeRolePolicy(
                                        r -> r.roleName("handover-send").policyDocument("""
                                        {"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"sts:AssumeRole",\
                                        "Principal":{"Service":"lambda.amazonaws.com"}}}""")),
                        "role",
                        ERROR,
                        "does not trust EventBridge"),
                new Pitfall(
                        "the role may not send to a destination that was made again",
                        test -> test.clouds
                                .iam()
                                .putRolePolicy(r -> r.roleName("handover-send")
                                        .policyName("send")
                                        .policyDocument("""
                                        {"Version":"2012-10-17","Statement":{"Effect":"Allow",\
                                        "Action":"events:InvokeApiDestination","Resource":\
                                        "arn:aws:events:eu-central-1:123456789012:api-destination/handover/old"}}""")),
                        "role",
                        ERROR,
                        "may not send"),
                new Pitfall(
                        "the queue has no policy",
                        test -> test.setQueue(QueueAttributeName.POLICY, ""),
                        "dead letter queue",
                        ERROR,
                        "policy does not let the rule send"),
                new Pitfall(
                        "the policy of the queue names another rule",
                        test -> test.setQueue(
                                QueueAttributeName.POLICY,
                                test.queue(QueueAttributeName.POLICY).replace("/handover\"", "/other\"")),
                        "dead letter queue",
                        ERROR,
                        "policy does not let the rule send"),
                new Pitfall(
                        "the queue has a KMS key of its own",
                        test -> test.setQueue(QueueAttributeName.KMS_MASTER_KEY_ID, "alias/own"),
                        "dead letter queue",
                        WARNING,
                        "alias/own",
                        "kms:GenerateDataKey"),
                new Pitfall(
                        "the queue forgets early",
                        test -> test.setQueue(QueueAttributeName.MESSAGE_RETENTION_PERIOD, "3600"),
                        "dead letter queue",
                        WARNING,
                        "3600 s"),
                new Pitfall(
                        "deliveries failed",
                        test -> test.failADelivery(),
                        "dead letters",
                        WARNING,
                        "about 1",
                        "dlq list"),
                new Pitfall(
                        "the archive is missing",
                        test -> test.clouds.events().deleteArchive(r -> r.archiveName("handover")),
                        "archive",
                        WARNING,
                        "missing"),
                new Pitfall(
                        "the archive has another pattern",
                        test -> test.clouds
                                .events()
                                .updateArchive(r -> r.archiveName("handover").eventPattern("{\"source\":[\"other\"]}")),
                        "archive",
                        WARNING,
                        "another pattern"),
                new Pitfall(
                        "an alarm is missing",
                        test -> test.clouds.cloudWatch().deleteAlarms(r -> r.alarmNames("handover-lost")),
                        "alarm handover-lost",
                        WARNING,
                        "missing"),
                new Pitfall(
                        "the de-authorization rule is missing",
                        test -> test.clouds.events().deleteRule(r -> r.name("handover-deauthorized")),
                        "de-authorization rule",
                        ERROR,
                        "missing"),
                new Pitfall(
                        "the host does not resolve",
                        test -> test.clouds.settings.put("endpoint.url", "https://bridge.invalid/handover"),
                        "address of the endpoint",
                        ERROR,
                        "does not resolve"),
                new Pitfall(
                        "no public authority has signed the certificate",
                        test -> test.bridge.distrust(),
                        "TLS of the endpoint",
                        ERROR,
                        "whole chain"),
                new Pitfall(
                        "the certificate is for another host",
                        test -> test.clouds.settings.put(
                                "endpoint.url", test.bridge.url().replace("localhost", "127.0.0.1")),
                        "TLS of the endpoint",
                        ERROR,
                        "another host name"),
                new Pitfall(
                        "the endpoint wants a client certificate",
                        test -> test.bridge.wantCertificate(),
                        "TLS of the endpoint",
                        ERROR,
                        "client certificate"),
                new Pitfall(
                        "the target takes another role",
                        test -> test.putTarget(target -> target.roleArn(test.clouds
                                .iam()
                                .createRole(r -> r.roleName("other").assumeRolePolicyDocument("""
                                        {"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"sts:AssumeRole",\
                                        "Principal":{"Service":"events.amazonaws.com"}}}"""))
                                .role()
                                .arn())),
                        "target",
                        ERROR,
                        "takes the role"),
                new Pitfall(
                        "Genesys cannot send a topic",
                        test -> test.clouds.genesys.integrations().withhold("v2.detail.events.conversation.{id}.acw"),
                        "topics of Genesys",
                        ERROR,
                        "cannot be sent",
                        "acw"),
                new Pitfall(
                        "the integration sends elsewhere",
                        test -> test.clouds
                                .genesys
                                .integrations()
                                .edit(
                                        test.integrationId(),
                                        new JsonObject()
                                                .put("awsAccountId", "999999999999")
                                                .put("awsAccountRegion", "eu-central-1")
                                                .put("eventSourceSuffix", Clouds.SUFFIX)),
                        "Genesys integration",
                        ERROR,
                        "another account"),
                new Pitfall(
                        "the bridge does not know the key",
                        test -> test.bridge.keys.clear(),
                        "bridge",
                        ERROR,
                        "refuses the key with 401"),
                new Pitfall(
                        "the path is wrong",
                        test -> test.clouds.settings.put(
                                "endpoint.url", test.bridge.url().replace("genesysCloudOM", "other")),
                        "bridge",
                        ERROR,
                        "404"),
                new Pitfall(
                        "something else answers 200",
                        test -> test.bridge.always = new BridgeStub.Answer(200, "<html>welcome</html>"),
                        "bridge",
                        WARNING,
                        "not as the bridge does"),
                new Pitfall(
                        "the endpoint redirects",
                        test -> test.bridge.always = new BridgeStub.Answer(301, "", "https://other.example/"),
                        "bridge",
                        ERROR,
                        "redirects"),
                new Pitfall(
                        "the bridge has another organisation",
                        test -> test.bridge.always = new BridgeStub.Answer(403, "{\"outcome\":\"other-organization\"}"),
                        "bridge",
                        ERROR,
                        Clouds.SUFFIX),
                new Pitfall(
                        "the integration is disabled",
                        test -> test.clouds.genesys.integrations().setEnabled(test.integrationId(), false),
                        "Genesys integration",
                        ERROR,
                        "DISABLED"),
                new Pitfall(
                        "the integration lacks topics",
                        test -> test.clouds
                                .genesys
                                .integrations()
                                .edit(
                                        test.integrationId(),
                                        new JsonObject()
                                                .put("awsAccountId", "123456789012")
                                                .put("awsAccountRegion", "eu-central-1")
                                                .put("eventSourceSuffix", Clouds.SUFFIX)
                                                .put(
                                                        "eventFilter",
                                                        new JsonArray().add("v2.detail.events.conversation.{id}.acw"))),
                        "Genesys integration",
                        ERROR,
                        "does not send",
                        "customer.end"),
                new Pitfall(
                        "a killed canary has left its rule",
                        test -> test.clouds
                                .events()
                                .putRule(r -> r.name("handover-canary")
                                        .scheduleExpression("rate(1 minute)")
                                        .tags(List.of(Tag.builder()
                                                .key("handover:setup")
                                                .value("handover")
                                                .build()))),
                        "canary rule",
                        WARNING,
                        "verify --canary"),
                new Pitfall(
                        "a permission is missing",
                        test -> test.clouds.aws.setCallerPolicy("""
                                {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"},\
                                {"Effect":"Deny","Action":"events:DescribeArchive","Resource":"*"}]}"""),
                        "archive",
                        "unchecked",
                        "events:DescribeArchive"));
    }

    @ParameterizedTest
    @MethodSource("pitfalls")
    void shouldFindThePitfall(Pitfall pitfall) throws IOException {
        // Given
        pitfall.injection().accept(this);
        // When
        Result result = clouds.run("verify", "--json");
        // Then
        assertThat(findings(result))
                .as(result.out() + result.err())
                .filteredOn(finding -> finding.path("check").asText().equals(pitfall.check()))
                .filteredOn(finding -> finding.path("severity").asText().equals(pitfall.severity()))
                .anySatisfy(finding -> assertThat(finding.path("found").asText()
                                + ". "
                                + finding.path("advice").asText())
                        .contains(pitfall.words()));
        assertThat(result.code())
                .isEqualTo(pitfall.severity().equals(WARNING) ? CommandRunner.EXIT_OK : CommandRunner.EXIT_FAILURE);
    }

    @Test
    void shouldFindNothingWrongAndHaveNoCheckThatCannotFail() throws IOException {
        // Given
        Set<String> failing = new TreeSet<>();
        pitfalls().forEach(pitfall -> failing.add(pitfall.check()));
        // When
        Result result = clouds.run("verify", "--json");
        // Then
        assertThat(result.code()).as(result.out() + result.err()).isEqualTo(CommandRunner.EXIT_OK);
        assertThat(findings(result))
                .filteredOn(finding -> !finding.path("severity").asText().equals("ok"))
                .singleElement()
                .satisfies(finding -> assertThat(finding.path("check").asText()).isEqualTo("address of the endpoint"));
        assertThat(findings(result))
                .extracting(finding -> finding.path("check").asText())
                // They fail in other tests: no credentials, nothing applied; one alarm is as good as nine.
                .filteredOn(check -> !Set.of("credentials", "event bus").contains(check))
                .filteredOn(check -> !check.startsWith("alarm "))
                .isSubsetOf(failing);
    }

    @Test
    void shouldNotBeginWithoutCredentials() {
        // Given
        clouds.aws.expireCredentials();
        // When
        Result result = clouds.run("verify");
        // Then
        assertThat(result.code()).isEqualTo(CommandRunner.EXIT_FAILURE);
        assertThat(result.err().lines()).singleElement().asString().contains("AWS refuses sts:GetCallerIdentity");
    }

    /** With 401, EventBridge would deliver nothing any more. */
    @Test
    void shouldFindThatSomethingAnswers401ToEventBridge() throws IOException {
        // Given
        bridge.hidesUserAgent = true;
        // When
        Result result = clouds.run("verify", "--canary", "--json");
        // Then
        assertThat(findings(result))
                .filteredOn(finding -> finding.path("check").asText().equals("a wrong key"))
                .singleElement()
                .satisfies(finding -> assertThat(finding.path("found").asText()).startsWith("gets 401"));
    }

    /** What others have made is not replaced for a test. */
    @Test
    void shouldLeaveARuleOfOthersAlone() throws IOException {
        // Given
        clouds.events().putRule(r -> r.name("handover-canary").eventPattern("{\"source\":[\"theirs\"]}"));
        // When
        Result result = clouds.run("verify", "--canary", "--json");
        // Then
        assertThat(result.code()).isEqualTo(CommandRunner.EXIT_FAILURE);
        assertThat(result.out()).contains("others have a rule with the name handover-canary");
        assertThat(clouds.events().describeRule(r -> r.name("handover-canary")).eventPattern())
                .contains("theirs");
    }

    /** A KMS key of the user is kept. */
    @Test
    void shouldPlanNothingForAQueueWithItsOwnKey() {
        // Given
        setQueue(QueueAttributeName.KMS_MASTER_KEY_ID, "alias/own");
        // When
        Result plan = clouds.run("plan");
        // Then
        assertThat(plan.code()).as(plan.out()).isEqualTo(CommandRunner.EXIT_OK);
    }

    @Test
    void shouldSayWhatIsMissingBeforeAnythingIsApplied() throws IOException {
        // Given
        clouds.run("destroy", "--yes", "--with-archive", "--with-queue");
        clouds.aws.addPartnerSource(Clouds.SOURCE);
        // When
        Result result = clouds.run("verify", "--json", "--only", "aws");
        // Then
        assertThat(result.code()).isEqualTo(CommandRunner.EXIT_FAILURE);
        assertThat(findings(result))
                .filteredOn(finding -> finding.path("found").asText().equals("missing"))
                .extracting(finding -> finding.path("check").asText())
                .contains("connection", "API destination", "event bus", "rule", "target", "role", "dead letter queue");
        assertThat(findings(result))
                .filteredOn(finding -> finding.path("check").asText().equals("event source"))
                .singleElement()
                .satisfies(finding -> assertThat(finding.path("found").asText()).startsWith("PENDING until"));
    }

    @Test
    void shouldSendACanaryThroughEventBridgeAndRemoveIt() throws IOException {
        // When
        Result result = clouds.run("verify", "--canary", "--json");
        // Then
        assertThat(findings(result))
                .as(result.out() + result.err())
                .filteredOn(finding -> finding.path("check").asText().equals("canary"))
                .singleElement()
                .satisfies(
                        finding -> assertThat(finding.path("severity").asText()).isEqualTo("ok"));
        assertThat(clouds.aws.resources()).noneMatch(arn -> arn.contains("canary"));
        assertThat(bridge.stored).isEmpty();
    }

    @Test
    void shouldRemoveTheCanaryAlsoIfItDoesNotArrive() throws IOException {
        // Given
        bridge.keys.clear();
        // When
        Result result = clouds.run("verify", "--canary", "--json");
        // Then
        assertThat(findings(result))
                .filteredOn(finding -> finding.path("check").asText().equals("canary"))
                .singleElement()
                .satisfies(
                        finding -> assertThat(finding.path("severity").asText()).isEqualTo(ERROR));
        assertThat(clouds.aws.resources()).noneMatch(arn -> arn.contains("canary"));
    }

    private static List<JsonNode> findings(Result result) throws IOException {
        return MAPPER.readTree(result.out()).path("findings").valueStream().toList();
    }

    private void deauthorize() {
        bridge.always = new BridgeStub.Answer(401, "");
        clouds.aws.publish(Clouds.event(1));
        await().until(() ->
                clouds.events().describeApiDestination(r -> r.name("handover")).apiDestinationState()
                        == ApiDestinationState.INACTIVE);
        bridge.always = null;
    }

    private void failADelivery() {
        bridge.always = new BridgeStub.Answer(400, "{\"outcome\":\"unreadable\"}");
        clouds.aws.publish(Clouds.event(1));
        await().until(() -> clouds.aws.openDeliveries() == 0 && clouds.deadLetters() == 1);
        bridge.always = null;
    }

    private void change(String setting, String value, Set<String> accepted) {
        accepted.add(value);
        clouds.settings.put(setting, value);
    }

    private String pattern() {
        return clouds.events()
                .describeRule(r -> r.name(RULE).eventBusName(Clouds.SOURCE))
                .eventPattern();
    }

    private void putRule(String pattern, RuleState state) {
        clouds.events()
                .putRule(r -> r.name(RULE)
                        .eventBusName(Clouds.SOURCE)
                        .eventPattern(pattern)
                        .state(state));
    }

    private void putTarget(Consumer<Target.Builder> change) {
        Target target = clouds.events()
                .listTargetsByRule(r -> r.rule(RULE).eventBusName(Clouds.SOURCE))
                .targets()
                .get(0);
        Target.Builder changed = target.toBuilder();
        change.accept(changed);
        clouds.events().putTargets(r -> r.rule(RULE).eventBusName(Clouds.SOURCE).targets(changed.build()));
    }

    private String queue(QueueAttributeName name) {
        return clouds.sqs()
                .getQueueAttributes(r -> r.queueUrl(clouds.deadLettersUrl()).attributeNames(QueueAttributeName.ALL))
                .attributes()
                .getOrDefault(name, "");
    }

    private void setQueue(QueueAttributeName name, String value) {
        clouds.sqs().setQueueAttributes(r -> r.queueUrl(clouds.deadLettersUrl()).attributes(Map.of(name, value)));
    }

    private String integrationId() {
        return clouds.genesys.integrations().all().get(0).getString("id");
    }
}
