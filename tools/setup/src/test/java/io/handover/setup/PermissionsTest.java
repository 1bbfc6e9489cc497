package io.handover.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.handover.fakeaws.FakeAws;
import io.handover.setup.Clouds.Result;
import io.handover.terminal.CommandRunner;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** The policies of docs/setup.md: each command works with them, and with nothing less. */
class PermissionsTest {

    private static final Path PAGE = Path.of("..", "..", "docs", "setup.md");

    /** What AWS asks for when it makes the secret of a connection, and the fake does not. */
    private static final List<String> NOT_IN_THE_FAKE =
            List.of("secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret");

    private static final Set<String> FOR_CHANGES = Set.of(
            "events:UpdateConnection",
            "events:UpdateApiDestination",
            "events:UpdateArchive",
            "iam:UpdateAssumeRolePolicy",
            "sqs:SetQueueAttributes",
            "secretsmanager:UpdateSecret");

    private static final String NEW_KEY = "second-key-91b3";

    @TempDir
    Path folder;

    private BridgeStub bridge;

    @BeforeEach
    void startBridge() {
        bridge = new BridgeStub(folder);
        bridge.keys.addAll(List.of(Clouds.KEY, NEW_KEY));
    }

    @AfterEach
    void stopBridge() {
        bridge.close();
    }

    @Test
    void shouldWorkWithThePoliciesOfTheDocumentation() throws IOException {
        try (Clouds clouds = clouds()) {
            // When
            clouds.aws.setCallerPolicy(policy("plan"));
            Result plan = clouds.run("plan");
            clouds.aws.setCallerPolicy(policy("plan", "apply"));
            Result applied = clouds.run("apply", "--yes");
            change(clouds);
            clouds.aws.setCallerPolicy(policy("plan", "apply"));
            Result changed = clouds.run("apply", "--yes");
            clouds.aws.setCallerPolicy(policy("plan"));
            Result again = clouds.run("plan");
            Result verified = clouds.run("verify");
            clouds.aws.setCallerPolicy(policy("plan", "canary"));
            Result canary = clouds.run("verify", "--canary");
            clouds.aws.setCallerPolicy(policyOfRotateKey());
            Result rotated = clouds.run("rotate-key", "--yes");
            failADelivery(clouds);
            clouds.aws.setCallerPolicy(policy("plan"));
            Result list = clouds.dlq("list");
            clouds.aws.setCallerPolicy(policy("plan", "dlq"));
            Result resent = clouds.dlq("resend");
            clouds.aws.setCallerPolicy(policy("plan", "destroy"));
            Result destroyed = clouds.run("destroy", "--yes", "--with-archive", "--with-queue");
            // Then
            assertThat(plan.code()).as(plan.out() + plan.err()).isEqualTo(2);
            assertThat(List.of(applied, changed, again, verified, canary, rotated, list, resent, destroyed))
                    .allSatisfy(result -> assertThat(result.code())
                            .as(result.out() + result.err())
                            .isEqualTo(CommandRunner.EXIT_OK));
            assertThat(verified.out() + canary.out()).doesNotContain("permission");
            assertThat(clouds.aws.resources()).isEmpty();
        }
    }

    @Test
    void shouldNeedEveryActionToPlanAndVerify() throws IOException {
        try (Clouds clouds = clouds()) {
            // Given
            clouds.run("apply", "--yes");
            failADelivery(clouds);
            for (String action : actions("plan")) {
                clouds.aws.setCallerPolicy(without(action, policy("plan")));
                // When
                Result plan = clouds.run("plan");
                Result verified = clouds.run("verify");
                // Then
                assertThat(plan.out() + plan.err() + verified.out()).contains(missing(action));
            }
        }
    }

    @Test
    void shouldNeedEveryActionToApply() throws IOException {
        for (String action : actions("apply")) {
            try (Clouds clouds = clouds()) {
                // Given
                if (FOR_CHANGES.contains(action)) {
                    clouds.run("apply", "--yes");
                    change(clouds);
                } else {
                    clouds.run("apply", "--only", "genesys", "--yes");
                }
                clouds.aws.setCallerPolicy(without(action, policy("plan", "apply")));
                // When
                Result result = clouds.run("apply", "--yes");
                // Then
                assertThat(result.err()).contains(missing(action));
            }
        }
    }

