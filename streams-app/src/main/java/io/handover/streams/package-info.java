/**
 * The process that decides: the topology, its state stores and clock ticks around {@link
 * io.handover.conversation.fold.ConversationFold}.
 *
 * <p>The commands are a pure function of each partition of {@code handover-events}: nothing here that decides reads a
 * clock.
 */
@NullMarked
package io.handover.streams;

import org.jspecify.annotations.NullMarked;
