package io.handover.conversation;

import org.jspecify.annotations.Nullable;

/** Reads Genesys' {@code disconnectType}: how a session ended. Genesys adds values, so unknown ones must not matter. */
public final class DisconnectType {

    private DisconnectType() {}

    /**
     * Whether the conversation went on elsewhere. The end of the value decides: a list of all transfers would be
     * incomplete.
     */
    public static boolean isTransfer(@Nullable String type) {
        return type != null && (type.endsWith("TRANSFER") || type.equals("TAKEOVER"));
    }

    /** Whether the agent was alerted and did not answer. */
    static boolean isDeclined(@Nullable String type) {
        return type != null
                && (type.equals("NO_ANSWER_TRANSFER")
                        || type.equals("NOT_AVAILABLE_TRANSFER")
                        || type.startsWith("DND_"));
    }
}
