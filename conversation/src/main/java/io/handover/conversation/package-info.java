/**
 * The decision logic: applies events and deadlines to the state of a conversation.
 *
 * <p>{@link ConversationStateMachine} maps a state and an event to the next state, the commands and an {@link Outcome}.
 * It merges the event into the facts ({@link AgentSession}, {@link QueueSession}); the order of arrival does not change
 * the facts. {@link Conclusion} derives from the facts whether an end is due, and when. This package does not use
 * Kafka, JSON or HTTP, and reads no clock; otherwise the build fails.
 *
 * <p>Times are epoch milliseconds. The event time is when something happened; the facts are ordered by it. {@code at}
 * is the stream time at which an event or deadline is applied. The stream time never goes back, and timeouts count from
 * it.
 */
@NullMarked
package io.handover.conversation;

import org.jspecify.annotations.NullMarked;
