package io.handover.service;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.MalformedURLException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * A request for the readiness of a process on this machine. An image with a Java runtime has no curl, so the health check
 * of a container is this request, in a second process with the same settings.
 */
final class HealthRequest {

    /** A health check starts Java each time; it waits no longer than the process needs to answer from memory. */
    private static final int TIMEOUT_MS = 2_000;

    private static final int OK = 200;
    /** More than any reason has. */
    private static final int ANSWER_MAX_BYTES = 8192;

    private final URL url;
    private final @Nullable Path certificate;

    private HealthRequest(URL url, @Nullable Path certificate) {
        this.url = url;
        this.certificate = certificate;
    }

    /** Returns the request to the management port that the settings name. */
    static HealthRequest of(Settings settings) {
        int port = settings.getInt(SharedSettings.MANAGEMENT_PORT_CONFIG);
        if (port == 0) {
            throw new SettingsException("With " + SharedSettings.MANAGEMENT_PORT_CONFIG
                    + "=0 the port is unknown to --health; set it to a fixed port.");
        }
        // only streams-app has the setting
        Object certificate = settings.values().get(StreamsAppSettings.MANAGEMENT_TLS_CERTIFICATE_FILE_CONFIG);
        try {
            return new HealthRequest(
                    new URL(
                            certificate == null ? "http" : "https",
                            reachable(settings.getString(SharedSettings.MANAGEMENT_HOST_CONFIG)),
                            port,
                            "/health/ready"),
                    certificate == null ? null : Path.of(certificate.toString()));
        } catch (MalformedURLException e) {
            throw new IllegalStateException("Expected a URL of a host and a port, but it is malformed", e);
        }
    }

    /** Returns the address to connect to. A process that listens on all addresses also listens on the loopback address. */
    private static String reachable(String host) {
        InetAddress address = new InetSocketAddress(host, 0).getAddress();
        return address != null && address.isAnyLocalAddress()
                ? InetAddress.getLoopbackAddress().getHostAddress()
                : host;
    }

    /**
     * Sends the request.
     *
     * @return the answer of a process that is ready
     * @throws StartException if the process is not ready, or does not answer
     */
    String send() {
        try {
            HttpURLConnection connection = (HttpURLConnection) url.openConnection();
            if (connection instanceof HttpsURLConnection https && certificate != null) {
                trustOnly(https, certificate);
            }
            connection.setConnectTimeout(TIMEOUT_MS);
            connection.setReadTimeout(TIMEOUT_MS);
            int status = connection.getResponseCode();
            try (InputStream body = status == OK ? connection.getInputStream() : connection.getErrorStream()) {
                String answer =
                        body == null ? "" : new String(body.readNBytes(ANSWER_MAX_BYTES), StandardCharsets.UTF_8);
                if (status != OK) {
                    throw new StartException("Not ready: " + url + " answered " + status + " " + answer);
                }
                return answer;
            }
        } catch (IOException e) {
            throw new StartException("Not ready: " + url + " does not answer (" + e.getMessage() + ").", e);
        }
    }

    /** Trusts the certificate of the process alone, under any name: it has the name of the service, not of this machine. */
    private static void trustOnly(HttpsURLConnection connection, Path certificate) {
        try {
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(PemTrustStore.read(StreamsAppSettings.MANAGEMENT_TLS_CERTIFICATE_FILE_CONFIG, certificate));
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            connection.setSSLSocketFactory(context.getSocketFactory());
            connection.setHostnameVerifier((name, session) -> true);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Expected Java to have TLS, but it has not", e);
        }
    }
}
