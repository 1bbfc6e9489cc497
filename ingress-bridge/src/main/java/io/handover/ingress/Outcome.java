package io.handover.ingress;

/**
 * What became of a delivery, and the answer that tells the sender.
 *
 * <p>EventBridge retries 401 and 503 for a day, and puts what got another 4xx into its dead letter queue at once. 408
 * is never used: it counts as a 4xx there.
 */
enum Outcome {
    /** Kafka has it. */
    STORED("stored", 200),
    /** Not a message, or not of Open Messaging. */
    UNWANTED_MEDIA("unwanted-media", 200),
    /** A topic that decides nothing here. */
    UNWANTED_TOPIC("unwanted-topic", 200),
    /** No key or a wrong one; retried, so nothing is lost while the sender gets a new key. */
    UNAUTHORIZED("unauthorized", 401),
    /** The source names another organisation than the ones configured. */
    OTHER_ORGANIZATION("other-organization", 403),
    /** Neither an EventBridge envelope nor a data-action body; a copy is in the dead letters. */
    UNREADABLE("unreadable", 400),
    /** Nothing to key it by; a copy is in the dead letters. */
    NO_KEY("no-key", 400),
    /** More than this endpoint or Kafka takes. */
    TOO_LARGE("too-large", 413),
    /** More at once than this process takes. */
    BUSY("busy", 503),
    /** Kafka refused, or did not acknowledge in time. */
    KAFKA_UNAVAILABLE("kafka-unavailable", 503),
    /** The time to answer was over first; the record may still be stored, and its retry is a duplicate. */
    TIMED_OUT("timed-out", 503),
    /** The endpoint is switched off; the sender keeps everything. */
    DISABLED("disabled", 503),
    /** The sender went away before its body was complete, so that nobody saw the answer. */
    CLIENT_GONE("client-gone", 503);

    private static final int SERVICE_UNAVAILABLE = 503;

    private final String label;
    private final int status;

    Outcome(String label, int status) {
        this.label = label;
        this.status = status;
    }

    /** The value of the metric's label. */
    String label() {
        return label;
    }

    int status() {
        return status;
    }

    /** Whether the answer asks the sender to come again. */
    boolean isRetryable() {
        return status == SERVICE_UNAVAILABLE;
    }
}
