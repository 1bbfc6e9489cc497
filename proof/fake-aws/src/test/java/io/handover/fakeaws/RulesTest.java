package io.handover.fakeaws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.eventbridge.model.DescribeEventSourceResponse;
import software.amazon.awssdk.services.eventbridge.model.DescribeRuleResponse;
import software.amazon.awssdk.services.eventbridge.model.EventBridgeException;
import software.amazon.awssdk.services.eventbridge.model.EventSource;
import software.amazon.awssdk.services.eventbridge.model.EventSourceState;
import software.amazon.awssdk.services.eventbridge.model.InvalidEventPatternException;
import software.amazon.awssdk.services.eventbridge.model.InvalidStateException;
import software.amazon.awssdk.services.eventbridge.model.LimitExceededException;
import software.amazon.awssdk.services.eventbridge.model.ListEventSourcesResponse;
import software.amazon.awssdk.services.eventbridge.model.ListRulesResponse;
import software.amazon.awssdk.services.eventbridge.model.PutTargetsResponse;
import software.amazon.awssdk.services.eventbridge.model.RemoveTargetsResponse;
import software.amazon.awssdk.services.eventbridge.model.ResourceAlreadyExistsException;
import software.amazon.awssdk.services.eventbridge.model.ResourceNotFoundException;
import software.amazon.awssdk.services.eventbridge.model.Rule;
import software.amazon.awssdk.services.eventbridge.model.RuleState;
import software.amazon.awssdk.services.eventbridge.model.Tag;
import software.amazon.awssdk.services.eventbridge.model.Target;

class RulesTest {

    private static final String SOURCE = Setup.SOURCE;
    private static final String BUS_ARN = "arn:aws:events:eu-central-1:123456789012:event-bus/" + SOURCE;
    private static final String QUEUE_ARN = Setup.QUEUE_ARN;

    private final FakeAws fake = FakeAws.start(0);
    private final Clients clients = new Clients(fake);

    @AfterEach
    void tearDown() {
        clients.close();
        fake.close();
    }

    @Test
    void shouldActivateASourceWithItsBus() {
        // Given
        fake.addPartnerSource(SOURCE);
        DescribeEventSourceResponse before = clients.events.describeEventSource(source -> source.name(SOURCE));

        // When
        String arn = createBus();

        // Then
        DescribeEventSourceResponse after = clients.events.describeEventSource(source -> source.name(SOURCE));
        assertThat(before.state()).isEqualTo(EventSourceState.PENDING);
        assertThat(before.arn()).isEqualTo("arn:aws:events:eu-central-1::event-source/" + SOURCE);
        assertThat(before.createdBy()).isEqualTo("aws.partner/genesys.com");
        assertThat(Duration.between(before.creationTime(), before.expirationTime()))
                .isEqualTo(Duration.ofDays(14));
        assertThat(arn).isEqualTo(BUS_ARN);
        assertThat(after.state()).isEqualTo(EventSourceState.ACTIVE);
        assertThat(after.expirationTime()).isNull();
        assertThat(clients.events.describeEventBus(bus -> bus.name(SOURCE)).arn())
                .isEqualTo(BUS_ARN);
        assertThat(fake.resources()).containsExactly(BUS_ARN);
    }

    @Test
    void shouldListSourcesByPrefixInPages() {
        // Given
        for (String suffix : List.of("", "-2", "-3")) {
            fake.addPartnerSource(SOURCE + suffix);
        }
        fake.addPartnerSource("aws.partner/example.com/other");

        // When
        ListEventSourcesResponse first = clients.events.listEventSources(list -> list.namePrefix(SOURCE));
        ListEventSourcesResponse second =
                clients.events.listEventSources(list -> list.namePrefix(SOURCE).nextToken(first.nextToken()));

        // Then
        assertThat(first.eventSources()).extracting(EventSource::name).containsExactly(SOURCE, SOURCE + "-2");
        assertThat(second.eventSources()).extracting(EventSource::name).containsExactly(SOURCE + "-3");
        assertThat(second.nextToken()).isNull();
    }

