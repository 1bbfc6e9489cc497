package io.handover.service;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.MalformedURLException;
import java.net.URL;
import java.nio.charset.StandardCharsets;

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

    private HealthRequest(URL url) {
        this.url = url;
    }

    /** Returns the request to the management port that the settings name. */
    static HealthRequest of(Settings settings) {
        int port = settings.getInt(SharedSettings.MANAGEMENT_PORT_CONFIG);
        if (port == 0) {
            throw new SettingsException("With " + SharedSettings.MANAGEMENT_PORT_CONFIG
                    + "=0 the port is unknown to --health; set it to a fixed port.");
        }
        try {
            return new HealthRequest(new URL(
                    "http",
                    reachable(settings.getString(SharedSettings.MANAGEMENT_HOST_CONFIG)),
                    port,
                    "/health/ready"));
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
}
