package io.handover.embeddedkafka;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What one Kafka node is told: who it is, where it listens, who the others are. It is controller and broker in one
 * (KRaft), on this machine only.
 *
 * @param clusterId the cluster that it belongs to; counts only while its folder is new
 * @param id its number in the cluster
 * @param dataDir where it keeps its data
 * @param listeners where clients reach it; the other nodes take the first
 * @param controllers the port of each node's controller, its own too, by the node's number
 * @param copies how many nodes keep each partition; all but one of them must have a record before it counts
 * @param more settings of Kafka on top
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
     * A way to the node.
     *
     * @param name what Kafka calls it
     * @param port where the node listens
     * @param advertisedPort where clients are told to connect: another port if there is something in between
     */
    public record Listener(String name, int port, int advertisedPort) {}

    /** A node that is all of its cluster. */
    static KafkaNode alone(String clusterId, Path dataDir, int port, int controllerPort) {
        return new KafkaNode(
                clusterId,
                1,
                dataDir,
                List.of(new Listener("PLAINTEXT", port, port)),
                Map.of(1, controllerPort),
                1,
                // After a kill the broker may come back only when the controller has forgotten the one that was
                // killed: this is that wait. The default is 9 s; much shorter, and a busy machine would look like a
                // dead one.
                Map.of("broker.session.timeout.ms", "2500", "broker.heartbeat.interval.ms", "500"));
    }

    /** Where its own clients connect. */
    int port() {
        return listeners.get(0).advertisedPort();
    }

    /** The same in Kafka's words. */
    Map<String, String> properties() {
        Map<String, String> properties = new HashMap<>();
        properties.put("process.roles", "broker,controller");
        properties.put("node.id", String.valueOf(id));
        properties.put("log.dirs", dataDir.toString());
        putListeners(properties);
        // A typo in a topic name shall be an error, not a topic.
        properties.put("auto.create.topics.enable", "false");
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

    /** Sizes and waits meant for many machines, brought down to one. */
    private static void putSizesOfOneMachine(Map<String, String> properties) {
        properties.put("offsets.topic.num.partitions", "4");
        properties.put("transaction.state.log.num.partitions", "4");
        properties.put("group.initial.rebalance.delay.ms", "0");
        properties.put("log.cleaner.dedupe.buffer.size", "4194304");
        properties.put("num.network.threads", "2");
        properties.put("num.io.threads", "4");
    }
}
