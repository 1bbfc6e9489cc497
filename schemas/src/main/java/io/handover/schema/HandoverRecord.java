package io.handover.schema;

/** A record of the topic {@link Topics#EVENTS}. */
public sealed interface HandoverRecord permits Delivery, ClockTick, AgentProfile, OperatorOrder {}
