package io.handover.schema;

/** The names of the topics. They must not change, because other teams read and write these topics. */
public final class Topics {

    /** The input: deliveries, clock ticks and agent profiles. The header {@link RecordKind#HEADER} says which. */
    public static final String EVENTS = "handover-events";

    /** The output: commands to the bot platform. */
    public static final String COMMANDS = "handover-commands";

    /** Unreadable records, byte for byte, with the reason in headers. */
    public static final String DEAD_LETTERS = "handover-dead-letters";

    private Topics() {}
}
