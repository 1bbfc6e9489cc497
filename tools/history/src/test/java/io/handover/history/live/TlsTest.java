package io.handover.history.live;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.handover.embeddedkafka.FreePorts;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A management port with a certificate of its own authority. */
class TlsTest {

    private static final char[] PASSWORD = "password".toCharArray();

    private final AtomicInteger requests = new AtomicInteger();

    @TempDir
    private Path folder;

    private HttpsServer server;
    private Path certificate;
    private Map<String, String> environment;

    @BeforeEach
    void start() throws Exception {
        KeyStore keys = keys();
        certificate = Files.writeString(
                folder.resolve("ca.pem"),
                "-----BEGIN CERTIFICATE-----\n"
                        + Base64.getMimeEncoder()
                                .encodeToString(keys.getCertificate("server").getEncoded())
                        + "\n-----END CERTIFICATE-----\n");
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(keys, PASSWORD);
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(factory.getKeyManagers(), null, null);
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(tls));
        server.createContext("/", exchange -> {
            try (exchange) {
                requests.incrementAndGet();
                byte[] body = "{\"error\":\"Unknown.\"}".getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(404, body.length);
                exchange.getResponseBody().write(body);
            }
        });
        server.start();
        environment = new HashMap<>(Map.of(
                "HANDOVER_MANAGEMENT_URL",
                "https://" + FreePorts.HOST + ":" + server.getAddress().getPort(),
                "HANDOVER_MANAGEMENT_TOKEN",
                "token"));
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void shouldTrustTheCertificatesOfAFile() {
        // Given
        Map<String, String> trusting = new HashMap<>(environment);
        trusting.put("HANDOVER_MANAGEMENT_TRUST_STORE", certificate.toString());
        // When
        Run option = Run.of(environment, "", "show", "x", "--trust-store", certificate.toString());
        Run variable = Run.of(trusting, "", "show", "x");
        // Then
        assertThat(option.err()).isEqualTo("handover: Unknown." + System.lineSeparator());
        assertThat(variable).isEqualTo(option);
    }

    @Test
    void shouldSendNoTokenToAPortThatIsNotTrusted() {
        // When
        Run run = Run.of(environment, "", "show", "x");
        // Then
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err().lines())
                .singleElement()
                .asString()
                .contains(" is not trusted: ", "give the authority's certificate to --trust-store.");
        assertThat(requests).hasValue(0);
    }

    private KeyStore keys() throws Exception {
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
                        new String(PASSWORD),
                        "-keystore",
                        file.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("keytool.log").toFile())
                .start();
        assertThat(keytool.waitFor(60, TimeUnit.SECONDS)).isTrue();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            keys.load(in, PASSWORD);
        }
        return keys;
    }
}
