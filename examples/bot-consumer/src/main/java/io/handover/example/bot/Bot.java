package io.handover.example.bot;

/** A bot platform, which obeys commands. */
public interface Bot {

    /** What the bot did with a command. */
    enum Kind {
        /** The bot has the command. */
        ACCEPTED,
        /** The bot will never take the command. */
        REJECTED,
        /** The bot may take the command later. */
        FAILED
    }

    /**
     * The answer to a command.
     *
     * @param reason why the command was not accepted, for people; empty if it was
     */
    record Answer(Kind kind, String reason) {

        public static final Answer ACCEPTED = new Answer(Kind.ACCEPTED, "");
    }

    /**
     * Hands a command over.
     *
     * @param id the idempotency key: the bot must ignore a command that it has already had
     * @param type the type of the command, such as {@code io.handover.handover-ended}
     * @param command the command as JSON
     */
    Answer handOver(String id, String type, byte[] command) throws InterruptedException;
}
