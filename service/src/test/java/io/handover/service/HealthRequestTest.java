package io.handover.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The health check of a process whose management port has TLS. */
class HealthRequestTest {

    private static final String PASSWORD = "password";

    private final Vertx vertx = Vertx.vertx();

    @TempDir
    private Path folder;

    private ManagementServer server;

    @BeforeEach
    void start() throws Exception {
        make("own");
        server = ManagementServer.start(
                vertx,
                new ManagementServer.Listener(
                        "127.0.0.1", 0, new ServerTls(folder.resolve("own.pem"), folder.resolve("own.key"))),
                () -> true,
                Optional::empty,
                new PrometheusMeterRegistry(PrometheusConfig.DEFAULT),
                request -> request.response().end());
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @Test
    void shouldTrustTheCertificateOfTheProcessUnderAnyName() {
        // Given
        HealthRequest request = HealthRequest.of(settings("own"));

        // When
        String answer = request.send();

        // Then
        assertThat(answer).isEqualTo("{\"status\":\"up\"}");
    }

    @Test
    void shouldTrustNoOtherCertificate() throws Exception {
        // Given
        make("other");
        HealthRequest request = HealthRequest.of(settings("other"));

        // When, Then
        assertThatThrownBy(request::send)
                .isInstanceOf(StartException.class)
                .hasMessageContaining("/health/ready does not answer");
    }

    private Settings settings(String certificate) {
        return StreamsAppSettings.definition()
                .load(
                        null,
                        Map.of(
                                "HANDOVER_KAFKA_BOOTSTRAP_SERVERS",
                                "broker:9092",
                                "HANDOVER_MANAGEMENT_PORT",
                                String.valueOf(server.port()),
                                "HANDOVER_MANAGEMENT_TLS_CERTIFICATE_FILE",
                                folder.resolve(certificate + ".pem").toString(),
                                "HANDOVER_MANAGEMENT_TLS_KEY_FILE",
                                folder.resolve(certificate + ".key").toString()),
                        Map.of());
    }

    /** Makes a self-signed certificate of another host, and its key, with the keytool of the JDK. */
    private void make(String name) throws Exception {
        Path file = folder.resolve(name + ".p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "server",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=streams-app.example",
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
        write(name + ".pem", "CERTIFICATE", store.getCertificate("server").getEncoded());
        write(
                name + ".key",
                "PRIVATE KEY",
                store.getKey("server", PASSWORD.toCharArray()).getEncoded());
    }

    private void write(String file, String label, byte[] content) throws Exception {
        String text = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                .encodeToString(content);
        Files.writeString(
                folder.resolve(file), "-----BEGIN " + label + "-----\n" + text + "\n-----END " + label + "-----\n");
    }
}
