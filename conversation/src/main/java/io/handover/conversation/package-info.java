/**
 * The decisions: what an event or a deadline means for a conversation.
 *
 * <p>{@link ConversationStateMachine} maps a state and an event to the next state, the commands and an {@link Outcome}.
 * It merges the event into the facts ({@link AgentSession}, {@link QueueSession}), which are the same for every order
 * of arrival. {@link Conclusion} derives from the facts whether an end is due, and when. This package knows no Kafka,
 * JSON or HTTP, and reads no clock; the build fails if it does.
 *
 * <p>Times are epoch milliseconds. The event time is when something happened; it orders the facts. {@code at} is the
 * stream time at which an event or deadline is applied; it never goes back, and timeouts count from it.
 */
@NullMarked
package io.handover.conversation;

import org.jspecify.annotations.NullMarked;
