package io.handover.embeddedkafka;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The configuration of one Kafka node on this machine. The node is controller and broker in one (KRaft).
 *
 * @param clusterId the id of the cluster; used only to format a new folder
 * @param id the id of this node
 * @param dataDir the folder of the node's data
 * @param listeners the listeners for clients; the other nodes connect to the first listener
 * @param controllers the controller port of every node by node id, including this node
 * @param copies the replication factor; {@code min.insync.replicas} is one less, but at least 1
 * @param more further settings of Kafka, which override all other settings
 */
public record KafkaNode(
        String clusterId,
        int id,
        Path dataDir,
        List<Listener> listeners,
        Map<Integer, Integer> controllers,
        int copies,
        Map<String, String> more) {

    static final String CONTROLLER_LISTENER = "CONTROLLER";

    public KafkaNode {
        listeners = List.copyOf(listeners);
        controllers = Map.copyOf(controllers);
        more = Map.copyOf(more);
        if (listeners.isEmpty() || !controllers.containsKey(id)) {
            throw new IllegalArgumentException("Expected a listener and a controller's port, but node " + id + " has "
                    + listeners + " and " + controllers);
        }
    }

    /**
     * A listener of the node.
     *
     * @param name the name of the listener in Kafka's settings
     * @param port the port that the node listens on
     * @param advertisedPort the port that clients connect to; it differs from {@code port} if a proxy is in between
     */
    public record Listener(String name, int port, int advertisedPort) {}

    /** Returns the configuration of a cluster of one node. */
    static KafkaNode alone(String clusterId, Path dataDir, int port, int controllerPort) {
        return new KafkaNode(
                clusterId,
                1,
                dataDir,
                List.of(new Listener("PLAINTEXT", port, port)),
                Map.of(1, controllerPort),
                1,
                // A killed broker cannot register again before its old session has expired, by default after 9 s. These
                // values shorten the wait. With a much shorter session, a broker on a busy machine would lose its
                // session.
                Map.of("broker.session.timeout.ms", "2500", "broker.heartbeat.interval.ms", "500"));
    }

    /** Returns the port that clients connect to. */
    int port() {
        return listeners.get(0).advertisedPort();
    }

    /** Returns the settings of Kafka for this node. */
    Map<String, String> properties() {
        Map<String, String> properties = new HashMap<>();
        properties.put("process.roles", "broker,controller");
        properties.put("node.id", String.valueOf(id));
        properties.put("log.dirs", dataDir.toString());
        putListeners(properties);
        // Kafka must report a wrong topic name as an error, and must not create a topic with that name.
        properties.put("auto.create.topics.enable", "false");
        // A delivery can have 1 MiB, and its record is a little larger.
        properties.put("message.max.bytes", "2097152");
        putCopies(properties);
        putSizesOfOneMachine(properties);
        properties.putAll(more);
        return properties;
    }

    private void putListeners(Map<String, String> properties) {
        properties.put(
                "listeners",
                Stream.concat(
                                listeners.stream().map(listener -> address(listener.name(), listener.port())),
                                Stream.of(address(CONTROLLER_LISTENER, Objects.requireNonNull(controllers.get(id)))))
                        .collect(Collectors.joining(",")));
        properties.put(
                "advertised.listeners",
                listeners.stream()
                        .map(listener -> address(listener.name(), listener.advertisedPort()))
                        .collect(Collectors.joining(",")));
        properties.put(
                "listener.security.protocol.map",
                Stream.concat(listeners.stream().map(Listener::name), Stream.of(CONTROLLER_LISTENER))
                        .map(name -> name + ":PLAINTEXT")
                        .collect(Collectors.joining(",")));
        properties.put("inter.broker.listener.name", listeners.get(0).name());
        properties.put("controller.listener.names", CONTROLLER_LISTENER);
        properties.put(
                "controller.quorum.voters",
                controllers.entrySet().stream()
                        .sorted(Map.Entry.comparingByKey())
                        .map(controller -> controller.getKey() + "@" + FreePorts.HOST + ":" + controller.getValue())
                        .collect(Collectors.joining(",")));
    }

    private static String address(String listener, int port) {
        return listener + "://" + FreePorts.HOST + ":" + port;
    }

    private void putCopies(Map<String, String> properties) {
        String factor = String.valueOf(copies);
        String inSync = String.valueOf(Math.max(1, copies - 1));
        properties.put("default.replication.factor", factor);
        properties.put("min.insync.replicas", inSync);
        properties.put("offsets.topic.replication.factor", factor);
        properties.put("transaction.state.log.replication.factor", factor);
        properties.put("transaction.state.log.min.isr", inSync);
        properties.put("share.coordinator.state.topic.replication.factor", factor);
        properties.put("share.coordinator.state.topic.min.isr", inSync);
    }

    /** Sets sizes and delays that fit one machine. The defaults of Kafka are made for many machines. */
    private static void putSizesOfOneMachine(Map<String, String> properties) {
        properties.put("offsets.topic.num.partitions", "4");
        properties.put("transaction.state.log.num.partitions", "4");
        properties.put("group.initial.rebalance.delay.ms", "0");
        properties.put("log.cleaner.dedupe.buffer.size", "4194304");
        properties.put("num.network.threads", "2");
        properties.put("num.io.threads", "4");
    }
}
