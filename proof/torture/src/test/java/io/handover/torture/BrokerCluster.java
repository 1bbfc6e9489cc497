package io.handover.torture;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.handover.embeddedkafka.FreePorts;
import io.handover.embeddedkafka.KafkaNode;
import io.handover.embeddedkafka.KafkaNode.Listener;
import io.handover.schema.Topics;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.quota.ClientQuotaAlteration;
import org.apache.kafka.common.quota.ClientQuotaEntity;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** A cluster of brokers, each in a process of its own. Clients reach them directly or over a link that can be cut. */
final class BrokerCluster implements AutoCloseable {

    /** The name of the listener over the link. */
    static final String LINKED_LISTENER = "LINKED";

    static final Duration PATIENCE = Duration.ofMinutes(2);

    private static final int PARTITIONS = 4;

    /** A delivery may have 1 MiB, and its record is a little larger. */
    private static final String MAX_MESSAGE_BYTES = "2097152";

    /** Short time-outs, so that Kafka soon replaces a broker that was killed. */
    private static final Map<String, String> SETTINGS = Map.of(
            "broker.session.timeout.ms", "2500",
            "broker.heartbeat.interval.ms", "500",
            "controller.quorum.fetch.timeout.ms", "1000",
            "controller.quorum.election.timeout.ms", "500");

    private final StablePorts ports = new StablePorts();
    private final NetworkLink link = new NetworkLink("brokers");
    private final List<Integer> directPorts = new ArrayList<>();
    private final List<Integer> linkedPorts = new ArrayList<>();
    private final List<ChildProcess> brokers = new ArrayList<>();
    private final Admin admin;

    /** Plans the brokers without starting them. */
    BrokerCluster(Path folder, int size, Map<String, String> settings) {
        this(folder, size, settings, Map.of());
    }

    /** Plans the brokers, with these environment variables, without starting them. */
    BrokerCluster(Path folder, int size, Map<String, String> settings, Map<String, String> environment) {
        Map<String, String> all = new HashMap<>(SETTINGS);
        all.putAll(settings);
        String clusterId = Uuid.randomUuid().toString();
        Map<Integer, Integer> controllers = new TreeMap<>();
        for (int id = 1; id <= size; id++) {
            controllers.put(id, ports.next());
        }
        for (int id = 1; id <= size; id++) {
            int direct = ports.next();
            int behindLink = ports.next();
            directPorts.add(direct);
            linkedPorts.add(link.to(behindLink));
            List<Listener> listeners = List.of(
                    new Listener("PLAINTEXT", direct, direct),
                    new Listener(LINKED_LISTENER, behindLink, linkedPorts.get(id - 1)));
            Path data = folder.resolve("broker-" + id).toAbsolutePath();
            brokers.add(process(
                    new KafkaNode(clusterId, id, data, listeners, controllers, size, all), environment, folder));
        }
        admin = Admin.create(Map.of(
                "bootstrap.servers",
                bootstrapServers(),
                "request.timeout.ms",
                3_000,
                "default.api.timeout.ms",
                10_000));
    }

    private static ChildProcess process(KafkaNode node, Map<String, String> environment, Path folder) {
        String name = "broker-" + node.id();
        Path file = folder.resolve(name + ".json");
        try {
            new ObjectMapper().writeValue(file.toFile(), node);
        } catch (IOException e) {
            throw new IllegalStateException("Expected to write " + file + ", but failed", e);
        }
        List<String> arguments = List.of(ChildMain.BROKER, file.toString());
        return ChildProcess.of(name, List.of("-Xmx384m", Deployment.LOGBACK), arguments, environment, folder);
    }

    /** Starts every broker, and waits until each is in the cluster. */
    void start() {
        brokers.forEach(ChildProcess::start);
        Awaitility.await()
                .atMost(PATIENCE)
                .ignoreExceptions()
                .until(() -> admin.describeCluster().nodes().get().size() == brokers.size());
    }

