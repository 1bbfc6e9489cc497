package io.handover.ingress;

import io.handover.service.SettingsException;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.PemKeyCertOptions;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import javax.net.ssl.X509KeyManager;

/** The certificate chain and the private key of the listener, from PEM files. */
final class ServerCertificate {

    private static final byte[] PROBE = {1, 2, 3};

    private ServerCertificate() {}

    /**
     * Reads both.
     *
     * @param chain the server's certificate first, then those between it and the root
     * @param key not encrypted
     * @throws SettingsException if they cannot be used, with a reason that follows "because"
     */
    static PemKeyCertOptions read(Vertx vertx, byte[] chain, byte[] key) {
        PemKeyCertOptions pem =
                new PemKeyCertOptions().setCertValue(Buffer.buffer(chain)).setKeyValue(Buffer.buffer(key));
        try {
            X509KeyManager manager =
                    (X509KeyManager) pem.getKeyManagerFactory(vertx).getKeyManagers()[0];
            for (String type : new String[] {"RSA", "EC"}) {
                String[] aliases = manager.getServerAliases(type, null);
                if (aliases != null && aliases.length > 0) {
                    requireMatchingKey(manager.getPrivateKey(aliases[0]), manager.getCertificateChain(aliases[0])[0]);
                    return pem;
                }
            }
        } catch (SettingsException e) {
            throw e;
        } catch (Exception e) {
            // Vert.x declares nothing narrower; its messages tell of the form, not of the key.
            throw new SettingsException(
                    "they are no PEM certificate with a PKCS #8 or PKCS #1 key: " + e.getMessage(), e);
        }
        throw new SettingsException("the certificate is neither of an RSA nor of an EC key");
    }

    /**
     * Two files are not exchanged at the same moment. A certificate with another key of the same kind would be taken by
     * the listener, and then every handshake would fail.
     */
    private static void requireMatchingKey(PrivateKey key, X509Certificate certificate)
            throws GeneralSecurityException {
        Signature signature =
                Signature.getInstance(key.getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA");
        signature.initSign(key);
        signature.update(PROBE);
        byte[] signed = signature.sign();
        signature.initVerify(certificate.getPublicKey());
        signature.update(PROBE);
        if (!signature.verify(signed)) {
            throw new SettingsException("the key is not the certificate's");
        }
    }
}
