package io.handover.torture;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.handover.embeddedkafka.FreePorts;
import io.handover.embeddedkafka.KafkaNode;
import io.handover.embeddedkafka.KafkaNode.Listener;
import io.handover.terminal.CommandException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.Uuid;

/**
 * The processes of a run: three brokers with a replication factor of three, two streams apps and an ingress bridge.
 * Each app and the bridge have their own {@link NetworkLink} to the brokers, which can be cut.
 */
final class Deployment implements AutoCloseable {

    static final int BROKERS = 3;
    static final int APPS = 2;
    static final String GROUP = "handover";

    /** The consumer group of the agent directory. */
    static final String DIRECTORY_GROUP = GROUP + "-agent-directory";

    /** The path of the bridge for deliveries. */
    private static final String ENDPOINT_PATH = "/handover/genesysCloudOM";

    private static final String BRIDGE = "bridge";

    /** The names of the processes that connect to the brokers. */
    static final List<String> CLIENTS = Stream.concat(
                    Stream.iterate(1, app -> app + 1).limit(APPS).map(app -> "app-" + app), Stream.of(BRIDGE))
            .toList();

    /** Makes each process log in the format that {@link Report} reads. */
    static final String LOGBACK = "-Dlogback.configurationFile=io/handover/torture/child-logback.xml";

    /** Timeouts of the brokers: short enough for a failover in about 4 s, long enough for a busy machine. */
    private static final Map<String, String> BROKER_SETTINGS = Map.of(
            "broker.session.timeout.ms", "3000",
            "broker.heartbeat.interval.ms", "500",
            "controller.quorum.fetch.timeout.ms", "1000",
            "controller.quorum.election.timeout.ms", "500",
            // An abandoned transaction is aborted at most this long after its timeout. The default is 10 s.
            "transaction.abort.timed.out.transaction.cleanup.interval.ms", "1000");

    /**
     * Settings of the apps. The session timeout is the shortest that a broker accepts by default, for many takeovers in
     * a run.
     */
    private static final Map<String, String> APP_SETTINGS = Map.of(
            "HANDOVER_KAFKA_SESSION_TIMEOUT_MS", "6000",
            "HANDOVER_KAFKA_HEARTBEAT_INTERVAL_MS", "2000",
            "HANDOVER_APPLICATION_ID", GROUP);

    /**
     * Settings of the bridge, with a short session too: lookups are only read again after a kill when it is over. The rate
     * is that at which Genesys is asked at most.
     */
    private static final Map<String, String> BRIDGE_SETTINGS = Map.of(
            "HANDOVER_KAFKA_SESSION_TIMEOUT_MS", "6000",
            "HANDOVER_KAFKA_HEARTBEAT_INTERVAL_MS", "2000",
            "HANDOVER_GENESYS_REQUESTS_PER_MINUTE", "600",
            // There is no other bridge that could accept deliveries meanwhile.
            "HANDOVER_SHUTDOWN_DRAIN_MS", "0",
            "HANDOVER_APPLICATION_ID", GROUP);

    private final Path folder;
    private final Path data;
    private final Map<String, FakeClock> clocks;
    private final StablePorts ports = new StablePorts();
    private final String apiKey = UUID.randomUUID().toString();
    private final List<Integer> brokerPorts = new ArrayList<>();
    private final List<ChildProcess> brokers = new ArrayList<>();
    private final Map<String, NetworkLink> links = new TreeMap<>();
    private final Map<ChildProcess, Integer> managementPorts = new HashMap<>();
    private final List<ChildProcess> apps = new ArrayList<>();
    private final ChildProcess bridge;
    private final int endpointPort = ports.next();

    /**
     * Plans the processes without starting them.
     *
     * @param folder the folder for logs and for the settings of the brokers
     * @param data the folder for the data of the processes
     * @param settings settings of the streams apps, by environment variable
     * @param genesys settings with which the bridge can ask Genesys, by environment variable
     * @param clocks the wrong clocks, by the name of the client
     */
    Deployment(
            Path folder,
            Path data,
            Map<String, String> settings,
            Map<String, String> genesys,
            Map<String, FakeClock> clocks) {
        this.folder = folder;
        this.data = data;
        this.clocks = Map.copyOf(clocks);
        CLIENTS.forEach(client -> links.put(client, new NetworkLink(client)));
        Map<String, List<Integer>> bootstrap = planBrokers();
        for (String client : CLIENTS.subList(0, APPS)) {
            Map<String, String> environment = new HashMap<>(settings);
            environment.putAll(APP_SETTINGS);
            environment.put("HANDOVER_STATE_DIR", data.resolve(client).toString());
            apps.add(client(client, ChildMain.STREAMS_APP, "-Xmx256m", bootstrap, environment));
        }
        Map<String, String> environment = new HashMap<>(genesys);
        environment.putAll(BRIDGE_SETTINGS);
        environment.put("HANDOVER_HTTP_HOST", FreePorts.HOST);
        environment.put("HANDOVER_HTTP_PORT", String.valueOf(endpointPort));
        environment.put("HANDOVER_API_KEY", apiKey);
        environment.put("HANDOVER_ORGANIZATION_CHECK_SKIP", "true");
        bridge = client(BRIDGE, ChildMain.INGRESS_BRIDGE, "-Xmx128m", bootstrap, environment);
    }

