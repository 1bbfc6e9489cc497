package io.handover.conversation.fold;

/**
 * The entry of a conversation in the timer index.
 *
 * @param deadline when it fires, in stream time
 */
public record Timer(long deadline, String conversationId) {}
