package io.handover.service;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * TLS of a server, with its PEM files. They are reloaded when they change.
 *
 * @param certificate the certificate chain
 * @param key the unencrypted private key
 */
public record ServerTls(Path certificate, Path key) {

    private static final Logger LOG = LoggerFactory.getLogger(ServerTls.class);
    private static final int HANDSHAKE_SECONDS = 3;

    /**
     * Returns the files that the settings name; null without TLS.
     *
     * @param certificate the name of the setting of the certificate
     * @param key the name of the setting of the key
     * @throws SettingsException if only one of them is set, or is no valid file name
     */
    public static @Nullable ServerTls of(Settings settings, String certificate, String key) {
        String certificateFile = settings.getString(certificate);
        String keyFile = settings.getString(key);
        if (certificateFile == null && keyFile == null) {
            return null;
        }
        if (certificateFile == null || keyFile == null) {
            throw new SettingsException("Only one of " + certificate + " and " + key + " is set. TLS needs both.");
        }
        try {
            return new ServerTls(Path.of(certificateFile), Path.of(keyFile));
        } catch (InvalidPathException e) {
            throw new SettingsException(certificate + " or " + key + " is not a valid file name.", e);
        }
    }

    /**
     * Adds TLS to the options of a server. Later changes of the files are passed to the servers.
     *
     * @param servers the servers that use the options; they may be added later
     * @throws SettingsException if the files cannot be used now
     */
    public void addTo(HttpServerOptions options, Vertx vertx, Collection<HttpServer> servers) {
        options.setSsl(true)
                .setUseAlpn(true)
                .setSslHandshakeTimeout(HANDSHAKE_SECONDS)
                .setSslHandshakeTimeoutUnit(TimeUnit.SECONDS);
        WatchedFiles.watch(vertx, List.of(certificate, key), contents -> {
            PemKeyCertOptions pem = ServerCertificate.read(vertx, contents.get(0), contents.get(1));
            options.setKeyCertOptions(pem);
            servers.forEach(server -> replaceCertificate(server, options));
        });
    }

    /** Replaces the certificate for new connections. Open connections keep the old certificate. */
    private static void replaceCertificate(HttpServer server, HttpServerOptions options) {
        Future<Boolean> unused = server.updateSSLOptions(options.getSslOptions())
                .onFailure(e ->
                        LOG.atWarn().addKeyValue("reason", e.getMessage()).log("Certificate could not be replaced"));
    }
}
