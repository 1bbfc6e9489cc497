/**
 * The shell around the decisions: topology, state stores, deadlines, clock ticks.
 *
 * <p>{@link io.handover.streams.ConversationProcessor} loads a state, calls the core in
 * {@code io.handover.streams.conversation}, and writes what it returned. The commands are a pure function of each
 * partition of {@code handover-events}: nothing here that decides reads a clock.
 */
@NullMarked
package io.handover.streams;

import org.jspecify.annotations.NullMarked;
