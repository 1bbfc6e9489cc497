package io.handover.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.handover.embeddedkafka.EmbeddedKafka;
import io.vertx.core.json.JsonObject;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The management port over TLS, between two instances, too; tokens in files. */
class ManagementTlsIT {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String PASSWORD = "password";

    @TempDir
    private Path folder;

    @Test
    void shouldAskTheOtherInstanceOverTlsAndReloadTheTokens() throws Exception {
        // Given
        KeyStore store = selfSigned();
        Path certificate = pem(
                "certificate.pem", "CERTIFICATE", store.getCertificate("server").getEncoded());
        Path key = pem(
                "key.pem",
                "PRIVATE KEY",
                store.getKey("server", PASSWORD.toCharArray()).getEncoded());
        Path tokens = Files.writeString(folder.resolve("tokens"), "old\n");
        Map<String, String> settings = Map.of(
                "management.tls.certificate.file", certificate.toString(),
                "management.tls.key.file", key.toString(),
                "management.tls.trust.file", certificate.toString(),
                "management.read.tokens", "",
                "management.read.tokens.file", tokens.toString());
        HttpClient trusting =
                HttpClient.newBuilder().sslContext(trusting(store)).build();
        try (EmbeddedKafka kafka = EmbeddedKafka.start(folder.resolve("kafka"), 0);
                AppInstance first = new AppInstance(kafka.bootstrapServers(), folder.resolve("first"), settings);
                AppInstance second = new AppInstance(kafka.bootstrapServers(), folder.resolve("second"), settings)) {
            // When / Then
            await().atMost(PATIENCE).untilAsserted(() -> {
                HttpResponse<String> response = instances(trusting, first, "old");
                assertThat(response.statusCode()).isEqualTo(200);
                assertThat(new JsonObject(response.body()).getJsonArray("instances"))
                        .hasSize(2)
                        .allSatisfy(each -> assertThat(((JsonObject) each).getBoolean("reachable"))
                                .isTrue());
            });
            assertThatThrownBy(() -> instances(HttpClient.newHttpClient(), second, "old"))
                    .isInstanceOf(SSLHandshakeException.class);
            // When
            Files.writeString(tokens, "new\nold\n");
            // Then
            await().atMost(PATIENCE)
                    .until(() -> instances(trusting, first, "new").statusCode() == 200);
            assertThat(instances(trusting, first, "old").statusCode()).isEqualTo(200);
            // When
            Files.writeString(tokens, "new\n");
            // Then
            await().atMost(PATIENCE)
                    .until(() -> instances(trusting, first, "old").statusCode() == 401);
        }
    }

    private static HttpResponse<String> instances(HttpClient client, AppInstance asked, String token) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("https://" + asked.name() + "/instances"))
                .header("Authorization", "Bearer " + token)
                .build();
        return OpenApiDocument.checked("/instances", client.send(request, HttpResponse.BodyHandlers.ofString()));
    }

    private static SSLContext trusting(KeyStore store) throws Exception {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("server", store.getCertificate("server"));
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, factory.getTrustManagers(), null);
        return context;
    }

    /** A self-signed certificate of 127.0.0.1, created by the keytool of the JDK. */
    private KeyStore selfSigned() throws Exception {
        Path file = folder.resolve("server.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "server",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=127.0.0.1",
                        "-ext",
                        "san=ip:127.0.0.1",
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        PASSWORD,
                        "-keystore",
                        file.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("keytool.log").toFile())
                .start();
        assertThat(keytool.waitFor(60, TimeUnit.SECONDS)).isTrue();
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, PASSWORD.toCharArray());
        }
        return store;
    }

    private Path pem(String name, String label, byte[] content) throws Exception {
        String text = "-----BEGIN " + label + "-----\n"
                + Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                        .encodeToString(content)
                + "\n-----END " + label + "-----\n";
        return Files.writeString(folder.resolve(name), text);
    }
}
