package io.handover.conversation;

import io.handover.schema.Evidence;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The agent announced last in a handover.
 *
 * @param evidence the event that led to the announcement; null without profiles of agents and after the end, because only
 *     the command of a profile needs it
 * @param shown a hash of the name and picture that were announced; null if the id was announced alone, and after the end.
 *     The state contains no name, because a name must be forgotten before its conversation
 */
public record Announced(
        String agentId,
        @Nullable Evidence evidence,
        @Nullable UUID shown) {

    /** The same agent without evidence and hash. After the end of the handover, no profile leads to a command any more. */
    Announced idAlone() {
        return new Announced(agentId, null, null);
    }

    /** Returns the hash of a name and a picture; null without a name. */
    static @Nullable UUID hash(@Nullable String name, @Nullable String imageUrl) {
        return name == null ? null : UUID.nameUUIDFromBytes((name + '\n' + imageUrl).getBytes(StandardCharsets.UTF_8));
    }
}
