package io.handover.streams;

/**
 * The entry of a conversation in the timer index.
 *
 * @param deadline when it fires, in stream time, epoch ms
 */
record Timer(long deadline, String conversationId) {}
