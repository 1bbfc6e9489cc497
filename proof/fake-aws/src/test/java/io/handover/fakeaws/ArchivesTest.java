package io.handover.fakeaws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.handover.fakeaws.Behaviour.Trait;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.eventbridge.model.ArchiveState;
import software.amazon.awssdk.services.eventbridge.model.ConcurrentModificationException;
import software.amazon.awssdk.services.eventbridge.model.DescribeArchiveResponse;
import software.amazon.awssdk.services.eventbridge.model.ManagedRuleException;
import software.amazon.awssdk.services.eventbridge.model.ReplayState;
import software.amazon.awssdk.services.eventbridge.model.ResourceAlreadyExistsException;
import software.amazon.awssdk.services.eventbridge.model.ResourceNotFoundException;
import software.amazon.awssdk.services.eventbridge.model.Rule;

class ArchivesTest {

    private static final String BUS_ARN = "arn:aws:events:eu-central-1:123456789012:event-bus/" + Setup.SOURCE;
    private static final String ARCHIVE_ARN = "arn:aws:events:eu-central-1:123456789012:archive/handover";

    /** Ten minutes of AWS last 60 ms. */
    private final FakeAws fake = FakeAws.start(0, "eu-central-1", Behaviour.CALM.with(Trait.TIME_SCALE, 0.0001));

    private final Clients clients = new Clients(fake);
    private final BridgeStub bridge = new BridgeStub();

    @BeforeEach
    void setUp() {
        fake.route("bridge.example.com", bridge.uri());
        new Setup(fake, clients, "https://bridge.example.com/");
    }

    @AfterEach
    void tearDown() {
        clients.close();
        fake.close();
        bridge.close();
    }

    @Test
    void shouldTakeSomeDescribesToEnable() {
        // Given
        fake.become(Behaviour.USUAL);

        // When
        String arn = create();

        // Then
        List<ArchiveState> states =
                Stream.generate(() -> describe().state()).limit(3).toList();
        assertThat(arn).isEqualTo(ARCHIVE_ARN);
        assertThat(states).containsExactly(ArchiveState.CREATING, ArchiveState.CREATING, ArchiveState.ENABLED);
        assertThat(describe().eventSourceArn()).isEqualTo(BUS_ARN);
        assertThat(describe().eventPattern()).isEqualTo(Setup.PATTERN);
        assertThat(describe().retentionDays()).isEqualTo(14);
    }

    @Test
    void shouldUpdateWhatIsGiven() {
        // Given
        create();
        fake.become(Behaviour.USUAL);

        // When
        clients.events.updateArchive(archive -> archive.archiveName("handover").retentionDays(30));

        // Then
        assertThatThrownBy(() -> clients.events.deleteArchive(archive -> archive.archiveName("handover")))
                .isInstanceOf(ConcurrentModificationException.class);
        DescribeArchiveResponse archive = describe();
        assertThat(archive.state()).isEqualTo(ArchiveState.UPDATING);
        assertThat(archive.retentionDays()).isEqualTo(30);
        assertThat(archive.eventPattern()).isEqualTo(Setup.PATTERN);
    }

    @Test
    void shouldMakeAManagedRule() {
        // When
        create();

        // Then
        List<Rule> rules = clients.events
                .listRules(list -> list.eventBusName(Setup.SOURCE))
                .rules();
        assertThat(rules)
                .filteredOn(rule -> rule.name().equals("Events-Archive-handover"))
                .singleElement()
                .extracting(Rule::managedBy)
                .isEqualTo("prod.vhs.events.aws.internal");
        assertThatThrownBy(() -> clients.events.deleteRule(
                        rule -> rule.name("Events-Archive-handover").eventBusName(Setup.SOURCE)))
                .isInstanceOf(ManagedRuleException.class);
        assertThat(fake.resources()).noneMatch(arn -> arn.contains("Events-Archive"));
    }

