package io.handover.conversation.fold;

import io.handover.conversation.KnownAgent;
import io.handover.conversation.fold.StateEncoding.CorruptStateException;
import io.handover.conversation.fold.StateEncoding.Writer;

/**
 * The value of the agents' store: the profile of an agent, and its timer. The encoding begins with a version byte, as
 * that of {@link StoredConversation}.
 *
 * @param timerAt the deadline of the agent in the timer index
 */
public record StoredAgent(long timerAt, KnownAgent agent) {

    private static final byte VERSION = 1;

    public byte[] encode() {
        Writer out = new Writer();
        out.room(1).put(VERSION);
        out.number(timerAt);
        out.number(agent.learnedAt());
        out.optionalText(agent.name());
        out.optionalText(agent.imageUrl());
        return out.bytes();
    }

    /**
     * Decodes bytes that {@link #encode} wrote.
     *
     * @throws CorruptStateException if the bytes are no encoded profile
     * @throws IllegalStateException if a newer release wrote the bytes; to continue would lose data of that release
     */
    public static StoredAgent decode(byte[] bytes) throws CorruptStateException {
        return StateEncoding.decode(bytes, VERSION, (in, version) -> {
            long timerAt = in.getLong();
            long learnedAt = in.getLong();
            return new StoredAgent(
                    timerAt, new KnownAgent(StateEncoding.optionalText(in), StateEncoding.optionalText(in), learnedAt));
        });
    }
}
