package io.handover.conversation.fold;

import io.handover.conversation.KnownAgent;
import io.handover.conversation.fold.StateEncoding.CorruptStateException;
import io.handover.conversation.fold.StateEncoding.Writer;

/**
 * The value of the agents' store: the profile of an agent, and its timer. The encoding begins with a version byte, as
 * that of {@link StoredConversation}.
 *
 * @param timerAt the deadline of the timer of the agent
 */
public record StoredAgent(long timerAt, KnownAgent agent) {

    private static final int VERSION = 1;

    public byte[] encode() {
        Writer out = new Writer().begin(VERSION);
        out.fullTime(agent.learnedAt());
        out.time(timerAt);
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
        return StateEncoding.decode(bytes, VERSION, in -> {
            long learnedAt = in.fullTime();
            long timerAt = in.time();
            return new StoredAgent(timerAt, new KnownAgent(in.optionalText(), in.optionalText(), learnedAt));
        });
    }
}
