package io.handover.schema;

/** The names of the topics. They are a compatibility contract: other teams read and write them. */
public final class Topics {

    /** What came in: deliveries, clock ticks and agent profiles; the header {@link RecordKind#HEADER} says which. */
    public static final String EVENTS = "handover-events";

    /** What the bot platform obeys. */
    public static final String COMMANDS = "handover-commands";

    /** What could not be read, byte for byte, with the reason in headers. */
    public static final String DEAD_LETTERS = "handover-dead-letters";

    private Topics() {}
}
