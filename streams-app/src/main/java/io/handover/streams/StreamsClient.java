package io.handover.streams;

import io.handover.conversation.TransferPolicy;
import io.handover.service.CheckResult;
import io.handover.service.CheckResult.Check;
import io.handover.service.Settings;
import io.handover.service.SettingsException;
import io.handover.service.StartException;
import io.handover.service.StreamsAppSettings;
import io.handover.service.TopicNames;
import io.handover.service.UnknownKafkaSettings;
import io.micrometer.core.instrument.binder.kafka.KafkaStreamsMetrics;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.ThreadMetadata;
import org.jspecify.annotations.Nullable;

/** The client of Kafka Streams. It starts when the first check of Kafka has passed, and stops when the topic grows. */
final class StreamsClient implements AutoCloseable {

    private final Settings settings;
    private final Properties properties;
    private final StreamsConfig config;
    private final StateMemory memory;
    private final DeletedUnread deletedUnread;
    private final EndOffsets endOffsets;
    private final PrometheusMeterRegistry registry;
    private final ConversationMetrics metrics;
    private final LivePartitions live;
    private final Consumer<Throwable> fatal;
    private boolean closed;
    private volatile boolean failed;

    /** The running client; null until the first check has passed. */
    private volatile @Nullable Running running;

    /**
     * A running client.
     *
     * @param partitions the number of partitions of the events when the client started
     */
    private record Running(
            KafkaStreams streams, StreamsShutdown shutdown, KafkaStreamsMetrics metrics, int partitions) {}

    /**
     * @param fatal receives an error that the application cannot recover from
     * @throws SettingsException if the settings contradict each other, or Kafka Streams rejects them
     */
    StreamsClient(Settings settings, PrometheusMeterRegistry registry, Consumer<Throwable> fatal) {
        this.settings = settings;
        this.registry = registry;
        this.fatal = fatal;
        this.metrics = new ConversationMetrics(registry);
        this.live = new LivePartitions(registry, AccessTokens.areConfigured(settings));
        TransferPolicy unused = StreamsAppSettings.policy(settings);
        properties = StreamsProperties.of(settings);
        UnknownKafkaSettings.warn(settings, StreamsProperties.names());
        memory = new StateMemory(settings.getLong(StreamsAppSettings.STATE_MEMORY_MAX_BYTES_CONFIG));
        memory.addTo(properties);
        memory.bindTo(registry);
        properties.put(ConversationMetrics.PROPERTY, metrics);
        config = config(properties);
        String applicationId = config.getString(StreamsConfig.APPLICATION_ID_CONFIG);
        Admin admin = admin(config, applicationId);
        deletedUnread = new DeletedUnread(admin, config, registry);
        endOffsets = new EndOffsets(
                admin,
                TopicNames.of(settings).events(),
                applicationId,
                metrics.partitions(),
                registry.config().clock());
    }

    private static StreamsConfig config(Properties properties) {
        try {
            return new StreamsConfig(properties);
        } catch (KafkaException e) {
            throw SettingsException.ofClient(e);
        } catch (IllegalArgumentException e) {
            // two properties contradict each other
            throw SettingsException.ofClient(new KafkaException(e));
        }
    }

    private static Admin admin(StreamsConfig config, String applicationId) {
        try {
            return Admin.create(config.getAdminConfigs(applicationId + "-deleted-unread"));
        } catch (KafkaException e) {
            throw SettingsException.ofClient(e);
        }
    }

    /**
     * Acts on a check of Kafka.
     *
     * @param errors what forbids the use of the topics
     * @param partitions the number of partitions of the events
     */
    @Nullable
    String follow(List<CheckResult> errors, int partitions) {
        Running current = running;
        if (current == null) {
            if (errors.isEmpty()) {
                start(partitions);
            } else {
                fatal.accept(new StartException(sentences(errors)));
            }
        } else if (partitions > 0 && partitions != current.partitions()) {
            // The records of a conversation are in two partitions from now on. Both would decide about it.
            List<CheckResult> growth = errors.stream()
                    .filter(error -> error.check() == Check.PARTITIONS)
                    .toList();
            fatal.accept(new StartException(
                    growth.isEmpty()
                            ? "The number of partitions changed from " + current.partitions() + " to " + partitions
                                    + ". Start the application again."
                            : sentences(growth)));
        }
        return null;
    }

