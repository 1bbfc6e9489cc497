/**
 * The streams-app process: the topology, its state stores and clock ticks around
 * {@link io.handover.conversation.fold.ConversationFold}.
 *
 * <p>The commands of a partition depend only on the settings and on the records of this partition of
 * {@code handover-events}: no decision reads a clock.
 */
@NullMarked
package io.handover.streams;

import org.jspecify.annotations.NullMarked;
