package io.handover.service;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.PemKeyCertOptions;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import javax.net.ssl.X509KeyManager;

/** Reads the certificate chain and the private key of a server from PEM files. */
final class ServerCertificate {

    private static final byte[] PROBE = {1, 2, 3};

    private ServerCertificate() {}

    /**
     * Reads the certificate chain and the private key, and checks that they belong together.
     *
     * @param chain the certificate of the server, followed by its intermediate certificates, in PEM format
     * @param key the unencrypted private key, in PEM format
     * @throws SettingsException if the files cannot be used. The message is the part of a sentence after "because"
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
            // Vert.x declares only Exception. Its messages describe the format and do not show the key.
            throw new SettingsException(
                    "they are not a PEM certificate with a PKCS #8 or PKCS #1 key: " + e.getMessage(), e);
        }
        throw new SettingsException("the certificate has neither an RSA nor an EC key");
    }

    /**
     * Checks that the key belongs to the certificate. The two files are not replaced at the same moment, so they may
     * not belong together for a while. The server would accept such a pair if both are of the same kind, and then every
     * handshake would fail.
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
            throw new SettingsException("the key does not belong to the certificate");
        }
    }
}
