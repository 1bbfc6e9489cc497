/**
 * The pure core: what an event, or a deadline, means for a conversation.
 *
 * <p>Data goes through it one way. {@link ConversationStateMachine} takes a state and an event, and returns the next
 * state, the commands and an {@link Outcome}. It first merges the event into the facts ({@link AgentSession},
 * {@link QueueSession}), which gives the same facts for every order of arrival, and then {@link Conclusion} reads from
 * the facts what is to happen, and when. Nothing in here knows Kafka, JSON or HTTP, or reads a clock; the build fails
 * when it tries.
 *
 * <p>Times are epoch milliseconds. {@code eventTime} says when something happened and orders the facts; {@code at} is
 * when the log learnt of it, never goes back, and is what timeouts count from.
 */
@NullMarked
package io.handover.conversation;

import org.jspecify.annotations.NullMarked;
