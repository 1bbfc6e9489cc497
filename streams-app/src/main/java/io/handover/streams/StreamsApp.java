package io.handover.streams;

import io.handover.conversation.EndReason;
import io.handover.conversation.PendingEnd;
import io.handover.conversation.fold.StateStores;
import io.handover.conversation.fold.StoredConversation;
import io.handover.conversation.fold.StoredConversation.CorruptStateException;
import io.handover.service.ManagementServer;
import io.handover.service.Settings;
import io.handover.service.SettingsDefinition;
import io.handover.service.SettingsException;
import io.handover.service.SharedSettings;
import io.handover.service.StreamsAppSettings;
import io.handover.service.TopicCreation;
import io.handover.service.TopicNames;
import io.micrometer.core.instrument.binder.kafka.KafkaStreamsMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Optional;
import java.util.Properties;
import java.util.function.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.ThreadMetadata;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.QueryableStoreTypes;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The application: the topology on a Kafka cluster, and a management port. */
public final class StreamsApp implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(StreamsApp.class);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(20);

    private final KafkaStreams streams;
    private final KafkaStreamsMetrics streamsMetrics;
    private final Vertx vertx = Vertx.vertx();
    private final ManagementServer management;

    private StreamsApp(Settings settings, KafkaStreams streams, PrometheusMeterRegistry registry) {
        this.streams = streams;
        streamsMetrics = new KafkaStreamsMetrics(streams);
        try {
            management = ManagementServer.start(
                    vertx,
                    settings.getString(SharedSettings.MANAGEMENT_HOST_CONFIG),
                    settings.getInt(SharedSettings.MANAGEMENT_PORT_CONFIG),
                    this::isLive,
                    this::notReady,
                    registry);
        } catch (RuntimeException e) {
            stop();
            throw e;
        }
        streamsMetrics.bindTo(registry);
    }

    /** The definition of the settings of the application. */
    public static SettingsDefinition settings() {
        return StreamsAppSettings.definition();
    }

    /**
     * Starts the application. Kafka assigns the partitions later, in the background; see {@link #ready}.
     *
     * @param fatal receives an error that the application cannot recover from. The caller must then close the
     *     application
     * @throws SettingsException if the settings contradict each other
     * @throws io.handover.service.StartException if the port is in use or Kafka is unreachable
     */
    public static StreamsApp start(Settings settings, Consumer<Throwable> fatal) {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        Topology topology = ConversationTopology.build(
                TopicNames.of(settings),
                StreamsAppSettings.policy(settings),
                StreamsAppSettings.customerAddress(settings),
                new ConversationMetrics(registry));
        Properties properties = StreamsProperties.of(settings);
        TopicCreation.createMissing(settings);
        StreamsApp app = new StreamsApp(settings, connect(topology, properties), registry);
        app.streams.setUncaughtExceptionHandler(e -> {
            // Nothing is lost: the transaction is aborted, and the next start continues from the last commit.
            LOG.error("Stream thread failed, stopping the application", e);
            fatal.accept(e);
            return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        });
        app.streams.start();
        return app;
    }

    private static KafkaStreams connect(Topology topology, Properties properties) {
        try {
            return new KafkaStreams(topology, properties);
        } catch (KafkaException e) {
            throw SettingsException.ofClient(e);
        }
    }

    /** Whether all stream threads run. */
    public boolean ready() {
        return notReady().isEmpty();
    }

    /** The port that serves health and metrics. */
    public int managementPort() {
        return management.port();
    }

    /** The number of ends that are held now. Use it for tests and small data only: it reads every conversation. */
    public long held() {
        long held = 0;
        ReadOnlyKeyValueStore<String, byte[]> conversations = streams.store(
                StoreQueryParameters.fromNameAndType(StateStores.CONVERSATIONS, QueryableStoreTypes.keyValueStore()));
        try (KeyValueIterator<String, byte[]> all = conversations.all()) {
            while (all.hasNext()) {
                PendingEnd pending =
                        StoredConversation.decode(all.next().value).state().pending();
                if (pending != null && pending.reason() != EndReason.IDLE) {
                    held++;
                }
            }
        } catch (CorruptStateException e) {
            throw new IllegalStateException("Expected every state to be readable, but one is not", e);
        }
        return held;
    }

    @Override
    public void close() {
        management.close();
        stop();
    }

    private void stop() {
        // The application leaves the consumer group. Otherwise no other member gets its partitions until its session
        // times out, and every held end in them waits that long.
        if (!streams.close(CloseOptions.groupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP)
                .withTimeout(CLOSE_TIMEOUT))) {
            LOG.atWarn().addKeyValue("timeout", CLOSE_TIMEOUT).log("Stream threads did not stop in time");
        }
        streamsMetrics.close();
        vertx.close();
    }

    private boolean isLive() {
        KafkaStreams.State state = streams.state();
        return state != KafkaStreams.State.ERROR && state != KafkaStreams.State.PENDING_ERROR;
    }

    private Optional<String> notReady() {
        KafkaStreams.State state = streams.state();
        if (state != KafkaStreams.State.RUNNING) {
            return Optional.of("Kafka Streams is in state " + state + ".");
        }
        for (ThreadMetadata thread : streams.metadataForLocalThreads()) {
            if (!thread.threadState().equals("RUNNING")) {
                return Optional.of("Thread " + thread.threadName() + " is in state " + thread.threadState() + ".");
            }
        }
        return Optional.empty();
    }
}
