package io.handover.schema;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeader;

/** The kind of a record of {@link Topics#EVENTS}. The record header {@value #HEADER} contains the label of the kind. */
public enum RecordKind {
    /** An EventBridge envelope or a body of the old data action, byte for byte as received. */
    DELIVERY("delivery"),
    /** A {@link ClockTick}. */
    CLOCK_TICK("clock-tick"),
    /** An {@link AgentProfile}. */
    AGENT_PROFILE("agent-profile"),
    /** An {@link OperatorOrder}. */
    OPERATOR_ORDER("operator-order");

    /**
     * The name of the header. A record without this header is a delivery, so other teams can write deliveries without a
     * header.
     */
    public static final String HEADER = "handover-record";

    private final String label;

    RecordKind(String label) {
        this.label = label;
    }

    /** The value of the header {@value #HEADER} for this kind. */
    public String label() {
        return label;
    }

    /** Creates the header {@value #HEADER} for this kind. */
    public Header header() {
        return new RecordHeader(HEADER, label.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Returns the kind of a record with these headers.
     *
     * @throws UnreadableRecordException if the header has an unknown value
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
                + " to be delivery, clock-tick, agent-profile or operator-order, but it is '" + label + "'");
    }
}
