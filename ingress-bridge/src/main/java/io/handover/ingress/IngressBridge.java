package io.handover.ingress;

import io.handover.service.ManagementServer;
import io.handover.service.Ports;
import io.handover.service.Settings;
import io.handover.service.SettingsDefinition;
import io.handover.service.SettingsException;
import io.handover.service.TopicCreation;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The running bridge: an HTTP endpoint in front of a Kafka producer. */
public final class IngressBridge implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(IngressBridge.class);

    /** Longer than the longest way to an answer. */
    private static final int IDLE_SECONDS = 30;

    /** A negative port is a free one that all instances share; with 0 each would take its own. */
    private static final int FREE_SHARED_PORT = -1;

    private static final Duration FINISH_REQUESTS = Duration.ofSeconds(6);
    private static final Duration FLUSH = Duration.ofSeconds(5);

    private final Vertx vertx;
    private final KafkaConnection kafka;
    private final Ledger ledger;
    private final List<HttpServer> servers = new CopyOnWriteArrayList<>();
    private final AtomicBoolean closing = new AtomicBoolean();
    private final ManagementServer management;

    /**
     * The way to Kafka.
     *
     * @param notReady why it could not take a delivery now
     * @param check what keeps {@code notReady} up to date
     */
    record KafkaConnection(
            Producer<String, byte[]> producer, Supplier<Optional<String>> notReady, AutoCloseable check) {}

    private IngressBridge(BridgeSettings settings, KafkaConnection kafka, InstantSource clock) {
        this.kafka = kafka;
        // Without a cache directory: the root file system may be read-only.
        vertx = Vertx.vertx(new VertxOptions()
                .setFileSystemOptions(
                        new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false)));
        try {
            PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
            Semaphore places = new Semaphore(settings.requestsInFlightMax());
            ledger = new Ledger(metrics, () -> settings.requestsInFlightMax() - places.availablePermits());
            management = ManagementServer.start(
                    vertx, settings.managementHost(), settings.managementPort(), () -> true, this::notReady, metrics);
            listen(
                    settings,
                    new DeliveryEndpoint(vertx, settings, places, ledger, new DeliveryLog(kafka.producer()), clock));
        } catch (RuntimeException e) {
            await("Vert.x", vertx.close(), FLUSH);
            throw e;
        }
    }

    /** The settings it knows. */
    public static SettingsDefinition settings() {
        return BridgeSettings.definition();
    }

    /**
     * Starts the bridge and waits until its ports are open. It does not wait for Kafka: until that is there, deliveries
     * are answered with 503, and {@link #ready()} is false.
     *
     * @throws SettingsException if the settings do not make sense together
     * @throws io.handover.service.StartException if a port is taken, or topics are to be created and cannot be
     */
    public static IngressBridge start(Settings settings) {
        BridgeSettings bridge = BridgeSettings.of(settings);
        Map<String, Object> producerSettings = KafkaSettings.producer(settings, bridge.bodyMaxBytes());
        TopicCreation.createMissing(settings);
        return start(bridge, connect(producerSettings, KafkaSettings.admin(settings)), InstantSource.system());
    }

    /** Starts the bridge with a given way to Kafka, which it closes, also if it cannot start. */
    static IngressBridge start(BridgeSettings settings, KafkaConnection kafka, InstantSource clock) {
        try {
            return new IngressBridge(settings, kafka, clock);
        } catch (RuntimeException e) {
            disconnect(kafka);
            throw e;
        }
    }

    private static KafkaConnection connect(Map<String, Object> producerSettings, Map<String, Object> adminSettings) {
        Producer<String, byte[]> producer = null;
        try {
            producer = new KafkaProducer<>(producerSettings, new StringSerializer(), new ByteArraySerializer());
            KafkaCheck check = KafkaCheck.start(Admin.create(adminSettings), producer);
            return new KafkaConnection(producer, check::notReady, check);
        } catch (KafkaException e) {
            if (producer != null) {
                producer.close(Duration.ZERO);
            }
            throw SettingsException.ofClient(e);
        }
    }

    private void listen(BridgeSettings settings, DeliveryEndpoint endpoint) {
        HttpServerOptions options =
                new HttpServerOptions().setIdleTimeout(IDLE_SECONDS).setHttp2ClearTextEnabled(false);
        int port = settings.httpPort() == 0 ? FREE_SHARED_PORT : settings.httpPort();
        Future<String> deployed = vertx.deployVerticle(
                () -> context -> {
                    HttpServer server = vertx.createHttpServer(options).requestHandler(endpoint);
                    servers.add(server);
                    return server.listen(port, settings.httpHost());
                },
                new DeploymentOptions().setInstances(Runtime.getRuntime().availableProcessors()));
        Ports.await(deployed, settings.httpHost(), settings.httpPort(), BridgeSettings.HTTP_PORT_CONFIG);
    }

    /** The port of the endpoint. */
    public int port() {
        return servers.get(0).actualPort();
    }

    /** The port of health and metrics. */
    public int managementPort() {
        return management.port();
    }

    /** Whether a delivery could be stored now. */
    public boolean ready() {
        return notReady().isEmpty();
    }

    Ledger ledger() {
        return ledger;
    }

    private Optional<String> notReady() {
        return closing.get() ? Optional.of("Stopping.") : kafka.notReady().get();
    }

    /** Stops accepting, finishes what is in flight, flushes; within about 20 seconds. */
    @Override
    public void close() {
        if (!closing.compareAndSet(false, true)) {
            return;
        }
        await(
                "The requests in flight",
                Future.join(servers.stream()
                        .map(server -> server.shutdown(FINISH_REQUESTS.toSeconds() - 1, TimeUnit.SECONDS))
                        .toList()),
                FINISH_REQUESTS);
        disconnect(kafka);
        management.close();
        await("Vert.x", vertx.close(), FLUSH);
    }

    private static void disconnect(KafkaConnection kafka) {
        try {
            kafka.producer().close(FLUSH);
            kafka.check().close();
        } catch (Exception e) {
            LOG.warn("The Kafka clients did not close as they should", e);
        }
    }

    private static void await(String what, Future<?> future, Duration limit) {
        try {
            future.toCompletionStage().toCompletableFuture().get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("{} did not finish in time", what);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