    private static String sentences(List<CheckResult> errors) {
        return String.join(
                System.lineSeparator(),
                errors.stream().map(CheckResult::sentence).toList());
    }

    private synchronized void start(int partitions) {
        if (closed || failed) {
            return;
        }
        try {
            KafkaStreams streams = new KafkaStreams(
                    ConversationTopology.build(
                            TopicNames.of(settings),
                            partitions,
                            StreamsAppSettings.policy(settings),
                            StreamsAppSettings.customerAddress(settings),
                            metrics,
                            live),
                    properties,
                    deletedUnread.clientSupplier(config, metrics.partitions()::polled),
                    new SteadyTime(Time.SYSTEM));
            StreamsLog.of(streams, registry.config().clock());
            StreamsShutdown shutdown = new StreamsShutdown(streams, config);
            shutdown.whenThreadFails(fatal);
            KafkaStreamsMetrics streamsMetrics = new KafkaStreamsMetrics(streams);
            running = new Running(streams, shutdown, streamsMetrics, partitions);
            streamsMetrics.bindTo(registry);
            streams.start();
            endOffsets.start();
        } catch (RuntimeException e) {
            // A second try would find the state directory locked by the first one.
            failed = true;
            fatal.accept(e instanceof KafkaException rejected ? SettingsException.ofClient(rejected) : e);
        }
    }

    /** Whether the client works, or waits for Kafka. */
    boolean isLive() {
        Running current = running;
        if (current == null || failed) {
            return !failed;
        }
        KafkaStreams.State state = current.streams().state();
        return !current.shutdown().hasFailed()
                && state != KafkaStreams.State.ERROR
                && state != KafkaStreams.State.PENDING_ERROR;
    }

    /** Returns the reason why not all stream threads run, or that deliveries were deleted unread. */
    Optional<String> notReady() {
        Running current = running;
        if (current == null) {
            return Optional.of("Kafka Streams has not started.");
        }
        KafkaStreams.State state = current.streams().state();
        if (state != KafkaStreams.State.RUNNING) {
            return Optional.of("Kafka Streams is in state " + state + ".");
        }
        for (ThreadMetadata thread : current.streams().metadataForLocalThreads()) {
            if (!thread.threadState().equals("RUNNING")) {
                return Optional.of("Thread " + thread.threadName() + " is in state " + thread.threadState() + ".");
            }
        }
        return deletedUnread.notReady();
    }

    /**
     * Makes the other instances ask this one at an address. Must be called before the first check of Kafka.
     *
     * @param address host:port
     */
    void advertise(String address) {
        properties.put(StreamsConfig.APPLICATION_SERVER_CONFIG, address);
    }

    /** The running Kafka Streams; null until the first check of Kafka has passed. */
    @Nullable
    KafkaStreams streams() {
        Running current = running;
        return current == null ? null : current.streams();
    }

    /** The number of partitions of the events; 0 until the first check of Kafka has passed. */
    int partitions() {
        Running current = running;
        return current == null ? 0 : current.partitions();
    }

    /** What this process knows in memory of its partitions. */
    LivePartitions live() {
        return live;
    }

    /** The number of ends that are held now in the partitions of this instance. */
    long held() {
        return live.held();
    }

    @Override
    public synchronized void close() {
        closed = true;
        Running last = running;
        if (last != null) {
            last.shutdown().close();
            last.metrics().close();
        }
        // A store that still runs would use memory that is gone.
        if (last == null || last.streams().state().hasCompletedShutdown()) {
            memory.close();
        }
        endOffsets.close();
        deletedUnread.close();
    }
}
