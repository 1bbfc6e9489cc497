package io.handover.setup;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * A bridge as far as the set-up sees it: HTTPS on localhost, one or two keys, the answers to wanted and unwanted events,
 * and its metrics. A test can set another answer.
 */
final class BridgeStub implements AutoCloseable {

    private static final String PASSWORD = "password";

    final Set<String> keys = ConcurrentHashMap.newKeySet();
    /** The bodies of wanted events, in the order of their arrival. */
    final List<String> stored = new CopyOnWriteArrayList<>();
    /** The answer to everything, as status and body; null for the answers of a bridge. */
    volatile @Nullable Answer always;

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpsServer server;
    private final SSLContext before;
    private final Path certificate;
    private volatile @Nullable URI behind;
    private int phoneCalls;
    /** Whether something before the bridge replaces the User-Agent. */
    volatile boolean hidesUserAgent;

    private volatile boolean wantsCertificate;

    /**
     * An answer.
     *
     * @param location where it redirects to; null for nowhere
     */
    record Answer(int status, String body, @Nullable String location) {
        Answer(int status, String body) {
            this(status, body, null);
        }
    }

    /** Starts the bridge, and makes this JVM trust its certificate. */
    BridgeStub(Path folder) {
        try {
            KeyStore store = certificate(folder);
            certificate = folder.resolve("certificate.pem");
            Files.writeString(certificate, pem(store.getCertificate("server").getEncoded()));
            KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            own.init(store, PASSWORD.toCharArray());
            KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
            trusted.load(null, null);
            trusted.setCertificateEntry("server", store.getCertificate("server"));
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(trusted);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(own.getKeyManagers(), trust.getTrustManagers(), null);
            before = SSLContext.getDefault();
            SSLContext clients = SSLContext.getInstance("TLS");
            clients.init(null, trust.getTrustManagers(), null);
            SSLContext.setDefault(clients);
            server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.setHttpsConfigurator(new HttpsConfigurator(context) {
                @Override
                public void configure(HttpsParameters parameters) {
                    SSLParameters tls = context.getDefaultSSLParameters();
                    tls.setNeedClientAuth(wantsCertificate);
                    parameters.setSSLParameters(tls);
                }
            });
            server.setExecutor(threads);
            server.createContext("/", this::handle);
            server.start();
        } catch (IOException | GeneralSecurityException | InterruptedException e) {
            throw new IllegalStateException("The stub cannot start", e);
        }
    }

    String url() {
        return "https://localhost:" + server.getAddress().getPort() + "/handover/genesysCloudOM";
    }

    String metricsUrl() {
        return "https://localhost:" + server.getAddress().getPort() + "/metrics";
    }

    /** Makes the stub a proxy that ends TLS before a real bridge. */
    void forwardTo(URI bridge) {
        behind = bridge;
    }

    /** Makes the stub refuse clients without a certificate. The clients of the test have none. */
    void wantCertificate() {
        wantsCertificate = true;
    }

    /** The certificate as a PEM file. */
    Path certificate() {
        return certificate;
    }

    /** Makes this JVM trust only what it trusted before. */
    void distrust() {
        SSLContext.setDefault(before);
    }

    private synchronized void handle(HttpExchange exchange) {
        try (exchange) {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            Answer answer = exchange.getRequestURI().getPath().equals("/metrics") ? metrics() : answer(exchange, body);
            if (answer.location() != null) {
                exchange.getResponseHeaders().add("Location", answer.location());
            }
            byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(answer.status(), bytes.length);
            exchange.getResponseBody().write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Answer metrics() {
        return new Answer(200, "handover_deliveries_unwanted_total{reason=\"unwanted-media\"} " + phoneCalls + ".0\n");
    }

    private Answer answer(HttpExchange exchange, String body) {
        Answer forced = always;
        if (forced != null) {
            return forced;
        }
        if (!exchange.getRequestMethod().equals("POST")) {
            return outcome(405, "wrong-method");
        }
        URI bridge = behind;
        if (bridge != null) {
            return forwarded(bridge, exchange, body);
        }
        String key = exchange.getRequestHeaders().getFirst("Authorization");
        String agent = String.valueOf(exchange.getRequestHeaders().getFirst("User-Agent"));
        if (key == null || !keys.contains(key)) {
            return agent.startsWith("Amazon/EventBridge") && !hidesUserAgent
                    ? outcome(503, "unauthorized-eventbridge")
                    : outcome(401, "unauthorized");
        }
        if (!exchange.getRequestURI().getPath().equals("/handover/genesysCloudOM")) {
            return outcome(404, "unknown-path");
        }
        if (body.contains("handover-setup-test")) {
            return outcome(200, "unwanted-topic");
        }
        if (body.contains("VOICE")) {
            phoneCalls++;
            return outcome(200, "unwanted-media");
        }
        stored.add(body);
        return outcome(200, "stored");
    }

    private static Answer forwarded(URI bridge, HttpExchange exchange, String body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        bridge.resolve(exchange.getRequestURI().getPath()))
                .POST(BodyPublishers.ofString(body));
        for (String header : List.of("Authorization", "User-Agent", "Content-Type")) {
            request.header(header, exchange.getRequestHeaders().getFirst(header));
        }
        try {
            HttpResponse<String> response = HttpClient.newHttpClient().send(request.build(), BodyHandlers.ofString());
            return new Answer(response.statusCode(), response.body());
        } catch (IOException | InterruptedException e) {
            return new Answer(502, "");
        }
    }

    private static Answer outcome(int status, String outcome) {
        return new Answer(status, "{\"outcome\":\"" + outcome + "\"}");
    }

    private static KeyStore certificate(Path folder)
            throws IOException, GeneralSecurityException, InterruptedException {
        Path file = folder.resolve("bridge.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "server",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "san=dns:localhost",
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        PASSWORD,
                        "-keystore",
                        file.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("keytool.log").toFile())
                .start();
        if (!keytool.waitFor(60, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
            throw new IllegalStateException("keytool makes no certificate");
        }
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, PASSWORD.toCharArray());
        }
        return store;
    }

    private static String pem(byte[] certificate) {
        return "-----BEGIN CERTIFICATE-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(certificate)
                + "\n-----END CERTIFICATE-----\n";
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
        SSLContext.setDefault(before);
    }
}