    @Test
    void shouldDeleteASourceThatWaitedTooLong() {
        // Given
        fake.addPartnerSource(SOURCE, Duration.ZERO);

        // When
        ListEventSourcesResponse sources = clients.events.listEventSources(list -> list.namePrefix(SOURCE));

        // Then
        assertThat(sources.eventSources()).isEmpty();
        assertThatThrownBy(this::createBus).isInstanceOf(ResourceNotFoundException.class);
    }

    @Test
    void shouldRefuseASecondBus() {
        // Given
        fake.addPartnerSource(SOURCE);
        createBus();

        // When / Then
        assertThatThrownBy(this::createBus).isInstanceOf(ResourceAlreadyExistsException.class);
    }

    @Test
    void shouldRefuseABusWithAnotherNameThanItsSource() {
        // Given
        fake.addPartnerSource(SOURCE);

        // When / Then
        assertThatThrownBy(() ->
                        clients.events.createEventBus(bus -> bus.name("other").eventSourceName(SOURCE)))
                .hasMessageContaining("must match the event source name");
    }

    @Test
    void shouldDropEventsOfADeletedSource() {
        // Given
        fake.addPartnerSource(SOURCE);
        createBus();
        fake.deletePartnerSource(SOURCE);

        // When
        EventSourceState state = clients.events
                .describeEventSource(source -> source.name(SOURCE))
                .state();
        String id = fake.publish(Setup.event("c1"));

        // Then
        assertThat(state).isEqualTo(EventSourceState.DELETED);
        assertThat(id).isNotEmpty();
        assertThat(fake.droppedEvents()).isEqualTo(1);
    }

    @Test
    void shouldRefuseABusForASourceThatIsGone() {
        // Given
        fake.addPartnerSource(SOURCE);
        createBus();
        fake.deletePartnerSource(SOURCE);

        // When
        clients.events.deleteEventBus(bus -> bus.name(SOURCE));

        // Then
        assertThatThrownBy(this::createBus)
                .isInstanceOf(ResourceNotFoundException.class)
                .isNotInstanceOf(InvalidStateException.class);
    }

    @Test
    void shouldMakeASourceWaitAgainAfterItsBusIsDeleted() {
        // Given
        fake.addPartnerSource(SOURCE);
        createBus();

        // When
        clients.events.deleteEventBus(bus -> bus.name(SOURCE));

        // Then
        DescribeEventSourceResponse source = clients.events.describeEventSource(one -> one.name(SOURCE));
        assertThat(source.state()).isEqualTo(EventSourceState.PENDING);
        assertThat(source.expirationTime()).isNotNull();
        assertThat(fake.resources()).isEmpty();
    }

    @Test
    void shouldKeepRegionsApart() {
        // Given
        fake.addPartnerSource(SOURCE);

        // When / Then
        try (Clients elsewhere = new Clients(fake, FakeAws.ACCESS_KEY, "us-east-1")) {
            assertThat(elsewhere
                            .events
                            .listEventSources(list -> list.namePrefix(SOURCE))
                            .eventSources())
                    .isEmpty();
            assertThat(elsewhere
                            .events
                            .putRule(rule -> rule.name("r").eventPattern("{\"source\":[\"a\"]}"))
                            .ruleArn())
                    .isEqualTo("arn:aws:events:us-east-1:123456789012:rule/r");
        }
    }

    @Test
    void shouldUseThePartitionOfTheRegion() {
        // When / Then
        try (FakeAws china = FakeAws.start(0, "cn-north-1", Behaviour.CALM);
                Clients inChina = new Clients(china, FakeAws.ACCESS_KEY, "cn-north-1")) {
            assertThat(inChina.events
                            .putRule(rule -> rule.name("r").eventPattern("{\"source\":[\"a\"]}"))
                            .ruleArn())
                    .isEqualTo("arn:aws-cn:events:cn-north-1:123456789012:rule/r");
        }
    }

