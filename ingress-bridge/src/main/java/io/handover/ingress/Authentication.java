package io.handover.ingress;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Whether a request is of somebody who knows a secret. Asked before the body is kept, and again before it is parsed.
 *
 * <p>The time that an answer takes tells nothing about the secrets: all of them are always compared, and each comparison
 * takes as long as what the sender sent is.
 */
sealed interface Authentication {

    /** Whether the header leaves it possible; if not, the body is not even kept. */
    boolean acceptsHeader(@Nullable String header);

    /** Whether the header alone is not enough to know the sender. */
    boolean needsBody();

    /** Whether the body may be parsed. */
    boolean acceptsBody(String header, byte[] body);

    /** The header is a secret, letter for letter. */
    record ApiKey(Secrets secrets) implements Authentication {

        @Override
        public boolean acceptsHeader(@Nullable String header) {
            byte[] given = Secrets.bytes(header == null ? "" : header);
            boolean admitted = false;
            for (byte[] secret : secrets.all()) {
                admitted |= MessageDigest.isEqual(given, secret);
            }
            return admitted;
        }

        @Override
        public boolean needsBody() {
            return false;
        }

        @Override
        public boolean acceptsBody(String header, byte[] body) {
            return true;
        }
    }

    /**
     * The header is the HMAC-SHA256 of the body's bytes under a secret (RFC 2104), perhaps after {@code sha256=}.
     *
     * @param hex whether it is written in hexadecimal digits; else in Base64
     */
    record Signature(Secrets secrets, boolean hex) implements Authentication {

        private static final String ALGORITHM = "HmacSHA256";
        private static final String PREFIX = "sha256=";
        private static final int BYTES = 32;

        @Override
        public boolean acceptsHeader(@Nullable String header) {
            return header != null && decode(header).length == BYTES;
        }

        @Override
        public boolean needsBody() {
            return true;
        }

        @Override
        public boolean acceptsBody(String header, byte[] body) {
            byte[] given = decode(header);
            boolean admitted = false;
            for (byte[] secret : secrets.all()) {
                admitted |= MessageDigest.isEqual(given, sign(secret, body));
            }
            return admitted;
        }

        /** Empty if it is no signature. */
        private byte[] decode(String header) {
            String text = header.startsWith(PREFIX) ? header.substring(PREFIX.length()) : header;
            try {
                return hex ? HexFormat.of().parseHex(text) : Base64.getDecoder().decode(text);
            } catch (IllegalArgumentException e) {
                return new byte[0];
            }
        }

        private static byte[] sign(byte[] secret, byte[] body) {
            try {
                Mac mac = Mac.getInstance(ALGORITHM);
                mac.init(new SecretKeySpec(secret, ALGORITHM));
                return mac.doFinal(body);
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("Expected every Java to have " + ALGORITHM + ", but failed", e);
            }
        }
    }
}
