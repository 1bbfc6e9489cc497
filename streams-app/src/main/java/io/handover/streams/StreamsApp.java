package io.handover.streams;

import io.handover.service.ClusterNeeds;
import io.handover.service.KafkaCheck;
import io.handover.service.KafkaMetricsFilter;
import io.handover.service.ManagementServer;
import io.handover.service.RunningService;
import io.handover.service.Settings;
import io.handover.service.SettingsDefinition;
import io.handover.service.SettingsException;
import io.handover.service.SharedSettings;
import io.handover.service.StartException;
import io.handover.service.StreamsAppSettings;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The application: the topology on a Kafka cluster, the check of this cluster, and a management port. */
public final class StreamsApp implements RunningService {

    /** How long the start waits for the first answer of Kafka. Without an answer, the app starts, and is not ready. */
    private static final Duration FIRST_CHECK = Duration.ofSeconds(10);

    private final StreamsClient client;
    private final Vertx vertx = Vertx.vertx();
    private final ManagementServer management;
    private final OperatorAccess operators;

    /** The regular check of Kafka; null until the management port is open. */
    private volatile @Nullable KafkaCheck check;

    /** Answers operators. The management port must be open before, because the other instances need its number. */
    private volatile Handler<HttpServerRequest> operatorRequests = StreamsApp::notYet;

    private StreamsApp(Settings settings, StreamsClient client, PrometheusMeterRegistry registry) {
        this.client = client;
        ManagementServer opened = null;
        OperatorAccess access = null;
        try {
            AccessTokens tokens = AccessTokens.of(settings, vertx);
            opened = ManagementServer.start(
                    vertx,
                    new ManagementServer.Listener(
                            settings.getString(SharedSettings.MANAGEMENT_HOST_CONFIG),
                            settings.getInt(SharedSettings.MANAGEMENT_PORT_CONFIG),
                            OperatorAccess.tls(settings)),
                    client::isLive,
                    this::notReady,
                    registry,
                    request -> operatorRequests.handle(request));
            access = new OperatorAccess(vertx, settings, opened.port(), client, registry, this::notReady, tokens);
            operatorRequests = access.handler();
            KafkaCheck started =
                    KafkaCheck.start(settings, "handover-streams-app-check", needs(settings), client::follow);
            started.bindTo(registry);
            check = started;
            started.awaitFirst(FIRST_CHECK);
        } catch (RuntimeException e) {
            if (opened != null) {
                opened.close();
            }
            stop(access);
            throw e;
        }
        management = opened;
        operators = access;
    }

    /** The definition of the settings of the application. */
    public static SettingsDefinition settings() {
        return StreamsAppSettings.definition();
    }

    /** What the application needs from its cluster. */
    public static ClusterNeeds needs(Settings settings) {
        return ClusterNeeds.ofApp(settings);
    }

    /**
     * Starts the application. Kafka assigns the partitions later, in the background; see {@link #ready}. If Kafka does
     * not answer, the application waits for it in the background.
     *
     * @param fatal receives an error that the application cannot recover from. The caller must then close the
     *     application
     * @throws SettingsException if the settings contradict each other
     * @throws StartException if the port is in use, or a topic is missing or not as it must be
     */
    public static StreamsApp start(Settings settings, Consumer<Throwable> fatal) {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        registry.config().meterFilter(KafkaMetricsFilter.of(settings));
        StreamsClient client = new StreamsClient(settings, registry, fatal);
        return new StreamsApp(settings, client, registry);
    }

    /** Whether Kafka can be used, and all stream threads run. */
    public boolean ready() {
        return notReady().isEmpty();
    }

    /** The port that serves health and metrics. */
    public int managementPort() {
        return management.port();
    }

    /** The number of open connections of the management port. */
    int managementConnections() {
        return management.connections();
    }

    /** The number of ends that are held now in the partitions of this instance. */
    public long held() {
        return client.held();
    }

    private static void notYet(HttpServerRequest request) {
        request.response().setStatusCode(RequestException.UNAVAILABLE).end();
    }

    private Optional<String> notReady() {
        KafkaCheck started = check;
        return started == null
                ? Optional.of("Kafka has not been checked yet.")
                : started.notReady().or(client::notReady);
    }

    @Override
    public void close() {
        management.close();
        stop(operators);
    }

    private void stop(@Nullable OperatorAccess access) {
        KafkaCheck started = check;
        if (started != null) {
            started.close();
        }
        if (access != null) {
            access.close();
        }
        client.close();
        vertx.close();
    }
}
