package io.handover.setup.verify;

import java.security.NoSuchAlgorithmException;
import javax.net.ssl.SSLContext;

/** The certificates that are trusted in connections to the bridge. */
public final class Tls {

    private Tls() {}

    /** Trusts what the Java runtime trusts: the public authorities, as EventBridge does. */
    public static SSLContext publicAuthorities() {
        try {
            return SSLContext.getDefault();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Expected the JVM to have TLS, but it has not", e);
        }
    }
}
