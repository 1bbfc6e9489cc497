package io.handover.ingress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.handover.service.SettingsException;
import io.handover.service.WatchedFiles;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.GoAway;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TlsTest {

    private static Pem rsa;
    private static Pem ec;
    private static Pem renewed;

    @TempDir
    private Path folder;

    private Path chain;
    private Path key;

    @BeforeAll
    static void makeCertificates(@TempDir Path elsewhere) throws Exception {
        rsa = Pem.make(elsewhere, "RSA");
        ec = Pem.make(elsewhere, "EC");
        renewed = Pem.make(elsewhere, "EC");
    }

    @BeforeEach
    void nameFiles() {
        chain = folder.resolve("tls.crt");
        key = folder.resolve("tls.key");
    }

    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void shouldStoreDeliveriesOverTls(HttpClient.Version version) throws Exception {
        // Given
        write(rsa);
        try (BridgeFixture fixture = start()) {

            // When
            HttpResponse<String> response = post(fixture, clientThatTrusts(version, rsa));

            // Then
            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.version()).isEqualTo(version);
            fixture.assertAnswered(DeliveryOutcome.STORED);
        }
    }

    @Test
    void shouldNotDisturbOtherRequestsOfAConnectionWhenOneIsTooLarge() throws Exception {
        // Given
        write(ec);
        try (BridgeFixture fixture = start()) {
            HttpClient client = clientThatTrusts(HttpClient.Version.HTTP_2, ec);

            // When
            HttpResponse<String> tooLarge = client.send(
                    fixture.request(new byte[2 * 1024 * 1024]).uri(uri(fixture)).build(),
                    HttpResponse.BodyHandlers.ofString());
            HttpResponse<String> next = post(fixture, client);

            // Then
            assertThat(tooLarge.statusCode()).isEqualTo(413);
            assertThat(next.statusCode()).isEqualTo(200);
            fixture.assertAnswered(DeliveryOutcome.TOO_LARGE, DeliveryOutcome.STORED);
        }
    }

    @Test
    void shouldAnswerEveryRequestOfAConnectionWhileItDrains() throws Exception {
        // Given
        write(ec);
        Vertx vertx = Vertx.vertx();
        try (BridgeFixture fixture = start();
                Draining draining = new Draining(fixture.bridge)) {
            // Java's own client fails its open requests when it receives GOAWAY.
            Queue<GoAway> received = new ConcurrentLinkedQueue<>();
            HttpClientAgent client = vertx.httpClientBuilder()
                    .with(new HttpClientOptions()
                            .setProtocolVersion(HttpVersion.HTTP_2)
                            .setUseAlpn(true)
                            .setSsl(true)
                            .setTrustAll(true)
                            .setVerifyHost(false))
                    .withConnectHandler(connection -> connection.goAwayHandler(received::add))
                    .build();
            int before = post(fixture, client);
            draining.start();

            // When
            List<Integer> statuses = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                statuses.add(post(fixture, client));
            }

            // Then
            assertThat(before).isEqualTo(200);
            assertThat(statuses).hasSize(20).containsOnly(200);
            assertThat(received).isNotEmpty();
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().get();
        }
    }

    /** The limit of HTTP/2 applies only to a client that acknowledges it (RFC 9113, 5.1.2 and 6.5.3). */
    @Test
    void shouldLimitTheRequestsOfAClientThatReadsNoAnswers() throws Exception {
        // Given
        write(ec);
        try (BridgeFixture fixture = start();
                SSLSocket socket = (SSLSocket) contextThatTrusts(ec)
                        .getSocketFactory()
                        .createSocket(InetAddress.getLoopbackAddress(), fixture.bridge.port())) {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setApplicationProtocols(new String[] {"h2"});
            socket.setSSLParameters(parameters);
            ByteArrayOutputStream frames = new ByteArrayOutputStream();
            frames.writeBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            // SETTINGS: an initial window of 0, so that no answer's body can be written
            frames.writeBytes(new byte[] {0, 0, 6, 4, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, 0});
            for (int stream = 1; stream < 2 * 1_000; stream += 2) {
                // HEADERS, all of them and no body: GET / of https://a
                frames.writeBytes(new byte[] {0, 0, 6, 1, 5, 0, 0, (byte) (stream >> 8), (byte) stream});
                frames.writeBytes(new byte[] {(byte) 0x82, (byte) 0x84, (byte) 0x87, 0x41, 1, 'a'});
            }

            // When
            socket.getOutputStream().write(frames.toByteArray());

            // Then
            await().until(() -> fixture.management("/metrics").body().contains("handover_connections_open 0"));
            assertThat(fixture.bridge.metrics().receivedCount()).isBetween(1L, 201L);
        }
    }

    @Test
    void shouldReloadTheCertificateWhenItsKeyIsReplacedToo() throws Exception {
        // Given
        write(ec);
        try (LogCapture log = new LogCapture(WatchedFiles.class);
                BridgeFixture fixture = start()) {

            // When
            Files.writeString(chain, renewed.chain());
            await().until(() -> log.hasReason("the key does not belong to the certificate"));
            X509Certificate whileTheKeyIsMissing = certificateOf(fixture, ec, renewed);
            Files.writeString(key, renewed.key());

            // Then
            assertThat(whileTheKeyIsMissing).isEqualTo(ec.certificate());
            await().untilAsserted(() ->
                    assertThat(certificateOf(fixture, ec, renewed)).isEqualTo(renewed.certificate()));
        }
    }

    @Test
    void shouldSurviveASenderWithoutTls() throws Exception {
        // Given
        write(ec);
        try (BridgeFixture fixture = start()) {

            // When
            String answer = fixture.exchange("POST /handover/genesysCloudOM HTTP/1.1\r\n\r\n");

            // Then
            assertThat(answer).doesNotContain("HTTP");
            assertThat(post(fixture, clientThatTrusts(HttpClient.Version.HTTP_1_1, ec))
                            .statusCode())
                    .isEqualTo(200);
            fixture.assertAnswered(DeliveryOutcome.STORED);
        }
    }

    @Test
    void shouldNameAMissingFile() throws Exception {
        // Given
        Files.writeString(chain, ec.chain());

        // When / Then
        assertThatThrownBy(this::start)
                .isInstanceOf(SettingsException.class)
                .hasMessage("Cannot use " + chain + " and " + key + ", because " + key + " does not exist.");
    }

    @Test
    void shouldNotStartWithTheKeyOfAnotherCertificate() throws Exception {
        // Given
        Files.writeString(chain, ec.chain());
        Files.writeString(key, renewed.key());

        // When / Then
        assertThatThrownBy(this::start)
                .isInstanceOf(SettingsException.class)
                .hasMessage("Cannot use " + chain + " and " + key
                        + ", because the key does not belong to the certificate.");
    }

    @Test
    void shouldNotStartWithAnInvalidPemFile() throws Exception {
        // Given
        Files.writeString(chain, "a certificate");
        Files.writeString(key, "a key");

        // When / Then
        assertThatThrownBy(this::start)
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("they are not a PEM certificate with");
    }

    private void write(Pem pem) throws IOException {
        Files.writeString(chain, pem.chain());
        Files.writeString(key, pem.key());
    }

    private BridgeFixture start() {
        return new BridgeFixture(
                true, Map.of("tls.certificate.file", chain.toString(), "tls.key.file", key.toString()));
    }

    private static URI uri(BridgeFixture fixture) {
        return URI.create("https://127.0.0.1:" + fixture.bridge.port() + DeliveryEndpoint.PATH);
    }

    private static HttpResponse<String> post(BridgeFixture fixture, HttpClient client) throws Exception {
        return client.send(
                fixture.request(Deliveries.customerEnd()).uri(uri(fixture)).build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static int post(BridgeFixture fixture, HttpClientAgent client) throws Exception {
        return client.request(HttpMethod.POST, fixture.bridge.port(), "127.0.0.1", DeliveryEndpoint.PATH)
                .compose(request -> request.putHeader("Authorization", BridgeFixture.KEY)
                        .send(Buffer.buffer(Deliveries.customerEnd())))
                .map(HttpClientResponse::statusCode)
                .toCompletionStage()
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
    }

    /** The certificate that a new connection receives. */
    private static X509Certificate certificateOf(BridgeFixture fixture, Pem... trusted) throws Exception {
        HttpResponse<String> response = post(fixture, clientThatTrusts(HttpClient.Version.HTTP_1_1, trusted));
        return (X509Certificate) response.sslSession().orElseThrow().getPeerCertificates()[0];
    }

    private static HttpClient clientThatTrusts(HttpClient.Version version, Pem... pems) throws Exception {
        return HttpClient.newBuilder()
                .version(version)
                .sslContext(contextThatTrusts(pems))
                .build();
    }

    private static SSLContext contextThatTrusts(Pem... pems) throws Exception {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        for (Pem pem : List.of(pems)) {
            trusted.setCertificateEntry(pem.certificate().getSerialNumber().toString(), pem.certificate());
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }
}
