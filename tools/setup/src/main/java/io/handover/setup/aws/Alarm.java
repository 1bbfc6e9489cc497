package io.handover.setup.aws;

import io.handover.setup.plan.Found;
import io.handover.setup.plan.Resource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.cloudwatch.model.ComparisonOperator;
import software.amazon.awssdk.services.cloudwatch.model.Dimension;
import software.amazon.awssdk.services.cloudwatch.model.MetricAlarm;
import software.amazon.awssdk.services.cloudwatch.model.PutMetricAlarmRequest;
import software.amazon.awssdk.services.cloudwatch.model.Statistic;
import software.amazon.awssdk.services.cloudwatch.model.Tag;

/** An alarm of CloudWatch. */
final class Alarm implements Resource {

    private static final int PERIOD_SECONDS = 300;
    private static final String EVENTS = "AWS/Events";
    private static final String SQS = "AWS/SQS";
    private static final double RETRIES = 100;
    private static final double LATENCY_MS = 30_000;
    private static final double DEAD_LETTER_AGE_S = 10 * 24 * 3600;

    private final AwsAccount aws;
    private final Definition definition;

    /**
     * When an alarm is raised.
     *
     * @param suffix the end of the name
     * @param threshold the alarm is raised above it
     * @param why what a person should know
     */
    private record Definition(
            String suffix,
            String namespace,
            String metric,
            Statistic statistic,
            double threshold,
            Map<String, String> dimensions,
            String why) {}

    private Alarm(AwsAccount aws, Definition definition) {
        this.aws = aws;
        this.definition = definition;
    }

    /** Returns all alarms of a set-up. */
    static List<Alarm> all(AwsAccount aws, Rule rule, Rule deauthorization, DeadLetterQueue queue) {
        Map<String, String> ofRule = new LinkedHashMap<>();
        ofRule.put("EventBusName", rule.bus());
        ofRule.put("RuleName", rule.name());
        Map<String, String> ofQueue = Map.of("QueueName", queue.name());
        return List.of(
                        new Definition("failed", EVENTS, "FailedInvocations", Statistic.SUM, 0, ofRule, """
                                Deliveries failed for good. See ./handover dlq list."""),
                        new Definition("dead-letters", EVENTS, "InvocationsSentToDlq", Statistic.SUM, 0, ofRule, """
                                Deliveries went to the dead letter queue. See ./handover dlq list."""),
                        new Definition("lost", EVENTS, "InvocationsFailedToBeSentToDlq", Statistic.SUM, 0, ofRule, """
                                Deliveries are lost: they failed, and the dead letter queue did not accept them."""),
                        new Definition("throttled", EVENTS, "ThrottledRules", Statistic.SUM, 0, ofRule, """
                                EventBridge throttles the rule. Ask AWS for a higher quota."""),
                        new Definition(
                                "retries", EVENTS, "RetryInvocationAttempts", Statistic.SUM, RETRIES, ofRule, """
                                Many deliveries are repeated. The bridge or Kafka refuses them."""),
                        new Definition(
                                "latency",
                                EVENTS,
                                "IngestionToInvocationSuccessLatency",
                                Statistic.MAXIMUM,
                                LATENCY_MS,
                                ofRule,
                                "Deliveries arrive late."),
                        new Definition(
                                "dead-letter-depth",
                                SQS,
                                "ApproximateNumberOfMessagesVisible",
                                Statistic.MAXIMUM,
                                0,
                                ofQueue,
                                "The dead letter queue is not empty. See ./handover dlq list."),
                        new Definition(
                                "dead-letter-age",
                                SQS,
                                "ApproximateAgeOfOldestMessage",
                                Statistic.MAXIMUM,
                                DEAD_LETTER_AGE_S,
                                ofQueue,
                                "Messages of the dead letter queue are lost in four days. See ./handover dlq resend."),
                        new Definition(
                                "deauthorized",
                                EVENTS,
                                "TriggeredRules",
                                Statistic.SUM,
                                0,
                                Map.of("RuleName", deauthorization.name()),
                                "EventBridge no longer sends. See ./handover setup verify."))
                .stream()
                .map(definition -> new Alarm(aws, definition))
                .toList();
    }

