package io.handover.service;

import java.util.List;

/**
 * The result of one check of a topic or of the cluster.
 *
 * @param subject the topic; {@code cluster} for a check of the brokers
 * @param check what is checked
 * @param value the value that was found, as Kafka's tools show it
 * @param severity whether the value is a problem
 * @param sentence the problem, with the command that mends it; empty if the value is no problem
 */
public record CheckResult(String subject, Check check, String value, Severity severity, String sentence) {

    /** Whether the value of a check is a problem. */
    public enum Severity {
        OK,
        /** The process works, but with less safety than it could have. */
        WARNING,
        /** The process does not start, and does not use the topic. */
        ERROR
    }

    /** What is checked. */
    public enum Check {
        EXISTS("exists"),
        PERMISSIONS("permissions"),
        PARTITIONS("partitions"),
        CLEANUP_POLICY("cleanup.policy"),
        TIMESTAMP_TYPE("message.timestamp.type"),
        RETENTION("retention.ms"),
        RETENTION_BYTES("retention.bytes"),
        MESSAGE_SIZE("max.message.bytes"),
        REPLICAS("replicas"),
        TRANSACTION_VERSION("transaction.version");

        private final String label;

        Check(String label) {
            this.label = label;
        }

        /** The name of the check: the topic setting, where there is one. */
        public String label() {
            return label;
        }
    }

    static CheckResult ok(String subject, Check check, Object value) {
        return new CheckResult(subject, check, String.valueOf(value), Severity.OK, "");
    }

    static CheckResult warning(String subject, Check check, Object value, String sentence) {
        return new CheckResult(subject, check, String.valueOf(value), Severity.WARNING, sentence);
    }

    static CheckResult error(String subject, Check check, Object value, String sentence) {
        return new CheckResult(subject, check, String.valueOf(value), Severity.ERROR, sentence);
    }

    public boolean isError() {
        return severity == Severity.ERROR;
    }

    /** The same result for a process that works without the subject: an error is only a warning. */
    public CheckResult asWarning() {
        return isError() ? warning(subject, check, value, sentence) : this;
    }

    /** The sentences of the errors in these results. */
    static List<String> errors(List<CheckResult> results) {
        return results.stream()
                .filter(CheckResult::isError)
                .map(CheckResult::sentence)
                .toList();
    }
}