    /** Returns the broker with that id, from 1. */
    ChildProcess broker(int id) {
        return brokers.get(id - 1);
    }

    Admin admin() {
        return admin;
    }

    String bootstrapServers() {
        return addresses(directPorts);
    }

    /** The addresses of the brokers over the link. */
    String linkedBootstrapServers() {
        return addresses(linkedPorts);
    }

    NetworkLink link() {
        return link;
    }

    private static String addresses(List<Integer> ports) {
        return ports.stream().map(port -> FreePorts.HOST + ":" + port).collect(Collectors.joining(","));
    }

    /** Creates the topics, with a replica on each broker. */
    void createTopics() throws ExecutionException, InterruptedException {
        createTopics(PARTITIONS);
    }

    /** Creates the topics with so many partitions, as the start checks want them. */
    void createTopics(int partitions) throws ExecutionException, InterruptedException {
        Map<String, Map<String, String>> configs = Map.of(
                Topics.EVENTS,
                Map.of(
                        TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
                        MAX_MESSAGE_BYTES,
                        TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG,
                        "LogAppendTime"),
                Topics.COMMANDS,
                Map.of(),
                Topics.DEAD_LETTERS,
                Map.of(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, MAX_MESSAGE_BYTES));
        List<NewTopic> topics = new ArrayList<>();
        configs.forEach(
                (topic, config) -> topics.add(new NewTopic(topic, partitions, (short) brokers.size()).configs(config)));
        admin.createTopics(topics).all().get();
        // A broker can describe a new topic only some time after its creation.
        Awaitility.await()
                .atMost(PATIENCE)
                .ignoreExceptions()
                .until(() -> admin.describeTopics(configs.keySet())
                                .allTopicNames()
                                .get()
                                .size()
                        == configs.size());
    }

    /** Deletes every topic. */
    void deleteTopics() throws ExecutionException, InterruptedException {
        admin.deleteTopics(admin.listTopics().names().get()).all().get();
    }

    /** Changes a setting of a topic while it is in use. */
    void alterTopic(String topic, String key, String value) throws ExecutionException, InterruptedException {
        admin.incrementalAlterConfigs(Map.of(
                        new ConfigResource(ConfigResource.Type.TOPIC, topic),
                        List.of(new AlterConfigOp(new ConfigEntry(key, value), AlterConfigOp.OpType.SET))))
                .all()
                .get();
    }

    /** Sets a quota of a client, or removes it if the value is null. */
    void limit(String clientId, String quota, @Nullable Double value) throws ExecutionException, InterruptedException {
        admin.alterClientQuotas(List.of(new ClientQuotaAlteration(
                        new ClientQuotaEntity(Map.of(ClientQuotaEntity.CLIENT_ID, clientId)),
                        List.of(new ClientQuotaAlteration.Op(quota, value)))))
                .all()
                .get();
    }

    /** Publishes the records, and returns when all are acknowledged. */
    void publish(Stream<ProducerRecord<String, byte[]>> records) {
        try (Producer<String, byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrapServers()), new StringSerializer(), new ByteArraySerializer())) {
            records.forEach(published -> {
                Future<RecordMetadata> unused = producer.send(published);
            });
        }
    }

    /** Returns all records of {@code handover-events}. */
    List<ConsumerRecord<String, byte[]>> events() {
        List<ConsumerRecord<String, byte[]>> records = new ArrayList<>();
        try (LogReader reader = LogReader.of(bootstrapServers(), IsolationLevel.READ_COMMITTED)) {
            for (TopicPartition partition : reader.partitionsOf(Topics.EVENTS)) {
                reader.read(partition, records::add);
            }
        }
        return records;
    }

    /** Kills every broker. */
    @Override
    public void close() {
        brokers.forEach(ChildProcess::close);
        link.close();
        admin.close(Duration.ZERO);
    }
}