    @Override
    public String kind() {
        return "alarm";
    }

    @Override
    public String name() {
        return aws.settings().name() + "-" + definition.suffix();
    }

    Optional<MetricAlarm> describe() {
        return aws
                .call("cloudwatch:DescribeAlarms", () -> aws.cloudWatch().describeAlarms(r -> r.alarmNames(name())))
                .metricAlarms()
                .stream()
                .filter(alarm -> alarm.alarmName().equals(name()))
                .findFirst();
    }

    String why() {
        return definition.why();
    }

    @Override
    public Found find() {
        return describe().map(this::found).orElse(Found.ABSENT);
    }

    private Found found(MetricAlarm alarm) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("metric", alarm.namespace() + " " + alarm.metricName());
        fields.put(
                "dimensions",
                text(alarm.dimensions().stream().collect(Collectors.toMap(Dimension::name, Dimension::value))));
        fields.put("raised", raised(alarm.statisticAsString(), alarm.threshold(), alarm.period()));
        fields.put("sent to", alarm.alarmActions().isEmpty() ? "nobody" : String.join(", ", alarm.alarmActions()));
        boolean ours = aws
                .call(
                        "cloudwatch:ListTagsForResource",
                        () -> aws.cloudWatch().listTagsForResource(r -> r.resourceARN(alarm.alarmArn())))
                .tags()
                .stream()
                .anyMatch(tag -> Tags.isOurs(aws, tag.key(), tag.value()));
        return Found.of(ours, fields);
    }

    @Override
    public Map<String, String> wanted() {
        Map<String, String> wanted = new LinkedHashMap<>();
        wanted.put("metric", definition.namespace() + " " + definition.metric());
        wanted.put("dimensions", text(definition.dimensions()));
        wanted.put("raised", raised(definition.statistic().toString(), definition.threshold(), PERIOD_SECONDS));
        String topic = aws.settings().alarmTopicArn();
        wanted.put("sent to", topic == null ? "nobody" : topic);
        return wanted;
    }

    private static String text(Map<String, String> dimensions) {
        return dimensions.entrySet().stream()
                .map(dimension -> dimension.getKey() + "=" + dimension.getValue())
                .sorted()
                .collect(Collectors.joining(", "));
    }

    private static String raised(String statistic, double threshold, int period) {
        return "if " + statistic + " > " + (long) threshold + " within " + period + " s";
    }

    @Override
    public void create() {
        aws.call(
                "cloudwatch:PutMetricAlarm",
                () -> aws.cloudWatch()
                        .putMetricAlarm(request()
                                .tags(Tag.builder()
                                        .key(AwsAccount.TAG)
                                        .value(aws.settings().name())
                                        .build())
                                .build()));
    }

    @Override
    public void change(Found found) {
        aws.call(
                "cloudwatch:PutMetricAlarm",
                () -> aws.cloudWatch().putMetricAlarm(request().build()));
    }

    private PutMetricAlarmRequest.Builder request() {
        String topic = aws.settings().alarmTopicArn();
        return PutMetricAlarmRequest.builder()
                .alarmName(name())
                .alarmDescription(definition.why())
                .namespace(definition.namespace())
                .metricName(definition.metric())
                .dimensions(definition.dimensions().entrySet().stream()
                        .map(dimension -> Dimension.builder()
                                .name(dimension.getKey())
                                .value(dimension.getValue())
                                .build())
                        .toList())
                .statistic(definition.statistic())
                .comparisonOperator(ComparisonOperator.GREATER_THAN_THRESHOLD)
                .threshold(definition.threshold())
                .period(PERIOD_SECONDS)
                .evaluationPeriods(1)
                .treatMissingData("notBreaching")
                .alarmActions(topic == null ? List.of() : List.of(topic))
                .okActions(topic == null ? List.of() : List.of(topic));
    }

    @Override
    public void delete() {
        aws.delete("cloudwatch:DeleteAlarms", () -> aws.cloudWatch().deleteAlarms(r -> r.alarmNames(name())));
    }
}
