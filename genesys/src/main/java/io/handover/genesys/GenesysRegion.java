package io.handover.genesys;

import java.net.URI;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/**
 * The hosts of a Genesys Cloud region, as base URLs without a path.
 *
 * @param login the host that issues tokens
 * @param api the host of the Platform API
 */
public record GenesysRegion(URI login, URI api) {

    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

    /** The domains of Genesys Cloud by the name of the AWS region. */
    private static final Map<String, String> DOMAINS = new TreeMap<>(Map.ofEntries(
            Map.entry("us-east-1", "mypurecloud.com"),
            Map.entry("us-east-2", "use2.us-gov-pure.cloud"),
            Map.entry("us-west-2", "usw2.pure.cloud"),
            Map.entry("ca-central-1", "cac1.pure.cloud"),
            Map.entry("sa-east-1", "sae1.pure.cloud"),
            Map.entry("mx-central-1", "mxc1.pure.cloud"),
            Map.entry("eu-west-1", "mypurecloud.ie"),
            Map.entry("eu-west-2", "euw2.pure.cloud"),
            Map.entry("eu-central-1", "mypurecloud.de"),
            Map.entry("eu-central-2", "euc2.pure.cloud"),
            Map.entry("me-central-1", "mec1.pure.cloud"),
            Map.entry("ap-south-1", "aps1.pure.cloud"),
            Map.entry("ap-southeast-1", "apse1.pure.cloud"),
            Map.entry("ap-southeast-2", "mypurecloud.com.au"),
            Map.entry("ap-northeast-1", "mypurecloud.jp"),
            Map.entry("ap-northeast-2", "apne2.pure.cloud"),
            Map.entry("ap-northeast-3", "apne3.pure.cloud")));

    public GenesysRegion {
        Objects.requireNonNull(login, "login");
        Objects.requireNonNull(api, "api");
    }

    /**
     * Returns the region that a text names: a domain of Genesys Cloud ({@code mypurecloud.de}), the name of its AWS
     * region ({@code eu-central-1}), or a base URL. The base URL {@code https://api.mypurecloud.de} has the login host
     * {@code login.mypurecloud.de}. Any other base URL serves tokens and API alike, which suits a test or a gateway.
     *
     * @throws IllegalArgumentException if the text names no region. The message contains the text and the choices
     */
    public static GenesysRegion of(String text) {
        String name = text.strip().toLowerCase(Locale.ROOT);
        String domain = DOMAINS.getOrDefault(name, name);
        if (DOMAINS.containsValue(domain)) {
            return new GenesysRegion(URI.create("https://login." + domain), URI.create("https://api." + domain));
        }
        URI url = baseUrl(text.strip());
        String hostDomain = url.getHost().replaceFirst("(?i)^(api|login|apps)\\.", "");
        return DOMAINS.containsValue(hostDomain) ? of(hostDomain) : new GenesysRegion(url, url);
    }

    private static URI baseUrl(String text) {
        URI url;
        try {
            url = URI.create(text);
        } catch (IllegalArgumentException e) {
            throw unknown(text);
        }
        String host = url.getHost();
        if (host == null || !("https".equals(url.getScheme()) || "http".equals(url.getScheme()))) {
            throw unknown(text);
        }
        if (url.getRawUserInfo() != null
                || url.getRawQuery() != null
                || url.getRawFragment() != null
                || !(url.getRawPath().isEmpty() || url.getRawPath().equals("/"))) {
            throw new IllegalArgumentException("The Genesys region has the host " + host
                    + ", but more than a host and a port; a base URL such as https://api.mypurecloud.de is expected.");
        }
        if ("http".equals(url.getScheme()) && !LOOPBACK.contains(host)) {
            throw new IllegalArgumentException(
                    "The Genesys region " + text + " would send the credentials unencrypted; use https.");
        }
        return URI.create(url.getScheme() + "://" + url.getRawAuthority());
    }

    private static IllegalArgumentException unknown(String text) {
        return new IllegalArgumentException("\"" + text + "\" is no Genesys region; use one of the AWS regions "
                + String.join(", ", DOMAINS.keySet()) + ", one of the domains "
                + String.join(", ", DOMAINS.values()) + ", or a base URL such as https://api.mypurecloud.de.");
    }
}
