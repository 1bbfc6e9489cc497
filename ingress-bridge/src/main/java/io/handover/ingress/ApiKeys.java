package io.handover.ingress;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.apache.kafka.common.config.types.Password;
import org.jspecify.annotations.Nullable;

/** The keys that a sender may show: the current one, and during a rotation the previous one. */
final class ApiKeys {

    private final byte[] current;
    private final byte[] previous;

    /** @param previous null outside a rotation */
    ApiKeys(Password current, @Nullable Password previous) {
        this.current = bytes(current.value());
        this.previous = previous == null ? this.current : bytes(previous.value());
    }

    /** Whether the header is one of the keys, in a time that tells nothing about them. */
    boolean accept(@Nullable String authorization) {
        // isEqual takes as long as its first argument is, so that is the sender's; and both keys are always compared.
        byte[] given = bytes(authorization == null ? "" : authorization);
        boolean isCurrent = MessageDigest.isEqual(given, current);
        boolean isPrevious = MessageDigest.isEqual(given, previous);
        return isCurrent || isPrevious;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
