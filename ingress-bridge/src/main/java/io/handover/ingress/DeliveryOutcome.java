package io.handover.ingress;

/**
 * What became of a delivery, and the answer that tells the sender.
 *
 * <p>EventBridge retries 401 and 503 for a day, and puts what got another 4xx into its dead letter queue at once. 408
 * is never used: it counts as a 4xx there.
 */
enum DeliveryOutcome {
    /** Kafka has it. */
    STORED("stored", Kind.STORED, 200),

    /** Not a message, or not of Open Messaging. */
    UNWANTED_MEDIA("unwanted-media", Kind.UNWANTED, 200),
    /** A topic that decides nothing here. */
    UNWANTED_TOPIC("unwanted-topic", Kind.UNWANTED, 200),

    /** No key or signature, or a wrong one; retried, so nothing is lost while the sender gets a new key. */
    UNAUTHORIZED("unauthorized", Kind.REFUSED, 401),
    /** The source names another organisation than the ones configured. */
    OTHER_ORGANIZATION("other-organization", Kind.REFUSED, 403),
    /** Neither an EventBridge envelope nor a data-action body; a copy is in the dead letters. */
    UNREADABLE("unreadable", Kind.REFUSED, 400),
    /** Nothing to key it by; a copy is in the dead letters. */
    NO_KEY("no-key", Kind.REFUSED, 400),
    /** More than this endpoint or Kafka takes. */
    TOO_LARGE("too-large", Kind.REFUSED, 413),
    /** The body is compressed: what it would expand to has no limit. */
    COMPRESSED("compressed", Kind.REFUSED, 415),
    /** Not the path of the deliveries. */
    UNKNOWN_PATH("unknown-path", Kind.REFUSED, 404),
    /** Not a POST. */
    WRONG_METHOD("wrong-method", Kind.REFUSED, 405),
    /** Not HTTP. */
    MALFORMED("malformed", Kind.REFUSED, 400),
    /** A request line that is longer than is read. */
    LINE_TOO_LONG("line-too-long", Kind.REFUSED, 414),
    /** More headers than are read. */
    HEADERS_TOO_LARGE("headers-too-large", Kind.REFUSED, 431),

    /** More at once than this process takes. */
    BUSY("busy", Kind.FAILED, 503),
    /** No acknowledgement in time; the record may still be stored, and its retry is a duplicate. */
    KAFKA_TIMEOUT("kafka-timeout", Kind.FAILED, 503),
    /** Kafka said no: no permission, copies missing, a failure. */
    KAFKA_REFUSED("kafka-refused", Kind.FAILED, 503),
    /** The body did not come in time. */
    SLOW_BODY("slow-body", Kind.FAILED, 503),
    /** The endpoint is switched off; the sender keeps everything. */
    DISABLED("disabled", Kind.FAILED, 503),
    /** The process is about to end. */
    STOPPING("stopping", Kind.FAILED, 503),
    /** The sender went away before its body was complete, so that nobody saw the answer. */
    CLIENT_GONE("client-gone", Kind.FAILED, 503);

    /** The side of the books that an outcome is on. */
    enum Kind {
        STORED,
        UNWANTED,
        REFUSED,
        FAILED
    }

    private final String label;
    private final Kind kind;
    private final int status;

    DeliveryOutcome(String label, Kind kind, int status) {
        this.label = label;
        this.kind = kind;
        this.status = status;
    }

    /** The value in the answer, in the log, and of the metric's label. */
    String label() {
        return label;
    }

    Kind kind() {
        return kind;
    }

    int status() {
        return status;
    }

    /** Whether the answer asks the sender to come again. */
    boolean isRetryable() {
        return kind == Kind.FAILED;
    }

    /** Whether what follows on the connection cannot be told apart from what came. */
    boolean isInvalidHttp() {
        return this == MALFORMED || this == LINE_TOO_LONG || this == HEADERS_TOO_LARGE;
    }
}