    /** Plans the brokers. Returns the ports through which each client reaches them, by client. */
    private Map<String, List<Integer>> planBrokers() {
        String clusterId = Uuid.randomUuid().toString();
        Map<Integer, Integer> controllers = new TreeMap<>();
        for (int id = 1; id <= BROKERS; id++) {
            controllers.put(id, ports.next());
        }
        Map<String, List<Integer>> bootstrap = new HashMap<>();
        for (int id = 1; id <= BROKERS; id++) {
            int port = ports.next();
            brokerPorts.add(port);
            List<Listener> listeners = new ArrayList<>(List.of(new Listener("PLAINTEXT", port, port)));
            links.forEach((client, link) -> {
                int behindLink = ports.next();
                int advertised = link.to(behindLink);
                bootstrap.computeIfAbsent(client, ignored -> new ArrayList<>()).add(advertised);
                listeners.add(new Listener(client.replace("-", "").toUpperCase(Locale.ROOT), behindLink, advertised));
            });
            brokers.add(broker(new KafkaNode(
                    clusterId,
                    id,
                    data.resolve("broker-" + id).toAbsolutePath(),
                    listeners,
                    controllers,
                    BROKERS,
                    BROKER_SETTINGS)));
        }
        return bootstrap;
    }

    private ChildProcess broker(KafkaNode node) {
        String name = "broker-" + node.id();
        Path file = folder.resolve(name + ".json");
        try {
            new ObjectMapper().writerWithDefaultPrettyPrinter().writeValue(file.toFile(), node);
        } catch (IOException e) {
            throw new CommandException("Cannot write to the folder " + folder + ": " + e.getMessage(), e);
        }
        return process(name, "-Xmx384m", List.of(ChildMain.BROKER, file.toString()), Map.of());
    }

    private ChildProcess client(
            String name, String role, String heap, Map<String, List<Integer>> bootstrap, Map<String, String> settings) {
        int managementPort = ports.next();
        Map<String, String> environment = new HashMap<>(settings);
        environment.put("HANDOVER_KAFKA_BOOTSTRAP_SERVERS", addresses(bootstrap.getOrDefault(name, List.of())));
        environment.put("HANDOVER_MANAGEMENT_HOST", FreePorts.HOST);
        environment.put("HANDOVER_MANAGEMENT_PORT", String.valueOf(managementPort));
        environment.put("HANDOVER_TOPICS_CREATE", "true");
        FakeClock clock = clocks.get(name);
        if (clock != null) {
            environment.putAll(clock.environment());
        }
        ChildProcess process = process(name, heap, List.of(role), environment);
        managementPorts.put(process, managementPort);
        return process;
    }

    private ChildProcess process(String name, String heap, List<String> arguments, Map<String, String> environment) {
        // Native libraries are unpacked into java.io.tmpdir, and a killed process cannot delete them.
        List<String> flags = List.of(heap, "-Djava.io.tmpdir=" + data, LOGBACK);
        return ChildProcess.of(name, flags, arguments, environment, folder);
    }

    private static String addresses(List<Integer> ports) {
        return ports.stream().map(port -> FreePorts.HOST + ":" + port).collect(Collectors.joining(","));
    }

    /** The direct addresses of the brokers, without a link. */
    String bootstrapServers() {
        return addresses(brokerPorts);
    }

    /** The address to which deliveries are sent. */
    URI endpoint() {
        return URI.create("http://" + FreePorts.HOST + ":" + endpointPort + ENDPOINT_PATH);
    }

    String apiKey() {
        return apiKey;
    }

    /** Returns the broker with this id. The ids begin at 1. */
    ChildProcess broker(int id) {
        return brokers.get(id - 1);
    }

    List<ChildProcess> brokers() {
        return List.copyOf(brokers);
    }

    List<ChildProcess> apps() {
        return List.copyOf(apps);
    }

    ChildProcess bridge() {
        return bridge;
    }

    /** Returns the link between the client and the brokers. */
    NetworkLink linkOf(ChildProcess client) {
        NetworkLink link = links.get(client.name());
        if (link == null) {
            throw new IllegalArgumentException("Expected a process with a link, but " + client.name() + " has none");
        }
        return link;
    }

    /** Returns the address of the client's readiness check. */
    URI readinessOf(ChildProcess client) {
        return URI.create("http://" + FreePorts.HOST + ":" + managementPorts.get(client) + "/health/ready");
    }

    List<ChildProcess> all() {
        return Stream.of(brokers.stream(), apps.stream(), Stream.of(bridge))
                .flatMap(processes -> processes)
                .toList();
    }

    /** Kills every process and closes every link. */
    @Override
    public void close() {
        all().forEach(ChildProcess::close);
        links.values().forEach(NetworkLink::close);
    }
}
