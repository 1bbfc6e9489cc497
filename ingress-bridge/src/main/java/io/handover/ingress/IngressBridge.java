package io.handover.ingress;

import io.handover.schema.Delivery;
import io.handover.schema.UnreadableRecordException;
import io.handover.service.ClusterNeeds;
import io.handover.service.KafkaCheck;
import io.handover.service.KafkaMetricsFilter;
import io.handover.service.ManagementServer;
import io.handover.service.RunningService;
import io.handover.service.Secrets;
import io.handover.service.ServerStart;
import io.handover.service.Settings;
import io.handover.service.SettingsDefinition;
import io.handover.service.SettingsException;
import io.handover.service.StartException;
import io.handover.service.TopicNames;
import io.handover.service.UnknownKafkaSettings;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running bridge. It receives deliveries over HTTP and writes them to Kafka. */
public final class IngressBridge implements RunningService {

    private static final Logger LOG = LoggerFactory.getLogger(IngressBridge.class);

    /** The idle timeout of a connection. It is longer than the longest answer timeout. */
    private static final int IDLE_SECONDS = 30;

    /**
     * All verticle instances share one free port if the port is negative. With port 0, each instance would listen on
     * its own port.
     */
    private static final int FREE_SHARED_PORT = -1;

    /** How long the start waits for the first answer of Kafka. Without an answer, the bridge starts, and is not ready. */
    private static final Duration FIRST_CHECK = Duration.ofSeconds(3);

    private static final Duration REQUESTS_TIMEOUT = Duration.ofSeconds(6);
    private static final Duration FLUSH_TIMEOUT = Duration.ofSeconds(5);

    private final Vertx vertx;
    private final KafkaConnection kafka;
    private final DeliveryMetrics metrics;
    private final List<HttpServer> servers = new CopyOnWriteArrayList<>();
    private final Duration drainTime;
    private final Connections connections;
    private final AtomicBoolean closing = new AtomicBoolean();
    private final ManagementServer management;

    /** The agent directory; null if there is none, and until it has started. */
    private volatile @Nullable AgentDirectory directory;

    /**
     * The Kafka clients of the bridge.
     *
     * @param producer the producer of deliveries
     * @param notReady returns the reason why a delivery could not be stored now, or empty if it could be stored
     * @param check the regular check that updates {@code notReady}, until it is closed
     */
    record KafkaConnection(DeliveryProducer producer, Supplier<Optional<String>> notReady, AutoCloseable check) {}

    /** Starts the agent directory, if there is one. */
    @FunctionalInterface
    private interface DirectoryStart {
        @Nullable
        AgentDirectory start(Vertx vertx);
    }

