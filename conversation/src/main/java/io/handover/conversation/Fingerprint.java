package io.handover.conversation;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.jspecify.annotations.Nullable;

/**
 * Identifies an event for deduplication: 128 bits of a SHA-256 over its topic, participant, session and event time, or
 * over EventBridge's id if these are missing.
 *
 * <p>EventBridge's id alone is not enough, because nothing promises that a re-publication or archive replay keeps it.
 * One key per conversation would be wrong, because conversations reopen.
 */
public record Fingerprint(long high, long low) {

    /**
     * The fingerprint of an event.
     *
     * @param eventTime the event time that the event states, or null
     * @param eventId EventBridge's id, or null
     * @return null if the event states too little to be distinguished from others; then it cannot be deduplicated
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

    private static Fingerprint hash(String text) {
        try {
            ByteBuffer digest =
                    ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
            return new Fingerprint(digest.getLong(), digest.getLong());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Expected SHA-256, which every Java platform has, but it is missing", e);
        }
    }
}
