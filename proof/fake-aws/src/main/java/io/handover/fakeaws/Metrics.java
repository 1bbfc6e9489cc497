package io.handover.fakeaws;

import java.util.HashMap;
import java.util.Map;

/** The metrics of EventBridge per rule, by the names of CloudWatch. */
final class Metrics {

    static final String INVOCATIONS = "Invocations";
    static final String FAILED = "FailedInvocations";
    static final String RETRIES = "RetryInvocationAttempts";
    static final String TO_DLQ = "InvocationsSentToDlq";
    static final String NOT_TO_DLQ = "InvocationsFailedToBeSentToDlq";

    private final Map<String, Map<String, Long>> values = new HashMap<>();

    void increment(String ruleArn, String metric) {
        values.computeIfAbsent(ruleArn, arn -> new HashMap<>()).merge(metric, 1L, Long::sum);
    }

    long value(String ruleArn, String metric) {
        return values.getOrDefault(ruleArn, Map.of()).getOrDefault(metric, 0L);
    }
}
