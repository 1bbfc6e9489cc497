package io.handover.ingress;

import io.handover.genesys.GenesysClient;
import io.handover.schema.AgentProfile;
import io.handover.schema.HandoverSerdes;
import io.handover.service.CheckResult;
import io.handover.service.ClusterNeeds;
import io.handover.service.KafkaCheck;
import io.handover.service.MissingRight;
import io.handover.service.Settings;
import io.handover.service.SettingsException;
import io.handover.service.SharedSettings;
import io.handover.service.TopicNames;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.kafka.KafkaClientMetrics;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The agent directory: it answers lookups of agents with names and pictures from Genesys. It has threads and Kafka
 * clients of its own, so that none of its problems reaches the deliveries.
 */
final class AgentDirectory implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(AgentDirectory.class);
    private static final long PAUSE_WHILE_UNUSABLE_MS = 200;
    private static final long PAUSE_AFTER_FAILURE_MS = 2_000;
    private static final long CLOSE_MS = 5_000;

    private final Map<String, Object> consumerSettings;
    private final Map<String, Object> producerSettings;
    private final String servers;
    private final TopicNames topics;
    private final MeterRegistry registry;
    private final DirectoryMetrics metrics;
    private final GenesysClient genesys;
    private final LookupConsumer.Directory directory;
    private final KafkaCheck check;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread = new Thread(this::run, "handover-agent-directory");

    /** Whether the last check found that the topics can be used. */
    private volatile boolean isUsable;

    /** Why Kafka refused the last clients; null if it did not, or has accepted new ones. */
    private volatile @Nullable String refusal;

    private AgentDirectory(
            Vertx vertx, Settings settings, DirectorySettings directorySettings, MeterRegistry registry) {
        int bodyMaxBytes = settings.getInt(HttpSettings.BODY_MAX_BYTES_CONFIG);
        this.consumerSettings = KafkaSettings.lookupConsumer(settings);
        this.producerSettings = KafkaSettings.profileProducer(settings, bodyMaxBytes);
        this.servers = settings.getString(SharedSettings.KAFKA_BOOTSTRAP_SERVERS_CONFIG);
        this.topics = TopicNames.of(settings);
        this.registry = registry;
        this.metrics = new DirectoryMetrics(registry);
        try {
            // Wrong settings of the client stop the start.
            consumer().close(CloseOptions.timeout(Duration.ZERO));
        } catch (KafkaException e) {
            throw SettingsException.ofClient(e);
        }
        genesys = new GenesysClient(directorySettings.connection(), directorySettings.credentials(vertx), registry);
        BrokerTime time = new BrokerTime(System::nanoTime);
        directory = new LookupConsumer.Directory(
                new UserCache(genesys::user, directorySettings, time, metrics, System::nanoTime),
                time,
                directorySettings.imageSize());
        check = KafkaCheck.start(
                settings,
                KafkaSettings.DIRECTORY_CLIENT_ID + "-check",
                ClusterNeeds.ofDirectory(settings, bodyMaxBytes),
                (errors, partitions) -> follow(errors));
        thread.setDaemon(true);
    }

    /**
     * Starts the directory. It works in the background as soon as Kafka and Genesys can be used.
     *
     * @throws SettingsException if the file with the secret cannot be used, or a Kafka client rejects its settings
     */
    static AgentDirectory start(
            Vertx vertx, Settings settings, DirectorySettings directorySettings, MeterRegistry registry) {
        AgentDirectory directory = new AgentDirectory(vertx, settings, directorySettings, registry);
        Gauge.builder(
                        "handover.directory.ready",
                        directory,
                        started -> started.problem().isEmpty() ? 1 : 0)
                .description("1 if /health/directory answers 200, 0 if 503.")
                .register(registry);
        directory.thread.start();
        return directory;
    }

    /** Returns the reason why lookups are not answered now, or empty if they are. Does not block. */
    Optional<String> problem() {
        return check.notReady().or(() -> Optional.ofNullable(refusal)).or(genesys::problem);
    }

    private @Nullable String follow(List<CheckResult> errors) {
        isUsable = errors.isEmpty();
        return null;
    }

    private void run() {
        try {
            do {
                if (isWanted()) {
                    answerLookups();
                }
            } while (!closing.await(
                    refusal == null ? PAUSE_WHILE_UNUSABLE_MS : PAUSE_AFTER_FAILURE_MS, TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            LOG.debug("Agent directory interrupted");
        } finally {
            directory.users().close();
            genesys.close();
            check.close();
        }
    }

    /**
     * Whether Kafka clients may exist. While a topic is missing, they may not: a broker that creates topics automatically
     * would create it for a producer that requests its metadata.
     */
    private boolean isWanted() {
        return isUsable && closing.getCount() > 0;
    }

    private void answerLookups() {
        try {
            Consumer<byte[], byte[]> consumer = consumer();
            Producer<String, AgentProfile> producer = new KafkaProducer<>(
                    producerSettings, new StringSerializer(), HandoverSerdes.agentProfileSerializer());
            try (LookupConsumer lookups = new LookupConsumer(consumer, producer, topics, directory, metrics);
                    KafkaClientMetrics consumerMetrics = new KafkaClientMetrics(consumer);
                    KafkaClientMetrics producerMetrics = new KafkaClientMetrics(producer)) {
                consumerMetrics.bindTo(registry);
                producerMetrics.bindTo(registry);
                lookups.run(this::isWanted, () -> refusal = null);
            }
        } catch (RuntimeException | Error e) {
            // Without this catch, the thread would end, and no lookup would be answered any more.
            String reason = reason(e);
            String found = "The agent directory cannot use Kafka: " + reason;
            if (!found.equals(refusal)) {
                LOG.atWarn()
                        .addKeyValue("cause", e.getClass().getSimpleName())
                        .addKeyValue("reason", reason)
                        .log("Agent directory failed, starting it again");
            }
            refusal = found;
        }
    }

    private String reason(Throwable e) {
        // The failure of a profile has a cause, that of a lookup has none.
        AclOperation onTopic = e.getCause() == null ? AclOperation.READ : AclOperation.WRITE;
        return MissingRight.in(e, String.valueOf(consumerSettings.get(ConsumerConfig.GROUP_ID_CONFIG)), onTopic)
                .map(right -> right.sentence(servers))
                .orElseGet(() -> String.valueOf(e.getMessage()));
    }

    private KafkaConsumer<byte[], byte[]> consumer() {
        return new KafkaConsumer<>(consumerSettings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /** Begins to stop, without waiting for it. */
    void stop() {
        closing.countDown();
    }

    /** Stops, and commits what is done. Takes at most 5 seconds. */
    @Override
    public void close() {
        stop();
        try {
            thread.join(CLOSE_MS);
            if (thread.isAlive()) {
                LOG.atWarn().addKeyValue("timeout_s", CLOSE_MS / 1_000).log("Agent directory did not close in time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
