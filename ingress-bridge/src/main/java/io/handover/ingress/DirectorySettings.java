package io.handover.ingress;

import io.handover.genesys.GenesysConnection;
import io.handover.genesys.GenesysCredentials;
import io.handover.genesys.GenesysRegion;
import io.handover.service.PemTrustStore;
import io.handover.service.Secrets;
import io.handover.service.Settings;
import io.handover.service.SettingsException;
import io.handover.service.WatchedFiles;
import io.vertx.core.Vertx;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.types.Password;
import org.jspecify.annotations.Nullable;

/**
 * The settings of the agent directory.
 *
 * @param connection how to connect to Genesys
 * @param clientId the id of the OAuth client
 * @param clientSecret its secret; null if the secret is in a file
 * @param clientSecretFile the file with the secret; null if there is none
 * @param lookupMaxAge the age at which a lookup is too old to be answered
 * @param imageSize the wanted height of pictures, in pixels
 */
record DirectorySettings(
        GenesysConnection connection,
        String clientId,
        @Nullable Password clientSecret,
        @Nullable Path clientSecretFile,
        Duration lookupMaxAge,
        int imageSize) {

    static final String REGION_CONFIG = "genesys.region";
    private static final String REGION_DOC =
            "The Genesys Cloud region: its domain, such as mypurecloud.de, or the name of its AWS region, such as"
                    + " eu-central-1, or a base URL. It switches the agent directory on, which looks up the names and"
                    + " pictures of agents.";

    static final String CLIENT_ID_CONFIG = "genesys.client.id";
    private static final String CLIENT_ID_DOC =
            "Id of an OAuth client of Genesys Cloud with the grant type client credentials.";

    static final String CLIENT_SECRET_CONFIG = "genesys.client.secret";
    private static final String CLIENT_SECRET_DOC = "Secret of the OAuth client.";

    static final String CLIENT_SECRET_FILE_CONFIG = "genesys.client.secret.file";
    private static final String CLIENT_SECRET_FILE_DOC =
            "File with the secret of the OAuth client instead. It is reloaded when it changes.";

    static final String PROXY_URL_CONFIG = "genesys.proxy.url";
    private static final String PROXY_URL_DOC =
            "HTTP proxy for the connections to Genesys: http://host:port, or http://user:password@host:port.";

    static final String TRUST_STORE_FILE_CONFIG = "genesys.trust.store.file";
    private static final String TRUST_STORE_FILE_DOC =
            "PEM file with the certificates that are trusted in connections to Genesys, instead of those of the Java"
                    + " runtime, for a proxy that opens TLS. It is read at the start.";

    static final String REQUESTS_PER_MINUTE_CONFIG = "genesys.requests.per.minute";
    private static final String REQUESTS_PER_MINUTE_DOC =
            "Maximum number of requests to Genesys per minute, of this instance. Genesys accepts 300 per OAuth token;"
                    + " each instance has a token of its own.";
    private static final int REQUESTS_PER_MINUTE_DEFAULT = 150;

    static final String LOOKUP_MAX_AGE_MS_CONFIG = "agent.lookup.max.age.ms";
    private static final String LOOKUP_MAX_AGE_MS_DOC =
            "How long after the announcement of an agent a name and picture are still looked up.";
    private static final long LOOKUP_MAX_AGE_MS_DEFAULT = 300_000;

    static final String IMAGE_SIZE_CONFIG = "agent.image.size";
    private static final String IMAGE_SIZE_DOC =
            "Wanted height of pictures in pixels. Of the sizes that Genesys has, the nearest is used.";
    private static final int IMAGE_SIZE_DEFAULT = 96;

    static void define(ConfigDef definition) {
        definition
                .define(
                        REGION_CONFIG,
                        ConfigDef.Type.STRING,
                        null,
                        ConfigDef.LambdaValidator.with(
                                DirectorySettings::checkRegion, () -> "a domain, an AWS region, or a base URL"),
                        ConfigDef.Importance.MEDIUM,
                        REGION_DOC)
                .define(CLIENT_ID_CONFIG, ConfigDef.Type.STRING, null, ConfigDef.Importance.MEDIUM, CLIENT_ID_DOC)
                .define(
                        CLIENT_SECRET_CONFIG,
                        ConfigDef.Type.PASSWORD,
                        null,
                        ConfigDef.LambdaValidator.with(
                                AuthenticationSettings::checkSecret, () -> "visible ASCII characters"),
                        ConfigDef.Importance.MEDIUM,
                        CLIENT_SECRET_DOC)
                .define(
                        CLIENT_SECRET_FILE_CONFIG,
                        ConfigDef.Type.STRING,
                        null,
                        ConfigDef.Importance.MEDIUM,
                        CLIENT_SECRET_FILE_DOC)
                // It can contain a password.
                .define(PROXY_URL_CONFIG, ConfigDef.Type.PASSWORD, null, ConfigDef.Importance.LOW, PROXY_URL_DOC)
                .define(
                        TRUST_STORE_FILE_CONFIG,
                        ConfigDef.Type.STRING,
                        null,
                        ConfigDef.Importance.LOW,
                        TRUST_STORE_FILE_DOC)
                .define(
                        REQUESTS_PER_MINUTE_CONFIG,
                        ConfigDef.Type.INT,
                        REQUESTS_PER_MINUTE_DEFAULT,
                        ConfigDef.Range.atLeast(1),
                        ConfigDef.Importance.LOW,
                        REQUESTS_PER_MINUTE_DOC)
                .define(
                        LOOKUP_MAX_AGE_MS_CONFIG,
                        ConfigDef.Type.LONG,
                        LOOKUP_MAX_AGE_MS_DEFAULT,
                        ConfigDef.Range.between(0, Duration.ofDays(366).toMillis()),
                        ConfigDef.Importance.LOW,
                        LOOKUP_MAX_AGE_MS_DOC)
                .define(
                        IMAGE_SIZE_CONFIG,
                        ConfigDef.Type.INT,
                        IMAGE_SIZE_DEFAULT,
                        ConfigDef.Range.atLeast(1),
                        ConfigDef.Importance.LOW,
                        IMAGE_SIZE_DOC);
    }

    private static void checkRegion(String name, @Nullable Object value) {
        if (value != null) {
            try {
                GenesysRegion unused = GenesysRegion.of(value.toString());
            } catch (IllegalArgumentException e) {
                throw new ConfigException(name, value, e.getMessage());
            }
        }
    }

    /**
     * @return the settings, or null if none of the settings of Genesys is set
     * @throws SettingsException if only a part of them is set, or one cannot be used
     */
    static @Nullable DirectorySettings of(Settings settings) {
        String region = settings.getString(REGION_CONFIG);
        String clientId = settings.getString(CLIENT_ID_CONFIG);
        Password secret = settings.getPassword(CLIENT_SECRET_CONFIG);
        String secretFile = settings.getString(CLIENT_SECRET_FILE_CONFIG);
        Password proxy = settings.getPassword(PROXY_URL_CONFIG);
        String trustStore = settings.getString(TRUST_STORE_FILE_CONFIG);
        if (Stream.of(region, clientId, secret, secretFile, proxy, trustStore).allMatch(value -> value == null)) {
            return null;
        }
        if (region == null) {
            throw missing(REGION_CONFIG);
        }
        if (clientId == null) {
            throw missing(CLIENT_ID_CONFIG);
        }
        if (secret == null && secretFile == null) {
            throw missing(CLIENT_SECRET_CONFIG + " or " + CLIENT_SECRET_FILE_CONFIG);
        }
        if (secret != null && secretFile != null) {
            throw new SettingsException("Both " + CLIENT_SECRET_CONFIG + " and " + CLIENT_SECRET_FILE_CONFIG
                    + " are set. Set one of them.");
        }
        return new DirectorySettings(
                new GenesysConnection(
                        GenesysRegion.of(region),
                        proxy == null ? null : proxy(proxy),
                        trustStore == null
                                ? null
                                : PemTrustStore.read(
                                        TRUST_STORE_FILE_CONFIG, path(TRUST_STORE_FILE_CONFIG, trustStore)),
                        settings.getInt(REQUESTS_PER_MINUTE_CONFIG)),
                clientId,
                secret,
                secretFile == null ? null : path(CLIENT_SECRET_FILE_CONFIG, secretFile),
                Duration.ofMillis(settings.getLong(LOOKUP_MAX_AGE_MS_CONFIG)),
                settings.getInt(IMAGE_SIZE_CONFIG));
    }

    private static SettingsException missing(String keys) {
        return new SettingsException(
                "The agent directory needs " + keys + ", because other settings of Genesys are set."
                        + " Set it, or unset the others to do without names and pictures.");
    }

    private static Path path(String key, String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new SettingsException(key + " is not a valid file name.", e);
        }
    }

    /** The exceptions have no cause, because its message would show the password. */
    private static URI proxy(Password url) {
        URI proxy;
        try {
            proxy = URI.create(url.value());
        } catch (IllegalArgumentException e) {
            proxy = URI.create("");
        }
        if (!"http".equals(proxy.getScheme()) || proxy.getHost() == null || proxy.getPort() < 1) {
            throw new SettingsException(
                    PROXY_URL_CONFIG + " must be http://host:port, or http://user:password@host:port.");
        }
        return proxy;
    }

    /**
     * Returns a supplier of the credentials. If the secret is in a file, they change with the file until Vert.x is
     * closed.
     *
     * @throws SettingsException if the file cannot be used
     */
    Supplier<GenesysCredentials> credentials(Vertx vertx) {
        if (clientSecret != null) {
            GenesysCredentials fixed = new GenesysCredentials(clientId, clientSecret.value());
            return () -> fixed;
        }
        AtomicReference<GenesysCredentials> current = new AtomicReference<>();
        if (clientSecretFile != null) {
            WatchedFiles.watch(
                    vertx,
                    List.of(clientSecretFile),
                    contents -> current.set(new GenesysCredentials(clientId, secretIn(contents.get(0)))));
        }
        return current::get;
    }

    private static String secretIn(byte[] content) {
        String secret = new String(content, StandardCharsets.UTF_8).strip();
        if (!Secrets.isVisibleAscii(secret)) {
            throw new SettingsException("it must contain the secret alone, in visible ASCII characters");
        }
        return secret;
    }
}
