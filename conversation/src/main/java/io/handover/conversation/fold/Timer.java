package io.handover.conversation.fold;

/**
 * The entry of a conversation in the timer index.
 *
 * @param deadline the stream time at which the timer fires
 */
public record Timer(long deadline, String conversationId) {}
