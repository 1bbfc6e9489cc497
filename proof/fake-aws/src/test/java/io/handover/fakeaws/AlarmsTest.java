package io.handover.fakeaws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.cloudwatch.model.CloudWatchException;
import software.amazon.awssdk.services.cloudwatch.model.ComparisonOperator;
import software.amazon.awssdk.services.cloudwatch.model.DescribeAlarmsResponse;
import software.amazon.awssdk.services.cloudwatch.model.Dimension;
import software.amazon.awssdk.services.cloudwatch.model.MetricAlarm;
import software.amazon.awssdk.services.cloudwatch.model.StateValue;
import software.amazon.awssdk.services.cloudwatch.model.Statistic;
import software.amazon.awssdk.services.cloudwatch.model.Tag;
import software.amazon.awssdk.services.sns.model.NotFoundException;

class AlarmsTest {

    private static final String ARN = "arn:aws:cloudwatch:eu-central-1:123456789012:alarm:handover-failed";
    private static final String TOPIC = "arn:aws:sns:eu-central-1:123456789012:operators";

    private final FakeAws fake = FakeAws.start(0);
    private final Clients clients = new Clients(fake);

    @AfterEach
    void tearDown() {
        clients.close();
        fake.close();
    }

    @Test
    void shouldKeepAnAlarm() {
        // When
        put("handover-failed", 0.5);

        // Then
        MetricAlarm alarm = describe(List.of("handover-failed")).metricAlarms().get(0);
        assertThat(alarm.alarmArn()).isEqualTo(ARN);
        assertThat(alarm.namespace()).isEqualTo("AWS/Events");
        assertThat(alarm.metricName()).isEqualTo("FailedInvocations");
        assertThat(alarm.dimensions())
                .containsExactly(
                        Dimension.builder().name("RuleName").value("handover").build());
        assertThat(alarm.threshold()).isEqualTo(0.5);
        assertThat(alarm.evaluationPeriods()).isEqualTo(2);
        assertThat(alarm.statistic()).isEqualTo(Statistic.SUM);
        assertThat(alarm.alarmActions()).containsExactly(TOPIC);
        assertThat(alarm.stateValue()).isEqualTo(StateValue.INSUFFICIENT_DATA);
        assertThat(alarm.stateUpdatedTimestamp()).isNotNull();
        assertThat(alarm.actionsEnabled()).isTrue();
        assertThat(clients.cloudWatch
                        .listTagsForResource(list -> list.resourceARN(ARN))
                        .tags())
                .containsExactly(tag("made-by", "handover"));
    }

    @Test
    void shouldReplaceAnAlarmAndKeepItsTags() {
        // Given
        put("handover-failed", 1);
        clients.cloudWatch.tagResource(resource -> resource.resourceARN(ARN).tags(tag("b", "2")));

        // When
        clients.cloudWatch.putMetricAlarm(alarm -> alarm.alarmName("handover-failed")
                .comparisonOperator(ComparisonOperator.LESS_THAN_THRESHOLD)
                .evaluationPeriods(3)
                .tags(tag("c", "3")));

        // Then
        MetricAlarm alarm = describe(List.of("handover-failed")).metricAlarms().get(0);
        assertThat(alarm.threshold()).isNull();
        assertThat(alarm.evaluationPeriods()).isEqualTo(3);
        assertThat(clients.cloudWatch
                        .listTagsForResource(list -> list.resourceARN(ARN))
                        .tags())
                .containsExactly(tag("b", "2"), tag("made-by", "handover"));
    }

    @Test
    void shouldListAlarmsInPages() {
        // Given
        for (String name : List.of("handover-1", "handover-2", "handover-3", "other")) {
            put(name, 1);
        }

        // When
        DescribeAlarmsResponse first = clients.cloudWatch.describeAlarms(list -> list.alarmNamePrefix("handover-"));
        DescribeAlarmsResponse second = clients.cloudWatch.describeAlarms(
                list -> list.alarmNamePrefix("handover-").nextToken(first.nextToken()));

        // Then
        assertThat(first.metricAlarms()).hasSize(2);
        assertThat(second.metricAlarms()).extracting(MetricAlarm::alarmName).containsExactly("handover-3");
        assertThat(second.nextToken()).isNull();
    }

    @Test
    void shouldDeleteAllAlarmsOrNone() {
        // Given
        put("handover-failed", 1);

        // When / Then
        assertThatThrownBy(() -> clients.cloudWatch.deleteAlarms(list -> list.alarmNames("handover-failed", "other")))
                .isInstanceOfSatisfying(CloudWatchException.class, error -> {
                    // The SDK has no class for this error.
                    assertThat(error.statusCode()).isEqualTo(404);
                    assertThat(error.awsErrorDetails().errorCode()).isEqualTo("ResourceNotFound");
                });
        assertThat(fake.resources()).containsExactly(ARN);
        clients.cloudWatch.deleteAlarms(list -> list.alarmNames("handover-failed"));
        assertThat(describe(List.of()).metricAlarms()).isEmpty();
        assertThat(fake.resources()).isEmpty();
    }

    @Test
    void shouldDescribeATopic() {
        // Given
        fake.addTopic("operators", "{\"Statement\":[]}");

        // When / Then
        assertThat(clients.sns
                        .getTopicAttributes(topic -> topic.topicArn(TOPIC))
                        .attributes())
                .containsEntry("TopicArn", TOPIC)
                .containsEntry("Policy", "{\"Statement\":[]}");
        assertThatThrownBy(() -> clients.sns.getTopicAttributes(topic -> topic.topicArn(TOPIC + "-2")))
                .isInstanceOf(NotFoundException.class);
    }

    private void put(String name, double threshold) {
        clients.cloudWatch.putMetricAlarm(alarm -> alarm.alarmName(name)
                .namespace("AWS/Events")
                .metricName("FailedInvocations")
                .dimensions(
                        Dimension.builder().name("RuleName").value("handover").build())
                .comparisonOperator(ComparisonOperator.GREATER_THAN_THRESHOLD)
                .threshold(threshold)
                .evaluationPeriods(2)
                .period(60)
                .statistic(Statistic.SUM)
                .alarmActions(TOPIC)
                .tags(tag("made-by", "handover")));
    }

    private DescribeAlarmsResponse describe(List<String> names) {
        return clients.cloudWatch.describeAlarms(list -> list.alarmNames(names));
    }

    private static Tag tag(String key, String value) {
        return Tag.builder().key(key).value(value).build();
    }
}