    @Test
    void shouldReplaceARule() {
        // Given
        fake.addPartnerSource(SOURCE);
        createBus();
        String arn = clients.events
                .putRule(rule -> rule.name("handover")
                        .eventBusName(SOURCE)
                        .eventPattern(Setup.PATTERN)
                        .description("text")
                        .tags(Tag.builder().key("a").value("1").build()))
                .ruleArn();

        // When
        clients.events.putRule(rule -> rule.name("handover")
                .eventBusName(BUS_ARN)
                .eventPattern("{\"source\":[\"x\"]}")
                .state(RuleState.DISABLED)
                .tags(Tag.builder().key("b").value("2").build()));

        // Then
        DescribeRuleResponse rule =
                clients.events.describeRule(one -> one.name("handover").eventBusName(SOURCE));
        assertThat(arn).isEqualTo(Setup.RULE_ARN);
        assertThat(rule.arn()).isEqualTo(arn);
        assertThat(rule.eventPattern()).isEqualTo("{\"source\":[\"x\"]}");
        assertThat(rule.description()).isNull();
        assertThat(rule.state()).isEqualTo(RuleState.DISABLED);
        assertThat(rule.eventBusName()).isEqualTo(SOURCE);
        assertThat(clients.events
                        .listTagsForResource(list -> list.resourceARN(arn))
                        .tags())
                .containsExactly(Tag.builder().key("a").value("1").build());
    }

    @Test
    void shouldTagBusesAndRulesOnly() {
        // Given
        fake.addPartnerSource(SOURCE);
        createBus();
        Tag tag = Tag.builder().key("made-by").value("handover").build();

        // When
        clients.events.tagResource(resource -> resource.resourceARN(BUS_ARN).tags(tag));

        // Then
        assertThat(clients.events
                        .listTagsForResource(list -> list.resourceARN(BUS_ARN))
                        .tags())
                .containsExactly(tag);
        assertThatThrownBy(() -> clients.events.tagResource(resource -> resource.resourceARN(
                                "arn:aws:events:eu-central-1:123456789012:connection/handover/id")
                        .tags(tag)))
                .isInstanceOf(EventBridgeException.class);
    }

    @Test
    void shouldListRulesInPages() {
        // Given
        for (String name : List.of("a1", "a2", "a3", "b1")) {
            clients.events.putRule(rule -> rule.name(name).eventPattern("{\"source\":[\"x\"]}"));
        }

        // When
        ListRulesResponse first = clients.events.listRules(list -> list.namePrefix("a"));
        ListRulesResponse second =
                clients.events.listRules(list -> list.namePrefix("a").nextToken(first.nextToken()));

        // Then
        assertThat(first.rules()).extracting(Rule::name).containsExactly("a1", "a2");
        assertThat(second.rules()).extracting(Rule::name).containsExactly("a3");
        assertThat(second.nextToken()).isNull();
    }

    @Test
    void shouldRefuseASchedulOnAPartnerBus() {
        // Given
        fake.addPartnerSource(SOURCE);
        createBus();

        // When / Then
        assertThatThrownBy(() -> clients.events.putRule(
                        rule -> rule.name("r").eventBusName(SOURCE).scheduleExpression("rate(1 minute)")))
                .hasMessageContaining("only on the default event bus");
    }

    @ParameterizedTest
    @ValueSource(strings = {"rate(1 minutes)", "rate(2 minute)", "rate(0 minutes)", "every minute", "cron(* *)"})
    void shouldRefuseAWrongSchedule(String schedule) {
        // When / Then
        assertThatThrownBy(() -> clients.events.putRule(rule -> rule.name("r").scheduleExpression(schedule)))
                .hasMessageContaining("ScheduleExpression is not valid");
    }

    @Test
    void shouldAcceptCron() {
        // When / Then
        assertThat(clients.events
                        .putRule(rule -> rule.name("r").scheduleExpression("cron(0 12 * * ? *)"))
                        .ruleArn())
                .isNotEmpty();
    }

