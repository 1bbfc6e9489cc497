package io.handover.conversation.fold;

/**
 * A deadline of a conversation or an agent.
 *
 * @param deadline the stream time at which the timer fires
 * @param subject what becomes due then
 * @param id the id of the conversation or agent
 */
public record Timer(long deadline, Subject subject, String id) implements Comparable<Timer> {

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

    /** Orders by deadline. */
    @Override
    public int compareTo(Timer other) {
        int order = Long.compare(deadline, other.deadline);
        if (order == 0) {
            order = subject.compareTo(other.subject);
        }
        return order == 0 ? id.compareTo(other.id) : order;
    }
}
