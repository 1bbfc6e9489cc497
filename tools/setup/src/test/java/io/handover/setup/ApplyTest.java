package io.handover.setup;

import static org.assertj.core.api.Assertions.assertThat;

import io.handover.fakeaws.Behaviour;
import io.handover.fakeaws.Behaviour.Trait;
import io.handover.fakeaws.FakeAws;
import io.handover.setup.Clouds.Result;
import io.handover.terminal.CommandRunner;
import io.handover.terminal.StopSignal;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Plan, apply and destroy against fake clouds. */
class ApplyTest {

    private static final int SOMETHING_TO_DO = 2;

    /** Bus, rule, connection, API destination, archive, queue, role, de-authorization rule and nine alarms. */
    private static final int RESOURCES = 17;

    @TempDir
    Path folder;

    @Test
    void shouldMakeEverythingAndPlanNothingAfterwardsAndLeaveNothing() {
        try (Clouds clouds = new Clouds(folder, "eu-central-1", Behaviour.USUAL)) {
            // When
            Result before = clouds.run("plan");
            Result applied = clouds.run("apply", "--yes");
            Result after = clouds.run("plan");
            Result destroyed = clouds.run("destroy", "--yes", "--with-archive", "--with-queue");
            // Then
            assertThat(before.code()).as(before.err()).isEqualTo(SOMETHING_TO_DO);
            assertThat(before.out())
                    .contains("+ create", "event bus", Clouds.SOURCE)
                    .doesNotContain(Clouds.KEY);
            assertThat(applied.code()).as(applied.err()).isEqualTo(CommandRunner.EXIT_OK);
            assertThat(after.code()).as(after.out() + after.err()).isEqualTo(CommandRunner.EXIT_OK);
            assertThat(after.out()).contains("Nothing to do.");
            assertThat(destroyed.code()).as(destroyed.err()).isEqualTo(CommandRunner.EXIT_OK);
            assertThat(clouds.aws.resources()).isEmpty();
            assertThat(clouds.genesys.integrations().all()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"eu-central-1", "us-gov-west-1", "cn-north-1"})
    void shouldUseThePartitionOfTheCaller(String region) {
        try (Clouds clouds = new Clouds(folder, region, Behaviour.CALM)) {
            // When
            Result applied = clouds.run("apply", "--yes");
            // Then
            assertThat(applied.code()).as(applied.err()).isEqualTo(CommandRunner.EXIT_OK);
            assertThat(clouds.run("plan").code()).isEqualTo(CommandRunner.EXIT_OK);
            assertThat(clouds.aws.resources()).hasSize(RESOURCES);
        }
    }

    @Test
    void shouldConvergeOnARoughDay() {
        try (Clouds clouds = new Clouds(folder, "eu-central-1", Behaviour.ROUGH.with(Trait.SEED, 7))) {
            // When
            Result applied = clouds.run("apply", "--yes");
            // Then
            assertThat(applied.code()).as(applied.err()).isEqualTo(CommandRunner.EXIT_OK);
            assertThat(clouds.run("plan").code()).isEqualTo(CommandRunner.EXIT_OK);
        }
    }

    @Test
    void shouldAskBeforeItChangesAnything() {
        try (Clouds clouds = new Clouds(folder)) {
            // When
            Result refused = clouds.run(new StopSignal(), "no\n", "apply");
            Result unanswered = clouds.run("apply");
            // Then
            assertThat(refused.code()).isEqualTo(CommandRunner.EXIT_FAILURE);
            assertThat(refused.err()).contains("Apply this plan?", "Nothing was changed.");
            assertThat(unanswered.code()).isEqualTo(CommandRunner.EXIT_FAILURE);
            assertThat(unanswered.err()).contains("Add --yes");
            assertThat(clouds.aws.resources()).isEmpty();
            assertThat(clouds.genesys.integrations().all()).isEmpty();
            // When
            Result agreed = clouds.run(new StopSignal(), "yes\n", "apply");
            // Then
            assertThat(agreed.code()).as(agreed.err()).isEqualTo(CommandRunner.EXIT_OK);
        }
    }

    @Test
    void shouldShowAndUndoWhatSomebodyHasChanged() {
        try (Clouds clouds = new Clouds(folder)) {
            // Given
            clouds.run("apply", "--yes");
            clouds.settings.put("rate.limit.per.second", "50");
            clouds.settings.put("topics", "customer.end,user.end");
            // When
            Result plan = clouds.run("plan");
            Result applied = clouds.run("apply", "--yes");
            // Then
            assertThat(plan.code()).isEqualTo(SOMETHING_TO_DO);
            assertThat(plan.out())
                    .contains("rate: 300 per second -> 50 per second", "~ change", "archive", "Genesys integration");
            assertThat(applied.code()).as(applied.err()).isEqualTo(CommandRunner.EXIT_OK);
            assertThat(clouds.run("plan").code()).isEqualTo(CommandRunner.EXIT_OK);
        }
    }

    @Test
    void shouldSeeThatTheKeyOfTheFileIsAnotherOne() {
        try (Clouds clouds = new Clouds(folder)) {
            // Given
            clouds.run("apply", "--yes");
            clouds.settings.put("api.key", "second-key-77");
            // When
            Result plan = clouds.run("plan");
            clouds.settings.remove("api.key");
            Result withoutKey = clouds.run("plan");
            // Then
            assertThat(plan.code()).isEqualTo(SOMETHING_TO_DO);
            assertThat(plan.out())
                    .contains("key: another key -> the key of the file")
                    .doesNotContain("second-key-77");
            assertThat(withoutKey.code()).isEqualTo(CommandRunner.EXIT_OK);
            assertThat(withoutKey.out()).contains("? cannot tell", "no key is given");
        }
    }

    @Test
    void shouldWorkInHalves() {
        try (Clouds clouds = new Clouds(folder)) {
            // When
            Result genesys = clouds.run("apply", "--only", "genesys", "--yes");
            // Then
            assertThat(genesys.code()).as(genesys.err()).isEqualTo(CommandRunner.EXIT_OK);
            assertThat(clouds.aws.callCount()).isZero();
            // Given
            long requests = clouds.genesys.requestCount();
            List.of("genesys.region", "genesys.client.id", "genesys.client.secret")
                    .forEach(clouds.settings::remove);
            // When
            Result aws = clouds.run("apply", "--only", "aws", "--yes");
            Result both = clouds.run("plan");
            // Then
            assertThat(aws.code()).as(aws.err()).isEqualTo(CommandRunner.EXIT_OK);
            assertThat(clouds.genesys.requestCount()).isEqualTo(requests);
            assertThat(both.code()).isEqualTo(CommandRunner.EXIT_USAGE);
            assertThat(both.err()).contains("--only aws");
        }
    }

    @Test
    void shouldKeepWhatHoldsEvents() {
        try (Clouds clouds = new Clouds(folder)) {
            // Given
            clouds.run("apply", "--yes");
            // When
            Result destroyed = clouds.run("destroy", "--yes");
            Result again = clouds.run("apply", "--yes");
            // Then
            assertThat(destroyed.code()).as(destroyed.err()).isEqualTo(CommandRunner.EXIT_OK);
            assertThat(destroyed.out()).contains("add --with-archive", "add --with-queue");
            assertThat(again.code()).as(again.err()).isEqualTo(CommandRunner.EXIT_OK);
        }
    }

    @Test
    void shouldFinishAnIntegrationThatAKilledRunHasLeft() {
        try (Clouds clouds = new Clouds(folder)) {
            // Given
            String id = clouds.genesys.integrations().add("handover", "amazon-eventbridge-source", new JsonObject());
            // When
            Result applied = clouds.run("apply", "--yes");
            // Then
            assertThat(applied.code()).as(applied.err()).isEqualTo(CommandRunner.EXIT_OK);
            assertThat(clouds.genesys.integrations().all())
                    .singleElement()
                    .satisfies(one -> assertThat(one.getString("id")).isEqualTo(id));
        }
    }

    @Test
    void shouldUseAnIntegrationThatSomebodyElseHasMadeAndLeaveItAlone() {
        try (Clouds clouds = new Clouds(folder)) {
            // Given
            String id = clouds.genesys
                    .integrations()
                    .add(
                            "by hand",
                            "amazon-eventbridge-source",
                            new JsonObject()
                                    .put("awsAccountId", FakeAws.ACCOUNT)
                                    .put("awsAccountRegion", "eu-central-1")
                                    .put("eventSourceSuffix", Clouds.SUFFIX));
            clouds.genesys.integrations().setEnabled(id, true);
            clouds.aws.addPartnerSource(Clouds.SOURCE);
            // When
            Result plan = clouds.run("plan");
            clouds.run("apply", "--yes");
            clouds.run("destroy", "--yes", "--with-archive", "--with-queue");
            // Then
            assertThat(plan.out()).contains("! foreign", "made by others as by hand");
            assertThat(clouds.genesys.integrations().all()).hasSize(1);
            assertThat(clouds.aws.resources()).isEmpty();
        }
    }

    @Test
    void shouldNotTouchWhatASetUpOfAnotherNameHasMade() {
        try (Clouds clouds = new Clouds(folder)) {
            // Given
            clouds.run("apply", "--yes");
            List<String> before = clouds.aws.resources();
            clouds.settings.put("name", "other");
            clouds.settings.put("genesys.integration.name", "other");
            // When
            Result plan = clouds.run("plan");
            Result destroyed = clouds.run("destroy", "--yes", "--with-archive", "--with-queue");
            // Then
            assertThat(plan.out()).contains("! foreign", "event bus");
            assertThat(destroyed.out()).contains("made by others");
            assertThat(clouds.aws.resources()).isEqualTo(before);
        }
    }

    @Test
    void shouldRefuseCredentialsOfAnotherAccount() {
        try (Clouds clouds = new Clouds(folder)) {
            // Given
            clouds.settings.put("aws.account.id", "999999999999");
            // When
            Result plan = clouds.run("plan");
            // Then
            assertThat(plan.code()).isEqualTo(CommandRunner.EXIT_FAILURE);
            assertThat(plan.err()).contains("The credentials belong to the AWS account " + FakeAws.ACCOUNT);
        }
    }

    @Test
    void shouldRefuseBeforeAnythingIsChangedWhatItCannotDo() {
        try (Clouds clouds = new Clouds(folder)) {
            // Given
            clouds.settings.put("role.arn", "arn:aws:iam::" + FakeAws.ACCOUNT + ":role/mine");
            // When
            Result plan = clouds.run("plan");
            Result applied = clouds.run("apply", "--yes");
            // Then
            assertThat(plan.code()).isEqualTo(CommandRunner.EXIT_FAILURE);
            assertThat(plan.out())
                    .contains("! blocked", "role", "it does not exist", "Cannot be applied: 1 in the way");
            assertThat(applied.err()).contains("This is in the way: role mine", "Nothing was changed.");
            assertThat(clouds.aws.resources()).isEmpty();
            assertThat(clouds.genesys.integrations().all()).isEmpty();
        }
    }

    @Test
    void shouldRefuseToMoveTheArchive() {
        try (Clouds clouds = new Clouds(folder)) {
            // Given
            clouds.run("apply", "--yes");
            clouds.settings.put("event.source.suffix", "another-suffix");
            clouds.aws.addPartnerSource("aws.partner/genesys.com/cloud/" + Clouds.ORGANIZATION + "/another-suffix");
            List<String> before = clouds.aws.resources();
            // When
            Result applied = clouds.run("apply", "--only", "aws", "--yes");
            // Then
            assertThat(applied.code()).isEqualTo(CommandRunner.EXIT_FAILURE);
            assertThat(applied.err()).contains("archive handover (AWS cannot move an archive to another bus");
            assertThat(clouds.aws.resources()).isEqualTo(before);
        }
    }

    @Test
    void shouldSeeThatTheEventSourceIsDeleted() {
        try (Clouds clouds = new Clouds(folder)) {
            // Given
            clouds.run("apply", "--yes");
            clouds.aws.deletePartnerSource(Clouds.SOURCE);
            // When
            Result plan = clouds.run("plan");
            // Then
            assertThat(plan.code()).isEqualTo(CommandRunner.EXIT_FAILURE);
            assertThat(plan.out()).contains("Genesys has deleted it", "destroy --with-archive");
        }
    }

    @Test
    void shouldKeepTheIntegrationThatTheArchiveNeeds() {
        try (Clouds clouds = new Clouds(folder)) {
            // Given
            clouds.run("apply", "--yes");
            // When
            Result kept = clouds.run("destroy", "--only", "genesys", "--yes");
            Result deleted = clouds.run("destroy", "--only", "genesys", "--with-archive", "--yes");
            // Then
            assertThat(kept.out()).contains("stay    Genesys integration handover (replays of the archive need it");
            assertThat(kept.err()).contains("Nothing to delete.");
            assertThat(deleted.code()).as(deleted.err()).isEqualTo(CommandRunner.EXIT_OK);
            assertThat(clouds.genesys.integrations().all()).isEmpty();
        }
    }

    @Test
    void shouldRefuseAnIntegrationOfOthersThatHasTheName() {
        try (Clouds clouds = new Clouds(folder)) {
            // Given
            clouds.genesys
                    .integrations()
                    .add(
                            "handover",
                            "amazon-eventbridge-source",
                            new JsonObject()
                                    .put("awsAccountId", "999999999999")
                                    .put("awsAccountRegion", "eu-central-1")
                                    .put("eventSourceSuffix", "theirs"));
            // When
            Result plan = clouds.run("plan");
            // Then
            assertThat(plan.code()).isEqualTo(CommandRunner.EXIT_FAILURE);
            assertThat(plan.out()).contains("this command has not made it").doesNotContain("the same event source");
        }
    }
}
