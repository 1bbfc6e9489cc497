package io.handover.schema;

/** The default names of the Kafka topics. Each has a setting, such as {@code topic.events}. */
public final class Topics {

    /**
     * The input topic: deliveries, clock ticks and agent profiles. The record header {@link RecordKind#HEADER} has the
     * kind.
     */
    public static final String EVENTS = "handover-events";

    /** The output topic: commands to the bot platform. */
    public static final String COMMANDS = "handover-commands";

    /** The agents whose names and pictures streams-app asks for; {@link AgentLookup}. */
    public static final String AGENT_LOOKUPS = "handover-agent-lookups";

    /** Records and deliveries that could not be read, byte for byte. The record headers contain the reason. */
    public static final String DEAD_LETTERS = "handover-dead-letters";

    private Topics() {}
}
