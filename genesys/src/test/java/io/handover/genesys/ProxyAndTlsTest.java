package io.handover.genesys;

import static io.handover.genesys.Setup.ANNA;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.handover.fakegenesys.FakeGenesys;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import javax.net.ServerSocketFactory;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs in a JVM of its own, because the JDK reads the setting for proxies once. */
class ProxyAndTlsTest {

    private static final char[] PASSWORD = "password".toCharArray();
    private static final Timing SHORT =
            new Timing(Duration.ofSeconds(20), Duration.ofMillis(10), Duration.ofMillis(100), System::nanoTime);
    private static final String AUTHORIZED = "Proxy-Authorization: Basic "
            + Base64.getEncoder().encodeToString("user:p@ss".getBytes(java.nio.charset.StandardCharsets.UTF_8));

    @TempDir
    private static Path folder;

    private static FakeGenesys fake;
    private static KeyStore trusted;
    private static Relay tls;

    @BeforeAll
    static void setUp() throws Exception {
        // The first client of a JVM decides whether the JDK sends passwords to proxies of TLS connections.
        new GenesysClient(
                        new GenesysConnection(
                                GenesysRegion.of("eu-west-1"), URI.create("http://user:pass@127.0.0.1:1"), null, 1),
                        () -> Setup.RIGHT,
                        new SimpleMeterRegistry())
                .close();
        fake = FakeGenesys.start(0);
        fake.put(ANNA);
        KeyStore keys = keys(folder);
        trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null, null);
        trusted.setCertificateEntry("server", keys.getCertificate("server"));
        tls = Relay.to(URI.create(fake.baseUrl()).getPort(), serverSockets(keys));
    }

    @AfterAll
    static void tearDown() throws Exception {
        tls.close();
        fake.close();
    }

    @Test
    void shouldTrustTheGivenCertificates() throws Exception {
        try (GenesysClient client = client(null, trusted)) {
            // When
            assertThat(client.user(ANNA.id()))
                    // Then
                    .isPresent();
        }
    }

    @Test
    void shouldNotTrustOtherCertificates() {
        try (GenesysClient client = client(null, null)) {
            // When
            assertThatThrownBy(() -> client.user(ANNA.id()))
                    // Then
                    .isInstanceOf(GenesysException.class)
                    .hasMessage("The connection to 127.0.0.1 failed (SSLHandshakeException).");
        }
    }

    @Test
    void shouldConnectThroughAProxyWithUserAndPassword() throws Exception {
        try (Relay proxy = Relay.proxy(AUTHORIZED);
                GenesysClient client = client("http://user:p%40ss@127.0.0.1:" + proxy.port(), trusted)) {
            // When
            assertThat(client.user(ANNA.id()))
                    // Then
                    .isPresent();
            assertThat(proxy.heads)
                    .isNotEmpty()
                    .allMatch(head -> head.startsWith("CONNECT 127.0.0.1:" + tls.port() + " "))
                    .noneMatch(head -> head.contains("Bearer"));
        }
    }

    @Test
    void shouldConnectThroughAProxyWithoutUserAndPassword() throws Exception {
        try (Relay proxy = Relay.proxy("");
                GenesysClient client = client("http://127.0.0.1:" + proxy.port(), trusted)) {
            // When
            assertThat(client.user(ANNA.id()))
                    // Then
                    .isPresent();
            assertThat(proxy.heads).isNotEmpty().noneMatch(head -> head.contains("Proxy-Authorization"));
        }
    }

    @Test
    void shouldSayThatTheProxyRejectsThePassword() throws Exception {
        try (Relay proxy = Relay.proxy(AUTHORIZED);
                GenesysClient client = client("http://user:wrong@127.0.0.1:" + proxy.port(), trusted)) {
            // When
            assertThatThrownBy(() -> client.user(ANNA.id()))
                    // Then
                    .isInstanceOf(GenesysException.class)
                    .hasMessageStartingWith("The proxy rejects its user and password")
                    .hasMessageNotContaining("wrong");
            assertThat(proxy.heads).hasSize(1);
        }
    }

    private static GenesysClient client(@Nullable String proxy, @Nullable KeyStore trust) {
        GenesysRegion region = GenesysRegion.of("https://127.0.0.1:" + tls.port());
        return new GenesysClient(
                new GenesysConnection(region, proxy == null ? null : URI.create(proxy), trust, Setup.FAST),
                () -> Setup.RIGHT,
                new SimpleMeterRegistry(),
                SHORT);
    }

    /** A self-signed certificate of 127.0.0.1 and its key. */
    private static KeyStore keys(Path folder) throws Exception {
        Path file = folder.resolve("keys.p12");
        String keytool =
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        Process process = new ProcessBuilder(
                        keytool,
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
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            keys.load(in, PASSWORD);
        }
        return keys;
    }

    private static ServerSocketFactory serverSockets(KeyStore keys) throws Exception {
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(keys, PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(factory.getKeyManagers(), null, null);
        return context.getServerSocketFactory();
    }
}
