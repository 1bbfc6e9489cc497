package io.handover.schema;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeader;

/** What a record of {@link Topics#EVENTS} is, as its header {@value #HEADER} says. */
public enum RecordKind {
    /** An EventBridge delivery or an old data-action body, byte for byte as it was received. */
    DELIVERY("delivery"),
    /** A {@link ClockTick}. */
    CLOCK_TICK("clock-tick"),
    /** An {@link AgentProfile}. */
    AGENT_PROFILE("agent-profile");

    /** The name of the header. A record without it is a delivery: so a producer of another team needs no header. */
    public static final String HEADER = "handover-record";

    private final String label;

    RecordKind(String label) {
        this.label = label;
    }

    /** The value of the header. */
    public String label() {
        return label;
    }

    /** A new header that says this kind. */
    public Header header() {
        return new RecordHeader(HEADER, label.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * The kind that the headers of a record say.
     *
     * @throws UnreadableRecordException if they name a kind that does not exist
     */
    static RecordKind of(Headers headers) {
        Header header = headers.lastHeader(HEADER);
        if (header == null || header.value() == null) {
            return DELIVERY;
        }
        String label = new String(header.value(), StandardCharsets.UTF_8);
        for (RecordKind kind : values()) {
            if (kind.label.equals(label)) {
                return kind;
            }
        }
        throw new UnreadableRecordException("Expected header " + HEADER
                + " to be delivery, clock-tick or agent-profile, but it is '" + label + "'");
    }
}
