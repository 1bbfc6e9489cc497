package io.handover.schema;

/** A record of {@link Topics#EVENTS}. */
public sealed interface HandoverRecord permits Delivery, ClockTick, AgentProfile {}