    private IngressBridge(
            BridgeSettings settings,
            DeliveryMetrics metrics,
            KafkaConnection kafka,
            InstantSource clock,
            DirectoryStart directoryStart) {
        this.kafka = kafka;
        this.metrics = metrics;
        drainTime = Duration.ofMillis(settings.http().shutdownDrainMs());
        connections = new Connections(settings.http().connectionsMax(), metrics.registry());
        // Vert.x gets no cache directory, because the root file system may be read-only.
        vertx = Vertx.vertx(new VertxOptions()
                .setFileSystemOptions(
                        new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false)));
        try {
            // The endpoint starts before the management server. Otherwise the bridge could report ready although it
            // cannot be reached yet.
            listen(settings, metrics, clock);
            management = ManagementServer.start(
                    vertx,
                    settings.managementHost(),
                    settings.managementPort(),
                    () -> true,
                    this::notReady,
                    metrics.registry(),
                    Map.of("/openapi.json", Objects.requireNonNull(IngressBridge.class.getResource("openapi.json"))),
                    settings.directory() == null ? Map.of() : Map.of("/health/directory", this::directoryProblem));
            directory = directoryStart.start(vertx);
        } catch (RuntimeException e) {
            await("event loops", vertx.close(), FLUSH_TIMEOUT);
            throw e;
        }
    }

    /** Returns the definition of all settings of the bridge. */
    public static SettingsDefinition settings() {
        return BridgeSettings.definition();
    }

    /**
     * Returns the settings of the producer of deliveries.
     *
     * @throws SettingsException as {@link #start}
     */
    public static Map<String, Object> producerSettings(Settings settings) {
        return KafkaSettings.producer(settings, settings.getInt(HttpSettings.BODY_MAX_BYTES_CONFIG));
    }

    /** Returns what the bridge needs from its cluster. */
    public static ClusterNeeds needs(Settings settings) {
        return ClusterNeeds.ofBridge(settings, settings.getInt(HttpSettings.BODY_MAX_BYTES_CONFIG));
    }

    /** Returns what the agent directory needs from the cluster; empty if the settings switch it off. */
    public static Optional<ClusterNeeds> directoryNeeds(Settings settings) {
        return DirectorySettings.of(settings) == null
                ? Optional.empty()
                : Optional.of(ClusterNeeds.ofDirectory(settings, settings.getInt(HttpSettings.BODY_MAX_BYTES_CONFIG)));
    }

    /**
     * Starts the bridge and waits until its ports are open. The bridge does not wait for Kafka, or for a missing topic
     * or permission. Until they are there, deliveries are answered with 503, and {@link #ready()} is false.
     *
     * @throws SettingsException if two settings contradict each other or a Kafka client rejects its settings
     * @throws StartException if a port cannot be opened, or a topic is not as it must be
     */
    public static IngressBridge start(Settings settings) {
        BridgeSettings bridge = BridgeSettings.of(settings);
        Map<String, Object> producerSettings = producerSettings(settings);
        UnknownKafkaSettings.warn(settings, KafkaSettings.names());
        DeliveryMetrics metrics = new DeliveryMetrics(KafkaMetricsFilter.of(settings));
        KafkaConnection kafka = connect(settings, producerSettings, metrics);
        return start(
                bridge,
                metrics,
                kafka,
                InstantSource.system(),
                vertx -> bridge.directory() == null
                        ? null
                        : AgentDirectory.start(vertx, settings, bridge.directory(), metrics.registry()));
    }

    /**
     * Starts the bridge with the given Kafka clients and without an agent directory. The bridge closes these clients, even
     * if it cannot start.
     */
    static IngressBridge start(
            BridgeSettings settings, DeliveryMetrics metrics, KafkaConnection kafka, InstantSource clock) {
        return start(settings, metrics, kafka, clock, vertx -> null);
    }

    private static IngressBridge start(
            BridgeSettings settings,
            DeliveryMetrics metrics,
            KafkaConnection kafka,
            InstantSource clock,
            DirectoryStart directoryStart) {
        try {
            return new IngressBridge(settings, metrics, kafka, clock, directoryStart);
        } catch (RuntimeException e) {
            disconnect(kafka);
            throw e;
        }
    }

    private static KafkaConnection connect(
            Settings settings, Map<String, Object> producerSettings, DeliveryMetrics metrics) {
        Supplier<Producer<String, byte[]>> producers =
                () -> new KafkaProducer<>(producerSettings, new StringSerializer(), new ByteArraySerializer());
        try (Producer<String, byte[]> tried = producers.get()) {
            // Wrong settings of the client stop the start, and not the first check that passes.
            tried.close(Duration.ZERO);
        } catch (KafkaException e) {
            throw SettingsException.ofClient(e);
        }
        DeliveryProducer producer = new DeliveryProducer(producers, TopicNames.of(settings), metrics);
        KafkaCheck check = KafkaCheck.start(
                settings,
                KafkaSettings.CLIENT_ID + "-check",
                needs(settings),
                (errors, partitions) -> producer.follow(errors));
        check.bindTo(metrics.registry());
        KafkaConnection kafka = new KafkaConnection(producer, check::notReady, check);
        try {
            check.awaitFirst(FIRST_CHECK);
        } catch (StartException e) {
            disconnect(kafka);
            throw e;
        }
        return kafka;
    }

    /** Loads the classes of the parser. Otherwise the first delivery would load them on an event loop and block it. */
    private static void warmUp() {
        try {
            Delivery unused = Delivery.read("{\"topic\":\"\"}".getBytes(StandardCharsets.UTF_8));
        } catch (UnreadableRecordException e) {
            throw new IllegalStateException("Expected to parse a delivery, but failed", e);
        }
    }

    private void listen(BridgeSettings settings, DeliveryMetrics metrics, InstantSource clock) {
        warmUp();
        HttpSettings http = settings.http();
        DeliveryEndpoint endpoint = new DeliveryEndpoint(
                vertx,
                settings,
                authentication(settings.authentication()),
                closing::get,
                new Exchange.SharedResources(
                        metrics,
                        new Capacity(
                                http.connectionsMax(), http.requestsInFlightMaxBytes(), http.requestsInFlightMax()),
                        connections,
                        new AccessLog(settings.logSuccesses(), System::nanoTime)),
                kafka.producer(),
                clock);
        HttpServerOptions options = options(http);
        int port = http.port() == 0 ? FREE_SHARED_PORT : http.port();
        Future<String> deployed = vertx.deployVerticle(
                () -> context -> {
                    LoopDeadlines deadlines = LoopDeadlines.of(vertx, http.answerTimeoutMs());
                    HttpServer server = vertx.createHttpServer(options)
                            .connectionHandler(connection -> connections.opened(connection, deadlines))
                            .invalidRequestHandler(endpoint::handleInvalid)
                            .requestHandler(endpoint);
                    servers.add(server);
                    return server.listen(port, http.host());
                },
                new DeploymentOptions().setInstances(Runtime.getRuntime().availableProcessors()));
        ServerStart.awaitListening(deployed, http.host(), http.port(), HttpSettings.HTTP_PORT_CONFIG);
    }

    private Authentication authentication(AuthenticationSettings settings) {
        Secrets secrets = new Secrets(settings.secrets().stream()
                .map(secret -> Secrets.bytes(secret.value()))
                .toList());
        if (settings.secretFile() != null) {
            secrets.watch(vertx, settings.secretFile());
        }
        return settings.authentication(secrets);
    }

    private HttpServerOptions options(HttpSettings http) {
        HttpServerOptions options = new HttpServerOptions()
                .setIdleTimeout(IDLE_SECONDS)
                // An upgrade from HTTP/1.1 to HTTP/2 would bypass the rules of a proxy in front of the bridge.
                .setHttp2ClearTextEnabled(false);
        if (http.tls() != null) {
            http.tls().addTo(options, vertx, servers);
        }
        return options;
    }

    /** The port that the delivery endpoint listens on. */
    public int port() {
        return servers.get(0).actualPort();
    }

    /** The port that health and metrics listen on. */
    public int managementPort() {
        return management.port();
    }

    /** Whether Kafka could store a delivery at the last check. False while the bridge is stopping. */
    public boolean ready() {
        return notReady().isEmpty();
    }

    DeliveryMetrics metrics() {
        return metrics;
    }

    private Optional<String> notReady() {
        return closing.get() || connections.draining()
                ? Optional.of("The bridge is stopping.")
                : kafka.notReady().get();
    }

    private Optional<String> directoryProblem() {
        AgentDirectory current = directory;
        return current == null ? Optional.of("The agent directory has not started yet.") : current.problem();
    }

    /**
     * Reports that the bridge is not ready, and still accepts deliveries for {@code shutdown.drain.ms}. A load balancer
     * goes on sending until its health checks have failed, and a port that closes at once would refuse its deliveries.
     */
    @Override
    public void drain() throws InterruptedException {
        connections.drain();
        LOG.atInfo().addKeyValue("drain_ms", drainTime.toMillis()).log("Draining");
        Thread.sleep(drainTime.toMillis());
    }

    /** Stops accepting requests, answers the unanswered requests and flushes the producer. Takes at most 25 seconds. */
    @Override
    public void close() {
        if (!closing.compareAndSet(false, true)) {
            return;
        }
        AgentDirectory current = directory;
        if (current != null) {
            // It stops while the requests in flight are answered.
            current.stop();
        }
        await(
                "requests in flight",
                Future.join(servers.stream()
                        .map(server -> server.shutdown(REQUESTS_TIMEOUT.toSeconds() - 1, TimeUnit.SECONDS))
                        .toList()),
                REQUESTS_TIMEOUT);
        disconnect(kafka);
        if (current != null) {
            current.close();
        }
        management.close();
        await("event loops", vertx.close(), FLUSH_TIMEOUT);
    }

    private static void disconnect(KafkaConnection kafka) {
        try {
            kafka.check().close();
            kafka.producer().close();
        } catch (Exception e) {
            LOG.atWarn().setCause(e).log("Kafka clients could not be closed");
        }
    }

    private static void await(String step, Future<?> future, Duration limit) {
        try {
            future.toCompletionStage().toCompletableFuture().get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            LOG.atWarn()
                    .addKeyValue("step", step)
                    .addKeyValue("timeout_s", limit.toSeconds())
                    .log("Shutdown step did not finish in time");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
