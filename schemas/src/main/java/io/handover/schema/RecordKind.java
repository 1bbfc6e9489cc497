package io.handover.schema;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeader;

/** The kind of a record of {@link Topics#EVENTS}, as its header {@value #HEADER} says. */
public enum RecordKind {
    /** An EventBridge delivery or an old data-action body, byte for byte as it was received. */
    DELIVERY("delivery"),
    /** A {@link ClockTick}. */
    CLOCK_TICK("clock-tick"),
    /** An {@link AgentProfile}. */
    AGENT_PROFILE("agent-profile");

    /** The name of the header. A record without it is a delivery, so that producers of other teams need no header. */
    public static final String HEADER = "handover-record";

    private final String label;

    RecordKind(String label) {
        this.label = label;
    }

    /** The value of the header. */
    public String label() {
        return label;
    }

    /** Creates a header with this kind. */
    public Header header() {
        return new RecordHeader(HEADER, label.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * The kind in the headers of a record.
     *
     * @throws UnreadableRecordException if there is no such kind
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
