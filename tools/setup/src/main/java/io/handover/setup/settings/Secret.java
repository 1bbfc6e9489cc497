package io.handover.setup.settings;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Objects;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/** A secret, such as the key of the bridge. Only what sends it reads its value. */
public final class Secret {

    /** A fingerprint can be read by everybody who may see the connection, so that guessing must be slow. */
    private static final int ITERATIONS = 200_000;

    private static final int SALT_BYTES = 12;
    private static final int HASH_BITS = 128;
    private static final String HIDDEN = "(hidden)";

    private final String value;
    /** The last fingerprint of this secret: a command looks at the same one several times. */
    private volatile String known = "";

    public Secret(String value) {
        this.value = Objects.requireNonNull(value, "value");
    }

    /** The secret itself, for the call that sends it. */
    public String value() {
        return value;
    }

    /** Returns the text without the secret. Messages of AWS may repeat what was sent. */
    public String hiddenIn(String text) {
        return text.replace(value, HIDDEN);
    }

    /** Returns a new fingerprint with a random salt, as {@code salt:hash}. */
    public String fingerprint() {
        byte[] salt = new byte[SALT_BYTES];
        new SecureRandom().nextBytes(salt);
        return fingerprint(salt);
    }

    /** Whether a fingerprint is one of this secret. */
    public boolean matches(String fingerprint) {
        if (!known.isEmpty() && known.equals(fingerprint)) {
            return true;
        }
        try {
            byte[] salt = Base64.getUrlDecoder().decode(fingerprint.split(":", -1)[0]);
            boolean matches = salt.length > 0
                    && MessageDigest.isEqual(
                            fingerprint(salt).getBytes(StandardCharsets.US_ASCII),
                            fingerprint.getBytes(StandardCharsets.US_ASCII));
            known = matches ? fingerprint : known;
            return matches;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private String fingerprint(byte[] salt) {
        try {
            byte[] hash = SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                    .generateSecret(new PBEKeySpec(value.toCharArray(), salt, ITERATIONS, HASH_BITS))
                    .getEncoded();
            Base64.Encoder encoder = Base64.getUrlEncoder().withoutPadding();
            return encoder.encodeToString(salt) + ':' + encoder.encodeToString(hash);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Expected every JVM to have PBKDF2WithHmacSHA256, but it has not", e);
        }
    }

    @Override
    public String toString() {
        return HIDDEN;
    }
}
