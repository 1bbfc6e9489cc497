package io.handover.service;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Collection;

/** Reads a PEM file with the certificates that are trusted instead of those of the Java runtime. */
public final class PemTrustStore {

    private PemTrustStore() {}

    /**
     * Reads the certificates.
     *
     * @param setting the name of the setting or option, for messages
     * @throws SettingsException if the file cannot be read, or has no certificates
     */
    public static KeyStore read(String setting, Path file) {
        try (InputStream pem = Files.newInputStream(file)) {
            Collection<? extends Certificate> certificates =
                    CertificateFactory.getInstance("X.509").generateCertificates(pem);
            if (certificates.isEmpty()) {
                throw new SettingsException(setting + ": " + file + " contains no certificate.");
            }
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            int count = 0;
            for (Certificate certificate : certificates) {
                store.setCertificateEntry("certificate-" + count++, certificate);
            }
            return store;
        } catch (IOException e) {
            throw new SettingsException(setting + ": " + file + " cannot be read.", e);
        } catch (GeneralSecurityException e) {
            throw new SettingsException(
                    setting + ": " + file + " is no PEM file with certificates: " + e.getMessage(), e);
        }
    }
}
