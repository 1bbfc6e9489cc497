package io.handover.fakeaws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PfxOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsDeliveryTest {

    private static final String PASSWORD = "password";

    @TempDir
    Path folder;

    private final FakeAws fake = FakeAws.start(0, "eu-central-1", Behaviour.CALM);
    private final Clients clients = new Clients(fake);
    private BridgeStub bridge;

    @BeforeEach
    void setUp() throws Exception {
        keytool("-genkeypair", "-keyalg", "EC", "-dname", "CN=127.0.0.1", "-ext", "san=ip:127.0.0.1");
        keytool("-exportcert", "-rfc", "-file", folder.resolve("bridge.pem").toString());
        bridge = new BridgeStub(
                Vertx.vertx(),
                new HttpServerOptions()
                        .setSsl(true)
                        .setKeyCertOptions(new PfxOptions()
                                .setPath(folder.resolve("bridge.p12").toString())
                                .setPassword(PASSWORD)));
    }

    @AfterEach
    void tearDown() {
        clients.close();
        fake.close();
        bridge.close();
    }

    @Test
    void shouldDeliverOverTlsToATrustedCertificate() {
        // Given
        fake.trust(folder.resolve("bridge.pem"));
        new Setup(fake, clients, "https://127.0.0.1:" + bridge.port() + "/handover");

        // When
        fake.publish(Setup.event("c1"));

        // Then
        await().until(() -> fake.openDeliveries() == 0);
        assertThat(bridge.requests()).hasSize(1);
        assertThat(bridge.requests().get(0).headers().get("Host")).isEqualTo("127.0.0.1:" + bridge.port());
    }

    @Test
    void shouldNotDeliverToAnUnknownCertificate() {
        // Given
        new Setup(fake, clients, "https://127.0.0.1:" + bridge.port() + "/handover");

        // When
        fake.publish(Setup.event("c1"));

        // Then
        await().until(() -> fake.openDeliveries() == 0);
        assertThat(bridge.requests()).isEmpty();
        assertThat(fake.metric(Setup.RULE_ARN, "InvocationsSentToDlq")).isEqualTo(1);
    }

    private void keytool(String command, String... options) throws Exception {
        List<String> line = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                command,
                "-alias",
                "bridge",
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD,
                "-keystore",
                folder.resolve("bridge.p12").toString()));
        line.addAll(List.of(options));
        Process keytool = new ProcessBuilder(line)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("keytool.log").toFile())
                .start();
        assertThat(keytool.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(keytool.exitValue()).isZero();
    }
}
