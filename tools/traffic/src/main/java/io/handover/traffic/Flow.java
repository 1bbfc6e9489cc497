package io.handover.traffic;

import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The fields that only events of a flow have.
 *
 * @param type the {@code flowType}, or null
 * @param exitReason how the flow ended; null if the event does not say it
 * @param transferType where the flow transferred the conversation to; null if the event does not say it
 */
public record Flow(
        @Nullable String type,
        @Nullable String exitReason,
        @Nullable String transferType) {

    /** A flow of which nothing is known. */
    static final Flow UNKNOWN = new Flow(null, null, null);

    private static final Set<String> ASIDE =
            Set.of("SURVEYINVITE", "WORKFLOW", "WORKITEM", "COMMONMODULE", "VOICEMAIL");

    /** What a flow does with the conversation. */
    public enum Role {
        /** The flow has the conversation, and decides where it goes next. */
        ROUTING,
        /** The flow runs while the conversation waits in a queue. */
        IN_QUEUE,
        /** The flow runs beside the conversation or after it. */
        ASIDE
    }

    /** How a flow ended. */
    public enum Exit {
        /** The flow disconnected the conversation. */
        DISCONNECTED,
        /** The flow transferred the conversation to a queue, an agent or another flow. */
        TRANSFERRED,
        /** The end of the flow does not show who has the conversation now. */
        NEUTRAL
    }

    /** Returns the flow at its start. */
    static Flow of(String type) {
        return new Flow(type, null, null);
    }

    /** Returns what the flow does with the conversation. A flow of unknown type is a routing flow. */
    public Role role() {
        String known = String.valueOf(type).toUpperCase(Locale.ROOT);
        if (known.startsWith("INQUEUE")) {
            return Role.IN_QUEUE;
        }
        return ASIDE.contains(known) ? Role.ASIDE : Role.ROUTING;
    }

    /** Returns how the flow ended. A known exit reason counts more than the disconnect type and the transfer type. */
    Exit exit(@Nullable String disconnectType) {
        if (role() == Role.ASIDE) {
            return Exit.NEUTRAL;
        }
        String reason = isKnown(exitReason) ? String.valueOf(exitReason) : "";
        if (reason.endsWith("DISCONNECT")) {
            return Exit.DISCONNECTED;
        }
        boolean transferred = reason.isEmpty()
                ? String.valueOf(disconnectType).endsWith("TRANSFER") || isKnown(transferType)
                : reason.equals("TRANSFER");
        return transferred && role() == Role.ROUTING ? Exit.TRANSFERRED : Exit.NEUTRAL;
    }

    private static boolean isKnown(@Nullable String value) {
        return value != null && !value.equals("UNKNOWN");
    }
}
