package io.handover.conversation;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Identifies an event for deduplication: {@value #BITS} bits of a SHA-256 hash. The hash is over the topic, participant, session
 * and event time of the event. If the event time is missing, or participant and session are missing, the hash is over
 * EventBridge's id.
 *
 * <p>Fingerprints are compared within one conversation only. Of n events, two have the same fingerprint with a probability
 * of n&sup2; / 2<sup>49</sup>; the later one would be ignored as a duplicate. That one of a million conversations is hit
 * has a probability of less than 10<sup>-6</sup> if each has 20 events, and of 10<sup>-4</sup> if each has
 * {@link Fingerprints#MAX}.
 *
 * <p>EventBridge's id alone is not enough: nothing guarantees that an event keeps its id when it is published again or
 * replayed from an archive. The conversation id alone would be wrong, because a reopened conversation keeps its id.
 */
public record Fingerprint(long bits) {

    /** The length: the six bytes that a state keeps of each event. */
    static final int BITS = 48;

    /** Kept, because to find the algorithm takes as long as to hash an event. */
    private static final ThreadLocal<MessageDigest> SHA_256 = ThreadLocal.withInitial(Fingerprint::sha256);

    /**
     * The fingerprint of an event.
     *
     * @param eventTime the event time that the event states (epoch ms), or null
     * @param eventId EventBridge's id, or null
     * @return null if the event has neither an event time nor an id of EventBridge; it cannot be deduplicated
     */
    public static @Nullable Fingerprint of(
            String topic,
            @Nullable String participantId,
            @Nullable String sessionId,
            @Nullable Long eventTime,
            @Nullable String eventId) {
        if (eventTime != null && (participantId != null || sessionId != null || eventId == null)) {
            return hash("content\n" + topic + '\n' + participantId + '\n' + sessionId + '\n' + eventTime);
        }
        return eventId == null ? null : hash("id\n" + eventId);
    }

    /** The fingerprint of an operator's order. */
    public static Fingerprint ofOrder(UUID orderId) {
        return hash("order\n" + orderId);
    }

    private static Fingerprint hash(String text) {
        byte[] digest = SHA_256.get().digest(text.getBytes(StandardCharsets.UTF_8));
        return new Fingerprint(ByteBuffer.wrap(digest).getLong() >>> (Long.SIZE - BITS));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Expected SHA-256, which every Java platform has, but it is missing", e);
        }
    }
}
