package io.handover.ingress;

import io.handover.service.Secrets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Checks whether the sender of a request knows a secret. The header is checked before any byte of the body is kept.
 * Header and body are checked before the body is parsed.
 *
 * <p>The duration of a check reveals nothing about the secrets. The received value is always compared with all secrets,
 * and the duration of a comparison depends only on the length of the received value.
 */
sealed interface Authentication {

    /** Whether the header can be valid. If not, the request is rejected and its body is not kept. */
    boolean acceptsHeader(@Nullable String header);

    /** Whether the body is needed to authenticate the sender. */
    boolean needsBody();

    /** Whether the header and the body authenticate the sender. Only then is the body parsed. */
    boolean acceptsBody(String header, byte[] body);

    /** Accepts a header that is equal to a secret. */
    record ApiKey(Secrets secrets) implements Authentication {

        @Override
        public boolean acceptsHeader(@Nullable String header) {
            return secrets.match(Secrets.bytes(header == null ? "" : header)) >= 0;
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
     * Accepts a header that contains the HMAC-SHA256 of the body (RFC 2104), computed with a secret. The signature may
     * have the prefix {@code sha256=}.
     *
     * @param hex whether the signature is hexadecimal; otherwise it is Base64
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

        /** Returns the bytes of the signature, or an empty array if the header cannot be decoded. */
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
                throw new IllegalStateException("Expected every JVM to have " + ALGORITHM + ", but it has not", e);
            }
        }
    }
}
