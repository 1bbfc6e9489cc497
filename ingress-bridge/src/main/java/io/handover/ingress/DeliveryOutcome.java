package io.handover.ingress;

/**
 * The outcome of a request to the endpoint, with the HTTP status of the answer.
 *
 * <p>EventBridge retries after 503 for a day. After 4xx it sends the event to its dead letter queue at once, except after
 * 401: then it also de-authorizes its connection, and delivers nothing until somebody updates the connection. The bridge
 * never answers with 408, because EventBridge does not retry after 408.
 */
enum DeliveryOutcome {
    /** Kafka has acknowledged the delivery. */
    STORED("stored", Kind.STORED, 200),

    /** The medium is not a message, or the type of the message is not Open Messaging. */
    UNWANTED_MEDIA("unwanted-media", Kind.UNWANTED, 200),
    /** The product does not use the topic. */
    UNWANTED_TOPIC("unwanted-topic", Kind.UNWANTED, 200),

    /** The key or signature is missing or wrong, and the sender is not EventBridge. */
    UNAUTHORIZED("unauthorized", Kind.REFUSED, 401),
    /** The organisation in {@code source} is not configured. */
    OTHER_ORGANIZATION("other-organization", Kind.REFUSED, 403),
    /** The body is neither an EventBridge envelope nor a data-action body. The delivery becomes a dead letter. */
    UNREADABLE("unreadable", Kind.REFUSED, 400),
    /** The body has neither a conversation id nor a customer's id. The delivery becomes a dead letter. */
    NO_KEY("no-key", Kind.REFUSED, 400),
    /** The body is larger than the endpoint or Kafka allows. */
    TOO_LARGE("too-large", Kind.REFUSED, 413),
    /** The body is compressed. The size of the uncompressed body could not be limited. */
    COMPRESSED("compressed", Kind.REFUSED, 415),
    /** The path is not the path of deliveries. */
    UNKNOWN_PATH("unknown-path", Kind.REFUSED, 404),
    /** The method is not POST. */
    WRONG_METHOD("wrong-method", Kind.REFUSED, 405),
    /** The request is not valid HTTP. */
    MALFORMED("malformed", Kind.REFUSED, 400),
    /** The request line is too long. */
    LINE_TOO_LONG("line-too-long", Kind.REFUSED, 414),
    /** The headers are too large. */
    HEADERS_TOO_LARGE("headers-too-large", Kind.REFUSED, 431),

    /**
     * The key or signature is missing or wrong, and the sender says that it is EventBridge. EventBridge retries, and keeps
     * its connection, so a wrong key loses no event if it is corrected within a day.
     */
    UNAUTHORIZED_EVENTBRIDGE("unauthorized-eventbridge", Kind.FAILED, 503),
    /** A limit on concurrent requests is reached. */
    BUSY("busy", Kind.FAILED, 503),
    /**
     * Kafka did not acknowledge the record in time. Kafka may still store the record, and then the retry of the sender
     * is a duplicate.
     */
    KAFKA_TIMEOUT("kafka-timeout", Kind.FAILED, 503),
    /**
     * Nothing was sent to Kafka, because a topic is missing, not permitted, or not as it must be, or because Kafka has
     * not answered since the start.
     */
    TOPICS_NOT_READY("topics-not-ready", Kind.FAILED, 503),
    /** Kafka rejected the record, for example because of a missing permission or too few in-sync replicas. */
    KAFKA_REFUSED("kafka-refused", Kind.FAILED, 503),
    /** The body was not received completely in time. */
    SLOW_BODY("slow-body", Kind.FAILED, 503),
    /** The endpoint is disabled by a setting. */
    DISABLED("disabled", Kind.FAILED, 503),
    /** The process is stopping. */
    STOPPING("stopping", Kind.FAILED, 503),
    /** The sender disconnected before it received an answer. */
    CLIENT_GONE("client-gone", Kind.FAILED, 503);

    /** The group of an outcome. Each group has its own counter metric. */
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

    /** The name of the outcome in the answer, in the access log and in the label of the metric. */
    String label() {
        return label;
    }

    Kind kind() {
        return kind;
    }

    int status() {
        return status;
    }

    /** Whether the answer has a Retry-After header. */
    boolean isRetryable() {
        return kind == Kind.FAILED;
    }

    /** Whether the request was not valid HTTP. Then it is unknown where the next request on the connection starts. */
    boolean isInvalidHttp() {
        return this == MALFORMED || this == LINE_TOO_LONG || this == HEADERS_TOO_LARGE;
    }
}
