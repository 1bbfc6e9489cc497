package io.handover.streams;

import io.handover.service.Secrets;
import io.handover.service.Settings;
import io.handover.service.SettingsException;
import io.handover.service.StreamsAppSettings;
import io.vertx.core.Vertx;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.apache.kafka.common.config.types.Password;
import org.jspecify.annotations.Nullable;

/** The tokens of operators. A read token permits to read, a steer token to read and to give orders. */
final class AccessTokens {

    private static final String BEARER = "bearer ";
    private static final String[] POSITIONS = {"first", "second"};

    private final @Nullable Secrets read;
    private final @Nullable Secrets steer;

    /**
     * What a token permits.
     *
     * @param name which token it is, for the audit log
     */
    record Access(boolean maySteer, String name) {}

    private AccessTokens(@Nullable Secrets read, @Nullable Secrets steer) {
        this.read = read;
        this.steer = steer;
    }

    /** @throws SettingsException if the tokens are both in a file and in the settings, or a file cannot be used */
    static AccessTokens of(Settings settings, Vertx vertx) {
        return new AccessTokens(
                secrets(
                        settings,
                        vertx,
                        StreamsAppSettings.MANAGEMENT_READ_TOKENS_CONFIG,
                        StreamsAppSettings.MANAGEMENT_READ_TOKENS_FILE_CONFIG),
                secrets(
                        settings,
                        vertx,
                        StreamsAppSettings.MANAGEMENT_STEER_TOKENS_CONFIG,
                        StreamsAppSettings.MANAGEMENT_STEER_TOKENS_FILE_CONFIG));
    }

    private static @Nullable Secrets secrets(Settings settings, Vertx vertx, String tokens, String file) {
        Password values = settings.getPassword(tokens);
        String path = settings.getString(file);
        if (path == null) {
            return values == null ? null : new Secrets(StreamsAppSettings.tokens(values));
        }
        if (values != null) {
            throw new SettingsException("Both " + tokens + " and " + file + " are set. Set one of them.");
        }
        Secrets secrets = new Secrets(List.of());
        try {
            secrets.watch(vertx, Path.of(path));
        } catch (InvalidPathException e) {
            throw new SettingsException(file + " is not a valid file name.", e);
        }
        return secrets;
    }

    /** Whether these settings have tokens. Without any, only health and metrics can be read. */
    static boolean areConfigured(Settings settings) {
        return settings.getPassword(StreamsAppSettings.MANAGEMENT_READ_TOKENS_CONFIG) != null
                || settings.getPassword(StreamsAppSettings.MANAGEMENT_STEER_TOKENS_CONFIG) != null
                || settings.getString(StreamsAppSettings.MANAGEMENT_READ_TOKENS_FILE_CONFIG) != null
                || settings.getString(StreamsAppSettings.MANAGEMENT_STEER_TOKENS_FILE_CONFIG) != null;
    }

    /** Whether there are tokens, though a file may have none at the moment. */
    boolean areConfigured() {
        return read != null || steer != null;
    }

    boolean maySteer() {
        return steer != null;
    }

    /**
     * Returns what the header {@code Authorization} permits; null for nothing. The given token is always compared with all
     * tokens.
     */
    @Nullable
    Access access(@Nullable String authorization) {
        byte[] given = Secrets.bytes(
                authorization != null && authorization.toLowerCase(Locale.ROOT).startsWith(BEARER)
                        ? authorization.substring(BEARER.length()).strip()
                        : "");
        int steering = steer == null ? -1 : steer.match(given);
        int reading = read == null ? -1 : read.match(given);
        if (steering >= 0) {
            return new Access(true, POSITIONS[steering] + " steer token");
        }
        return reading >= 0 ? new Access(false, POSITIONS[reading] + " read token") : null;
    }
}
