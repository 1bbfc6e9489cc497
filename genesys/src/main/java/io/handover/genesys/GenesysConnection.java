package io.handover.genesys;

import java.net.URI;
import java.security.KeyStore;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How a client connects to Genesys.
 *
 * @param region the hosts
 * @param proxy the HTTP proxy as {@code http://host:port} or {@code http://user:password@host:port}, or null for none
 * @param trusted the trusted certificates instead of those of the JVM, or null for those of the JVM
 * @param requestsPerMinute how many requests the client sends at most, tokens included
 */
public record GenesysConnection(
        GenesysRegion region, @Nullable URI proxy, @Nullable KeyStore trusted, int requestsPerMinute) {

    /** @throws IllegalArgumentException if a value is not usable. The message contains no password */
    public GenesysConnection {
        Objects.requireNonNull(region, "region");
        if (proxy != null && (!"http".equals(proxy.getScheme()) || proxy.getHost() == null || proxy.getPort() < 1)) {
            throw new IllegalArgumentException("The proxy of Genesys must be http://host:port, or"
                    + " http://user:password@host:port; its host is " + proxy.getHost() + ", its port "
                    + proxy.getPort() + ".");
        }
        if (requestsPerMinute < 1) {
            throw new IllegalArgumentException(
                    "The requests per minute must be at least 1, not " + requestsPerMinute + ".");
        }
    }

    /** The connection without the user and password of the proxy. */
    @Override
    public String toString() {
        return "GenesysConnection[region=" + region + ", proxy="
                + (proxy == null ? "none" : proxy.getHost() + ":" + proxy.getPort()) + ", trusted="
                + (trusted == null ? "default" : "own") + ", requestsPerMinute=" + requestsPerMinute + "]";
    }
}