    @Test
    void shouldKeepTheBusOfAnArchive() {
        // Given
        create();
        clients.events.removeTargets(
                targets -> targets.rule(Setup.RULE).eventBusName(Setup.SOURCE).ids("bridge"));
        clients.events.deleteRule(rule -> rule.name(Setup.RULE).eventBusName(Setup.SOURCE));

        // When / Then
        assertThatThrownBy(() -> clients.events.deleteEventBus(bus -> bus.name(Setup.SOURCE)))
                .hasMessageContaining("can't be deleted since it has rules");
        clients.events.deleteArchive(archive -> archive.archiveName("handover"));
        clients.events.deleteEventBus(bus -> bus.name(Setup.SOURCE));
        assertThatThrownBy(this::describe).isInstanceOf(ResourceNotFoundException.class);
    }

    @Test
    void shouldReplayTheEventsOfATimeToTheChosenRules() {
        // Given
        create();
        Instant noon = Instant.parse("2026-11-28T12:00:00Z");
        for (int second : new int[] {0, 1, 2, 3}) {
            publish("c" + second, noon.plusSeconds(second));
        }
        await().until(() -> bridge.requests().size() == 4 && describe().eventCount() == 4);

        // When
        clients.events.startReplay(replay -> replay.replayName("again")
                .eventSourceArn(ARCHIVE_ARN)
                .eventStartTime(noon.plusSeconds(1))
                .eventEndTime(noon.plusSeconds(3))
                .destination(destination -> destination.arn(BUS_ARN).filterArns(Setup.RULE_ARN)));

        // Then
        await().until(
                        () -> clients.events
                                .describeReplay(replay -> replay.replayName("again"))
                                .state(),
                        ReplayState.COMPLETED::equals);
        await().until(() -> bridge.requests().size() == 6);
        assertThat(bridge.requests().subList(4, 6))
                .extracting(request -> new JsonObject(request.body()))
                .allMatch(event -> event.getString("replay-name").equals("again"))
                .extracting(event -> event.getString("time"))
                .containsExactlyInAnyOrder("2026-11-28T12:00:01Z", "2026-11-28T12:00:02Z");
        assertThat(describe().eventCount()).isEqualTo(4);
    }

    @Test
    void shouldNotReplayToOtherRules() {
        // Given
        create();
        Instant noon = Instant.parse("2026-11-28T12:00:00Z");
        publish("c1", noon);
        await().until(() -> describe().eventCount() == 1);

        // When
        clients.events.startReplay(replay -> replay.replayName("again")
                .eventSourceArn(ARCHIVE_ARN)
                .eventStartTime(noon)
                .eventEndTime(noon.plusSeconds(1))
                .destination(destination -> destination.arn(BUS_ARN).filterArns(Setup.RULE_ARN + "-2")));

        // Then
        await().until(
                        () -> clients.events
                                .describeReplay(replay -> replay.replayName("again"))
                                .state(),
                        ReplayState.COMPLETED::equals);
        assertThat(fake.metric(Setup.RULE_ARN, "Invocations")).isEqualTo(1);
    }

    @Test
    void shouldRefuseAReplayTwiceOrToAnotherBus() {
        // Given
        create();
        startReplay("again", BUS_ARN);

        // When / Then
        assertThatThrownBy(() -> startReplay("again", BUS_ARN)).isInstanceOf(ResourceAlreadyExistsException.class);
        assertThatThrownBy(() -> startReplay("other", "arn:aws:events:eu-central-1:123456789012:event-bus/default"))
                .hasMessageContaining("Cross event bus replay is not permitted");
    }

    private void startReplay(String name, String busArn) {
        clients.events.startReplay(replay -> replay.replayName(name)
                .eventSourceArn(ARCHIVE_ARN)
                .eventStartTime(Instant.EPOCH)
                .eventEndTime(Instant.EPOCH.plusSeconds(1))
                .destination(destination -> destination.arn(busArn)));
    }

    private void publish(String conversationId, Instant time) {
        fake.publish(new JsonObject(Setup.event(conversationId))
                .put("time", time.toString())
                .encode());
    }

    private String create() {
        return clients.events
                .createArchive(archive -> archive.archiveName("handover")
                        .eventSourceArn(BUS_ARN)
                        .eventPattern(Setup.PATTERN)
                        .retentionDays(14))
                .archiveArn();
    }

    private DescribeArchiveResponse describe() {
        return clients.events.describeArchive(archive -> archive.archiveName("handover"));
    }
}