    @Test
    void shouldNeedEveryActionToDestroy() throws IOException {
        for (String action : actions("destroy")) {
            try (Clouds clouds = clouds()) {
                // Given
                clouds.run("apply", "--yes");
                clouds.aws.setCallerPolicy(without(action, policy("plan", "destroy")));
                // When
                Result result = clouds.run("destroy", "--yes", "--with-archive", "--with-queue");
                // Then
                assertThat(result.err()).contains(missing(action));
            }
        }
    }

    @Test
    void shouldNeedEveryActionForTheCanaryAndToResend() throws IOException {
        try (Clouds clouds = clouds()) {
            // Given
            clouds.run("apply", "--yes");
            failADelivery(clouds);
            for (String action : actions("canary")) {
                clouds.aws.setCallerPolicy(without(action, policy("plan", "canary")));
                // When
                Result result = clouds.run("verify", "--canary");
                // Then
                assertThat(result.out() + result.err()).contains(missing(action));
            }
            for (String action : actions("dlq")) {
                clouds.aws.setCallerPolicy(without(action, policy("plan", "dlq")));
                // When
                Result result = clouds.dlq("resend");
                // Then
                assertThat(result.err()).contains(missing(action));
            }
        }
    }

    private Clouds clouds() {
        Clouds clouds = new Clouds(folder);
        clouds.aws.trust(bridge.certificate());
        clouds.settings.put("endpoint.url", bridge.url());
        clouds.settings.put("bridge.metrics.urls", bridge.metricsUrl());
        return clouds;
    }

    /** Makes every thing that can be changed another one than the file says. */
    private static void change(Clouds clouds) {
        clouds.settings.put("api.key", NEW_KEY);
        clouds.settings.put("rate.limit.per.second", "50");
        clouds.settings.put("archive.retention.days", "7");
        clouds.aws.allowEverything();
        clouds.iam().updateAssumeRolePolicy(r -> r.roleName("handover-send").policyDocument("""
                {"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"sts:AssumeRole",\
                "Principal":{"Service":"lambda.amazonaws.com"}}}"""));
        clouds.sqs()
                .setQueueAttributes(r -> r.queueUrl(clouds.deadLettersUrl())
                        .attributes(Map.of(QueueAttributeName.MESSAGE_RETENTION_PERIOD, "3600")));
    }

    private void failADelivery(Clouds clouds) {
        clouds.aws.allowEverything();
        bridge.always = new BridgeStub.Answer(400, "{\"outcome\":\"unreadable\"}");
        clouds.aws.publish(Clouds.event(1));
        await().until(() -> clouds.aws.openDeliveries() == 0 && clouds.deadLetters() == 1);
        bridge.always = null;
    }

    private static String missing(String action) {
        return "the permission " + action + " is missing";
    }

    private static List<String> actions(String name) throws IOException {
        return new JsonObject(document(name))
                .getJsonArray("Statement").stream()
                        .map(JsonObject.class::cast)
                        .flatMap(statement -> statement.getValue("Action") instanceof JsonArray several
                                ? several.stream().map(String::valueOf)
                                : Stream.of(statement.getString("Action")))
                        .filter(action -> !NOT_IN_THE_FAKE.contains(action))
                        .toList();
    }

    private static String without(String action, String policy) {
        JsonObject document = new JsonObject(policy);
        document.getJsonArray("Statement")
                .add(new JsonObject()
                        .put("Effect", "Deny")
                        .put("Action", action)
                        .put("Resource", "*"));
        return document.encode();
    }

    private static String policy(String... names) throws IOException {
        JsonArray statements = new JsonArray();
        for (String name : names) {
            new JsonObject(document(name)).getJsonArray("Statement").forEach(statements::add);
        }
        return new JsonObject()
                .put("Version", "2012-10-17")
                .put("Statement", statements)
                .encode();
    }

    /** The policy of plan, with the first and the last statement of the policy of apply. */
    private static String policyOfRotateKey() throws IOException {
        JsonArray apply = new JsonObject(policy("apply")).getJsonArray("Statement");
        JsonObject policy = new JsonObject(policy("plan"));
        policy.getJsonArray("Statement").add(apply.getValue(0)).add(apply.getValue(apply.size() - 1));
        return policy.encode();
    }

    private static String document(String name) throws IOException {
        String page = Files.readString(PAGE);
        String section = page.substring(page.indexOf("<!-- policy " + name + " -->"));
        String block = section.substring(section.indexOf("```json") + 7);
        return block.substring(0, block.indexOf("```"))
                .replace("ACCOUNT", FakeAws.ACCOUNT)
                .replace("REGION", "eu-central-1");
    }
}
