package io.handover.ingress;

import io.handover.service.Secrets;
import io.handover.service.Settings;
import io.handover.service.SettingsException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.types.Password;
import org.jspecify.annotations.Nullable;

/**
 * The authentication settings of the endpoint.
 *
 * @param header the name of the HTTP header with the key or the signature
 * @param secrets one or two secrets; empty if the secrets are in {@code secretFile}
 * @param secretFile the file with the secrets; null if the secrets are in the settings
 */
record AuthenticationSettings(
        Method method,
        String header,
        List<Password> secrets,
        @Nullable Path secretFile) {

    /** The content of the HTTP header: a key, or a signature in one of two encodings. */
    enum Method {
        API_KEY,
        HMAC_SHA256_HEX,
        HMAC_SHA256_BASE64
    }

    static final String AUTHENTICATION_CONFIG = "authentication";
    private static final String AUTHENTICATION_DOC = "How the sender authenticates: api-key expects the key in a "
            + "header, as EventBridge sends it; hmac-sha256 expects a signature of the body.";
    private static final String API_KEY_METHOD = "api-key";
    private static final String HMAC_METHOD = "hmac-sha256";

    static final String API_KEY_CONFIG = "api.key";

    /** The environment variable that the previous product used for the key. */
    static final String API_KEY_ALIAS = "GENESYS_EVENTBRIDGE_HANDOVER_API_KEY";

    private static final String API_KEY_DOC = "Expected value of the header, exactly as in the EventBridge connection.";

    static final String API_KEY_PREVIOUS_CONFIG = "api.key.previous";
    private static final String API_KEY_PREVIOUS_DOC = "A second key that is accepted too, during a rotation.";

    static final String API_KEY_FILE_CONFIG = "api.key.file";
    private static final String API_KEY_FILE_DOC =
            "File with the key instead, or with two keys during a rotation, one per line. It is reloaded when it "
                    + "changes.";

    static final String API_KEY_HEADER_CONFIG = "api.key.header";
    private static final String API_KEY_HEADER_DOC = "Name of the header with the key.";
    private static final String API_KEY_HEADER_DEFAULT = "Authorization";

    static final String HMAC_SECRET_CONFIG = "hmac.secret";
    private static final String HMAC_SECRET_DOC = "Secret that the sender signs with.";

    static final String HMAC_SECRET_PREVIOUS_CONFIG = "hmac.secret.previous";
    private static final String HMAC_SECRET_PREVIOUS_DOC = "A second secret that is accepted too, during a rotation.";

    static final String HMAC_SECRET_FILE_CONFIG = "hmac.secret.file";
    private static final String HMAC_SECRET_FILE_DOC =
            "File with the secret instead, or with two secrets during a rotation, one per line. It is reloaded when "
                    + "it changes.";

    static final String HMAC_HEADER_CONFIG = "hmac.header";
    private static final String HMAC_HEADER_DOC =
            "Name of the header with the signature, which may have the prefix sha256=.";
    private static final String HMAC_HEADER_DEFAULT = "X-Hub-Signature-256";

    static final String HMAC_ENCODING_CONFIG = "hmac.encoding";
    private static final String HMAC_ENCODING_DOC = "Encoding of the signature.";
    private static final String HEX = "hex";
    private static final String BASE64 = "base64";

    private static final ConfigDef.Validator SECRET =
            ConfigDef.LambdaValidator.with(AuthenticationSettings::checkSecret, () -> "visible ASCII characters");
    private static final ConfigDef.Validator HEADER =
            ConfigDef.LambdaValidator.with(AuthenticationSettings::checkHeader, () -> "the name of an HTTP header");

    static void define(ConfigDef definition) {
        define(
                definition,
                AUTHENTICATION_CONFIG,
                API_KEY_METHOD,
                ConfigDef.ValidString.in(API_KEY_METHOD, HMAC_METHOD),
                ConfigDef.Importance.MEDIUM,
                AUTHENTICATION_DOC);
        defineSecret(definition, API_KEY_CONFIG, ConfigDef.Importance.HIGH, API_KEY_DOC);
        defineSecret(definition, API_KEY_PREVIOUS_CONFIG, ConfigDef.Importance.LOW, API_KEY_PREVIOUS_DOC);
        define(definition, API_KEY_FILE_CONFIG, null, null, ConfigDef.Importance.MEDIUM, API_KEY_FILE_DOC);
        define(
                definition,
                API_KEY_HEADER_CONFIG,
                API_KEY_HEADER_DEFAULT,
                HEADER,
                ConfigDef.Importance.LOW,
                API_KEY_HEADER_DOC);
        defineSecret(definition, HMAC_SECRET_CONFIG, ConfigDef.Importance.MEDIUM, HMAC_SECRET_DOC);
        defineSecret(definition, HMAC_SECRET_PREVIOUS_CONFIG, ConfigDef.Importance.LOW, HMAC_SECRET_PREVIOUS_DOC);
        define(definition, HMAC_SECRET_FILE_CONFIG, null, null, ConfigDef.Importance.LOW, HMAC_SECRET_FILE_DOC);
        define(definition, HMAC_HEADER_CONFIG, HMAC_HEADER_DEFAULT, HEADER, ConfigDef.Importance.LOW, HMAC_HEADER_DOC);
        define(
                definition,
                HMAC_ENCODING_CONFIG,
                HEX,
                ConfigDef.ValidString.in(HEX, BASE64),
                ConfigDef.Importance.LOW,
                HMAC_ENCODING_DOC);
    }

    private static void define(
            ConfigDef definition,
            String key,
            @Nullable String defaultValue,
            ConfigDef.@Nullable Validator validator,
            ConfigDef.Importance importance,
            String documentation) {
        definition.define(key, ConfigDef.Type.STRING, defaultValue, validator, importance, documentation);
    }

    private static void defineSecret(
            ConfigDef definition, String key, ConfigDef.Importance importance, String documentation) {
        definition.define(key, ConfigDef.Type.PASSWORD, null, SECRET, importance, documentation);
    }

    /** @throws SettingsException if no secret is set, or secrets are set both in a file and in the settings */
    static AuthenticationSettings of(Settings settings) {
        if (settings.getString(AUTHENTICATION_CONFIG).equals(API_KEY_METHOD)) {
            return of(
                    settings,
                    Method.API_KEY,
                    API_KEY_HEADER_CONFIG,
                    API_KEY_CONFIG,
                    API_KEY_PREVIOUS_CONFIG,
                    API_KEY_FILE_CONFIG);
        }
        return of(
                settings,
                settings.getString(HMAC_ENCODING_CONFIG).equals(HEX)
                        ? Method.HMAC_SHA256_HEX
                        : Method.HMAC_SHA256_BASE64,
                HMAC_HEADER_CONFIG,
                HMAC_SECRET_CONFIG,
                HMAC_SECRET_PREVIOUS_CONFIG,
                HMAC_SECRET_FILE_CONFIG);
    }

    private static AuthenticationSettings of(
            Settings settings, Method method, String header, String secret, String previous, String file) {
        Password current = settings.getPassword(secret);
        String path = settings.getString(file);
        if (current == null && path == null) {
            throw new SettingsException("Neither " + secret + " nor " + file
                    + " is set. Set one of them in the settings file, or as "
                    + (method == Method.API_KEY ? "HANDOVER_API_KEY or " + API_KEY_ALIAS : "HANDOVER_HMAC_SECRET")
                    + " in the environment.");
        }
        if (path == null) {
            return new AuthenticationSettings(
                    method,
                    settings.getString(header),
                    Stream.of(current, settings.getPassword(previous))
                            .filter(Objects::nonNull)
                            .toList(),
                    null);
        }
        if (current != null || settings.getPassword(previous) != null) {
            throw new SettingsException("Both " + file + " and " + secret + " or " + previous
                    + " are set. Put both keys into the file, one per line.");
        }
        try {
            return new AuthenticationSettings(method, settings.getString(header), List.of(), Path.of(path));
        } catch (InvalidPathException e) {
            throw new SettingsException(file + " is not a valid file name.", e);
        }
    }

    /**
     * Returns the check of requests. It reads the current secrets at each request, so the secrets can be replaced at
     * any time.
     */
    Authentication authentication(Secrets current) {
        return switch (method) {
            case API_KEY -> new Authentication.ApiKey(current);
            case HMAC_SHA256_HEX -> new Authentication.Signature(current, true);
            case HMAC_SHA256_BASE64 -> new Authentication.Signature(current, false);
        };
    }

    /** Requires a secret that an HTTP header can contain, or none. */
    static void checkSecret(String name, @Nullable Object value) {
        if (value instanceof Password secret && !Secrets.isVisibleAscii(secret.value())) {
            throw new ConfigException(name, value, "Value must consist of visible ASCII characters");
        }
    }

    private static void checkHeader(String name, Object value) {
        if (!value.toString().matches("[A-Za-z0-9!#$%&'*+.^_`|~-]+")) {
            throw new ConfigException(name, value, "Value must be the name of an HTTP header");
        }
    }
}
