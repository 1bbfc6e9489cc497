package io.handover.streams;

import io.handover.service.ServerTls;
import io.handover.service.Settings;
import io.handover.service.SettingsException;
import io.handover.service.SharedSettings;
import io.handover.service.StreamsAppSettings;
import io.handover.service.TopicNames;
import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.streams.state.HostInfo;
import org.jspecify.annotations.Nullable;

/** What operators see and steer: live queries, orders and the page, put together. */
final class OperatorAccess implements AutoCloseable {

    private static final String DOCUMENT = "openapi.yaml";
    private static final Set<String> ALL_ADDRESSES = Set.of("0.0.0.0", "::", "0:0:0:0:0:0:0:0");
    private static final long SAMPLE_EVERY_MS = 1_000;

    private final QueryWorkers workers = new QueryWorkers();
    private final OrderWriter writer;
    private final ManagementApi api;

    /**
     * @param port the port on which the management server listens
     * @param notReady returns why this instance is not ready, or empty
     * @throws SettingsException if the settings contradict each other, or a file cannot be used
     */
    OperatorAccess(
            Vertx vertx,
            Settings settings,
            int port,
            StreamsClient client,
            MeterRegistry registry,
            Supplier<Optional<String>> notReady,
            AccessTokens tokens) {
        Clock clock = registry.config().clock();
        TopicNames topics = TopicNames.of(settings);
        HostInfo self = advertised(settings, port);
        client.advertise(Installation.name(self));
        boolean isTls = tls(settings) != null;
        Installation installation = new Installation(
                client::streams,
                self,
                topics.events(),
                client.live(),
                client::partitions,
                new StateQueries(client::streams, client.live(), StreamsAppSettings.policy(settings)),
                new InstanceStatus(client::streams, client.live(), registry, notReady),
                new OtherInstances(vertx, isTls, trustFile(settings)),
                workers,
                clock);
        writer = new OrderWriter(settings, topics.events());
        vertx.setPeriodic(SAMPLE_EVERY_MS, id -> client.live().sample(clock.wallTime()));
        SharedAnswers shared = new SharedAnswers(clock::monotonicTime);
        api = new ManagementApi(
                vertx,
                tokens,
                installation,
                shared,
                new Orders(installation, writer, workers, client::partitions, clock),
                new ChangeStreams(vertx, installation, shared, tokens),
                PageFiles.read(PageFiles.FOLDER),
                document(),
                topology(settings));
    }

    /** Answers the requests of operators. */
    Handler<HttpServerRequest> handler() {
        return api;
    }

    /** The files for TLS of the management port; null without TLS. */
    static @Nullable ServerTls tls(Settings settings) {
        return ServerTls.of(
                settings,
                StreamsAppSettings.MANAGEMENT_TLS_CERTIFICATE_FILE_CONFIG,
                StreamsAppSettings.MANAGEMENT_TLS_KEY_FILE_CONFIG);
    }

    private static @Nullable Path trustFile(Settings settings) {
        String file = settings.getString(StreamsAppSettings.MANAGEMENT_TLS_TRUST_FILE_CONFIG);
        if (file == null) {
            return null;
        }
        try {
            Path path = Path.of(file);
            if (Files.isReadable(path)) {
                return path;
            }
        } catch (InvalidPathException e) {
            // It is reported as a file that cannot be read.
        }
        throw new SettingsException(StreamsAppSettings.MANAGEMENT_TLS_TRUST_FILE_CONFIG + " names the file " + file
                + ", which cannot be read.");
    }

    private static HostInfo advertised(Settings settings, int port) {
        String address = settings.getString(StreamsAppSettings.MANAGEMENT_ADVERTISED_ADDRESS_CONFIG);
        if (address != null) {
            return new HostInfo(
                    Objects.requireNonNull(Utils.getHost(address)), Objects.requireNonNull(Utils.getPort(address)));
        }
        String host = settings.getString(SharedSettings.MANAGEMENT_HOST_CONFIG);
        return new HostInfo(ALL_ADDRESSES.contains(host) ? hostName() : host, port);
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            // The machine does not know its own name. Other instances cannot reach it then; a single one need not.
            return InetAddress.getLoopbackAddress().getHostName();
        }
    }

    private static Buffer document() {
        try (InputStream in = Objects.requireNonNull(OperatorAccess.class.getResourceAsStream(DOCUMENT))) {
            return Buffer.buffer(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException("Expected to read " + DOCUMENT + ", but failed", e);
        }
    }

    private static JsonObject topology(Settings settings) {
        return TopologyGraph.of(ConversationTopology.build(
                        TopicNames.of(settings),
                        1,
                        StreamsAppSettings.policy(settings),
                        StreamsAppSettings.customerAddress(settings),
                        new ConversationMetrics(new CompositeMeterRegistry()))
                .describe());
    }

    @Override
    public void close() {
        workers.close();
        writer.close();
    }
}