    @Test
    void shouldRefuseAWrongPattern() {
        // When / Then
        assertThatThrownBy(() -> clients.events.putRule(rule -> rule.name("r").eventPattern("{\"source\":\"x\"}")))
                .isInstanceOf(InvalidEventPatternException.class);
    }

    @Test
    void shouldDeleteInAwsOrder() {
        // Given
        fake.addPartnerSource(SOURCE);
        createBus();
        clients.events.putRule(rule -> rule.name("r").eventBusName(SOURCE).eventPattern("{\"source\":[\"x\"]}"));
        clients.events.putTargets(
                targets -> targets.rule("r").eventBusName(SOURCE).targets(queueTarget("1")));

        // When / Then
        assertThatThrownBy(this::deleteBus).hasMessageContaining("can't be deleted since it has rules");
        assertThatThrownBy(this::deleteRule).hasMessageContaining("can't be deleted since it has targets");
        clients.events.removeTargets(
                targets -> targets.rule("r").eventBusName(SOURCE).ids("1"));
        assertThatThrownBy(this::deleteRule).hasMessageContaining("can't be deleted since it has targets");
        deleteRule();
        deleteRule();
        assertThatThrownBy(this::deleteBus).hasMessageContaining("can't be deleted since it has rules");
        deleteBus();
        deleteBus();
        assertThat(fake.resources()).isEmpty();
    }

    @Test
    void shouldRefuseToDeleteTheDefaultBus() {
        // When / Then
        assertThatThrownBy(() -> clients.events.deleteEventBus(bus -> bus.name("default")))
                .isInstanceOf(EventBridgeException.class);
    }

    @Test
    void shouldListTargetsInPages() {
        // Given
        clients.events.putRule(rule -> rule.name("r").eventPattern("{\"source\":[\"x\"]}"));
        clients.events.putTargets(
                targets -> targets.rule("r").targets(queueTarget("1"), queueTarget("2"), queueTarget("3")));

        // When
        String token = clients.events.listTargetsByRule(list -> list.rule("r")).nextToken();

        // Then
        assertThat(clients.events
                        .listTargetsByRule(list -> list.rule("r").nextToken(token))
                        .targets())
                .containsExactly(queueTarget("3"));
    }

    @Test
    void shouldRefuseMoreThanFiveTargets() {
        // Given
        clients.events.putRule(rule -> rule.name("r").eventPattern("{\"source\":[\"x\"]}"));
        clients.events.putTargets(targets -> targets.rule("r")
                .targets(queueTarget("1"), queueTarget("2"), queueTarget("3"), queueTarget("4"), queueTarget("5")));

        // When / Then
        assertThatThrownBy(() ->
                        clients.events.putTargets(targets -> targets.rule("r").targets(queueTarget("6"))))
                .isInstanceOf(LimitExceededException.class);
    }

    @Test
    void shouldReportFailedEntriesInASuccessfulAnswer() {
        // Given
        clients.events.putRule(rule -> rule.name("r").eventPattern("{\"source\":[\"x\"]}"));
        clients.events.putTargets(targets -> targets.rule("r").targets(queueTarget("1")));
        fake.become(Behaviour.CALM.with(Behaviour.Trait.FAILED_ENTRY, 1));

        // When
        PutTargetsResponse put =
                clients.events.putTargets(targets -> targets.rule("r").targets(queueTarget("2")));
        RemoveTargetsResponse removed =
                clients.events.removeTargets(targets -> targets.rule("r").ids("1"));

        // Then
        assertThat(put.failedEntryCount()).isEqualTo(1);
        assertThat(put.failedEntries().get(0).targetId()).isEqualTo("2");
        assertThat(put.failedEntries().get(0).errorCode()).isEqualTo("ConcurrentModificationException");
        assertThat(removed.failedEntries().get(0).errorCode()).isEqualTo("ConcurrentModificationException");
        assertThat(clients.events.listTargetsByRule(list -> list.rule("r")).targets())
                .extracting(Target::id)
                .containsExactly("1");
    }

