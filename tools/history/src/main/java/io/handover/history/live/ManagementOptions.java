package io.handover.history.live;

import io.handover.service.PemTrustStore;
import io.handover.service.SettingsException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options for the connection to the management port of streams-app. The token is never an argument: others see those. */
public final class ManagementOptions {

    static final String URL_VARIABLE = "HANDOVER_MANAGEMENT_URL";
    static final String TOKEN_VARIABLE = "HANDOVER_MANAGEMENT_TOKEN";
    private static final String TRUST_STORE_VARIABLE = "HANDOVER_MANAGEMENT_TRUST_STORE";

    /** An instance asks the others for 2 seconds at most. */
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private static final int MAX_TOKEN_BYTES = 4096;
    private static final Pattern TOKEN = Pattern.compile("[\\x21-\\x7e]+");

    @Option(
            names = "--url",
            paramLabel = "URL",
            description = "The address of the management port of any instance of streams-app. By default "
                    + URL_VARIABLE + " of the environment.")
    @Nullable
    String url;

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description = "A file with a token: of the setting management.read.tokens or management.steer.tokens of"
                    + " streams-app. By default " + TOKEN_VARIABLE + " of the environment is the token itself.")
    @Nullable
    Path tokenFile;

    @Option(
            names = "--trust-store",
            paramLabel = "FILE",
            description = "A PEM file with the certificates that are trusted, instead of those of the Java runtime. By"
                    + " default " + TRUST_STORE_VARIABLE + " of the environment names it.")
    @Nullable
    Path trustStore;

    /**
     * Returns the API at the address of the options, or else of the environment.
     *
     * @throws SettingsException if the address or the token is missing or invalid
     */
    public ManagementApi open(Map<String, String> environment) {
        return open(environment, TIMEOUT);
    }

    ManagementApi open(Map<String, String> environment, Duration timeout) {
        return new ManagementApi(url(environment), token(environment), tls(environment), timeout);
    }

    private URI url(Map<String, String> environment) {
        String given = url != null ? url : environment.getOrDefault(URL_VARIABLE, "");
        if (given.isBlank()) {
            throw new SettingsException("The address of streams-app is missing: give --url, or " + URL_VARIABLE
                    + " in the environment, such as http://localhost:8082.");
        }
        try {
            URI uri = URI.create(given.strip().replaceAll("/+$", ""));
            if (("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))
                    && uri.getHost() != null
                    && uri.getUserInfo() == null
                    && uri.getQuery() == null
                    && uri.getFragment() == null) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            // The same sentence as for other wrong addresses.
        }
        // Not the value: it can have a password.
        throw new SettingsException((url != null ? "--url" : URL_VARIABLE)
                + " must be an address such as http://localhost:8082, or https://handover.example.com.");
    }

    private String token(Map<String, String> environment) {
        String source = tokenFile == null ? TOKEN_VARIABLE : tokenFile.toString();
        String given = tokenFile == null ? environment.getOrDefault(TOKEN_VARIABLE, "") : read(tokenFile);
        String token = given.strip();
        if (token.isEmpty() && tokenFile == null) {
            throw new SettingsException("The token is missing: give " + TOKEN_VARIABLE
                    + " in the environment, or a file with it to --token-file.");
        }
        if (!TOKEN.matcher(token).matches()) {
            throw new SettingsException(source + " must have one token: one line of ASCII characters without spaces.");
        }
        return token;
    }

    private static String read(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return new String(in.readNBytes(MAX_TOKEN_BYTES), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new SettingsException("The token file " + file + " cannot be read.", e);
        }
    }

    private SSLContext tls(Map<String, String> environment) {
        String variable = environment.getOrDefault(TRUST_STORE_VARIABLE, "");
        try {
            if (trustStore == null && variable.isBlank()) {
                return SSLContext.getDefault();
            }
            KeyStore trusted = trustStore != null
                    ? PemTrustStore.read("--trust-store", trustStore)
                    : PemTrustStore.read(TRUST_STORE_VARIABLE, Path.of(variable));
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(trusted);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Expected the JVM to have TLS, but it has not", e);
        } catch (GeneralSecurityException e) {
            throw new SettingsException("The certificates of --trust-store cannot be used: " + e.getMessage(), e);
        }
    }
}
