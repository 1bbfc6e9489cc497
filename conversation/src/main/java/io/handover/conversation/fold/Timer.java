package io.handover.conversation.fold;

/**
 * An entry of the timer index.
 *
 * @param deadline the stream time at which the timer fires
 * @param subject what becomes due then
 * @param id the id of the conversation or agent
 */
public record Timer(long deadline, Subject subject, String id) {

    /** What a timer belongs to. */
    public enum Subject {
        CONVERSATION,
        AGENT
    }

    /** The timer of a conversation. */
    public static Timer ofConversation(long deadline, String conversationId) {
        return new Timer(deadline, Subject.CONVERSATION, conversationId);
    }

    /** The timer of an agent's profile: the end of its retention. */
    public static Timer ofAgent(long deadline, String agentId) {
        return new Timer(deadline, Subject.AGENT, agentId);
    }
}