    @Test
    void shouldRefuseAnApiDestinationWithoutARole() {
        // Given
        clients.events.putRule(rule -> rule.name("r").eventPattern("{\"source\":[\"x\"]}"));
        Target target = Target.builder()
                .id("1")
                .arn("arn:aws:events:eu-central-1:123456789012:api-destination/handover/id")
                .build();

        // When / Then
        assertThatThrownBy(() ->
                        clients.events.putTargets(targets -> targets.rule("r").targets(target)))
                .hasMessageContaining("RoleArn is required");
    }

    @Test
    void shouldSeeANewRoleLate() {
        // Given
        clients.events.putRule(rule -> rule.name("r").eventPattern("{\"source\":[\"x\"]}"));
        String role = clients.iam
                .createRole(one -> one.roleName("handover").assumeRolePolicyDocument(Setup.TRUST))
                .role()
                .arn();
        Target target = queueTarget("1").toBuilder().roleArn(role).build();

        // When / Then
        assertThatThrownBy(() ->
                        clients.events.putTargets(targets -> targets.rule("r").targets(target)))
                .hasMessageContaining("cannot be assumed by principal 'events.amazonaws.com'");
        assertThat(clients.events
                        .putTargets(targets -> targets.rule("r").targets(target))
                        .failedEntryCount())
                .isZero();
    }

    @Test
    void shouldRefuseADeadLetterQueueInAnotherRegionOrOfAnotherKind() {
        // Given
        clients.events.putRule(rule -> rule.name("r").eventPattern("{\"source\":[\"x\"]}"));

        // When / Then
        for (String arn : List.of(QUEUE_ARN.replace("eu-central-1", "us-east-1"), QUEUE_ARN + ".fifo")) {
            Target target = queueTarget("1").toBuilder()
                    .deadLetterConfig(queue -> queue.arn(arn))
                    .build();
            assertThatThrownBy(() -> clients.events.putTargets(
                            targets -> targets.rule("r").targets(target)))
                    .hasMessageContaining("must be a standard SQS queue");
        }
    }

    @Test
    void shouldRefuseTwoInputs() {
        // Given
        clients.events.putRule(rule -> rule.name("r").eventPattern("{\"source\":[\"x\"]}"));
        Target target =
                queueTarget("1").toBuilder().input("{}").inputPath("$.detail").build();

        // When / Then
        assertThatThrownBy(() ->
                        clients.events.putTargets(targets -> targets.rule("r").targets(target)))
                .hasMessageContaining("Only one of Input");
    }

    @Test
    void shouldTestPatterns() {
        // Given
        String event = """
                {"id":"1","account":"123456789012","time":"2026-11-28T10:00:00Z","region":"eu-central-1","resources":[],\
                "source":"%s","detail-type":"x","detail":{"eventBody":{"mediaType":"MESSAGE"}}}""".formatted(SOURCE);

        // When / Then
        assertThat(clients.events
                        .testEventPattern(
                                test -> test.eventPattern(Setup.PATTERN).event(event))
                        .result())
                .isTrue();
        assertThat(clients.events
                        .testEventPattern(
                                test -> test.eventPattern(Setup.PATTERN).event(event.replace("MESSAGE", "VOICE")))
                        .result())
                .isFalse();
        assertThatThrownBy(() -> clients.events.testEventPattern(
                        test -> test.eventPattern(Setup.PATTERN).event("{\"source\":\"x\"}")))
                .hasMessageContaining("id is missing");
    }

    private String createBus() {
        return clients.events
                .createEventBus(bus -> bus.name(SOURCE).eventSourceName(SOURCE))
                .eventBusArn();
    }

    private void deleteBus() {
        clients.events.deleteEventBus(bus -> bus.name(SOURCE));
    }

    private void deleteRule() {
        clients.events.deleteRule(rule -> rule.name("r").eventBusName(SOURCE));
    }

    private static Target queueTarget(String id) {
        return Target.builder().id(id).arn(QUEUE_ARN).build();
    }
}
