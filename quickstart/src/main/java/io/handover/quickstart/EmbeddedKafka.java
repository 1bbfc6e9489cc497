package io.handover.quickstart;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;

/**
 * A Kafka broker in this JVM: one node, controller and broker in one (KRaft), reachable on 127.0.0.1 only.
 *
 * <p>Its data survive a restart with the same folder. One node means one copy of everything: for trying things out and
 * for tests, not for production.
 */
public final class EmbeddedKafka implements AutoCloseable {

    private static final int NODE_ID = 1;
    private static final String CONTROLLER_LISTENER = "CONTROLLER";
    private static final String LOCK_FILE = "embedded-kafka.lock";

    private final KafkaRaftServer server;
    private final int port;
    private final FileChannel lock;

    private EmbeddedKafka(KafkaRaftServer server, int port, FileChannel lock) {
        this.server = server;
        this.port = port;
        this.lock = lock;
    }

    /**
     * Starts a broker, and returns when it serves.
     *
     * @param dataDir where it keeps its data; made and formatted if it is new, continued if it is not
     * @param port where clients reach it; 0 stands for any free port
     * @throws QuickstartException if the port is in use or the folder cannot be used
     */
    public static EmbeddedKafka start(Path dataDir, int port) {
        Ports.requireFree(Map.of("--kafka-port", port));
        int clientPort = port == 0 ? Ports.free() : port;
        FileChannel lock = lock(dataDir);
        try {
            format(dataDir);
            return new EmbeddedKafka(startServer(dataDir, clientPort), clientPort, lock);
        } catch (RuntimeException e) {
            release(lock);
            throw e;
        }
    }

    private static KafkaRaftServer startServer(Path dataDir, int port) {
        KafkaRaftServer server =
                new KafkaRaftServer(new KafkaConfig(properties(dataDir, port, Ports.free()), false), Time.SYSTEM);
        try {
            server.startup();
            return server;
        } catch (KafkaException e) {
            server.shutdown();
            throw new QuickstartException("The broker cannot start in " + dataDir + ": " + e.getMessage(), e);
        }
    }

    /**
     * Takes the folder for this broker. Kafka locks it too, but only after its controller has begun to write there: a
     * second one would have damaged what the first one relies on.
     */
    private static FileChannel lock(Path dataDir) {
        try {
            Files.createDirectories(dataDir);
            FileChannel channel =
                    FileChannel.open(dataDir.resolve(LOCK_FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (tryLock(channel)) {
                return channel;
            }
            channel.close();
        } catch (IOException e) {
            throw cannotWrite(dataDir, e);
        }
        throw new QuickstartException(
                "The folder " + dataDir + " is in use by another broker; stop that one, or choose another folder.");
    }

    private static boolean tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            // the other broker runs in this JVM
            return false;
        }
    }

    private static void release(FileChannel lock) {
        try {
            lock.close();
        } catch (IOException e) {
            throw new UncheckedIOException("Expected to release the data folder, but failed", e);
        }
    }

    private static QuickstartException cannotWrite(Path dataDir, IOException e) {
        return new QuickstartException("The folder " + dataDir + " cannot be written: " + e, e);
    }

    private static void format(Path dataDir) {
        try {
            if (Files.exists(dataDir.resolve("meta.properties"))) {
                return;
            }
            // The formatter talks to a person; here it must not talk on standard output.
            try (PrintStream nowhere =
                    new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8)) {
                new Formatter()
                        .setPrintStream(nowhere)
                        .setNodeId(NODE_ID)
                        .setClusterId(Uuid.randomUuid().toString())
                        .setControllerListenerName(CONTROLLER_LISTENER)
                        .setMetadataLogDirectory(dataDir.toString())
                        .addDirectory(dataDir.toString())
                        .run();
            }
        } catch (IOException e) {
            throw cannotWrite(dataDir, e);
        } catch (Exception e) {
            // run() declares nothing narrower
            throw new QuickstartException("The folder " + dataDir + " cannot be formatted: " + e.getMessage(), e);
        }
    }

    private static Map<String, String> properties(Path dataDir, int port, int controllerPort) {
        Map<String, String> properties = new HashMap<>();
        properties.put("process.roles", "broker,controller");
        properties.put("node.id", String.valueOf(NODE_ID));
        properties.put("log.dirs", dataDir.toString());
        properties.put(
                "listeners",
                "PLAINTEXT://%s:%d,%s://%s:%d"
                        .formatted(Ports.HOST, port, CONTROLLER_LISTENER, Ports.HOST, controllerPort));
        properties.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT," + CONTROLLER_LISTENER + ":PLAINTEXT");
        properties.put("controller.listener.names", CONTROLLER_LISTENER);
        properties.put("controller.quorum.voters", NODE_ID + "@" + Ports.HOST + ":" + controllerPort);
        // A typo in a topic name shall be an error, not a topic.
        properties.put("auto.create.topics.enable", "false");
        oneCopy(properties);
        quickStart(properties);
        return properties;
    }

    /** There is one node, so there can be one copy. */
    private static void oneCopy(Map<String, String> properties) {
        properties.put("default.replication.factor", "1");
        properties.put("offsets.topic.replication.factor", "1");
        properties.put("transaction.state.log.replication.factor", "1");
        properties.put("transaction.state.log.min.isr", "1");
        properties.put("share.coordinator.state.topic.replication.factor", "1");
        properties.put("share.coordinator.state.topic.min.isr", "1");
    }

    /** Sizes and waits meant for a cluster, brought down to one machine. */
    private static void quickStart(Map<String, String> properties) {
        properties.put("offsets.topic.num.partitions", "4");
        properties.put("transaction.state.log.num.partitions", "4");
        properties.put("group.initial.rebalance.delay.ms", "0");
        properties.put("log.cleaner.dedupe.buffer.size", "4194304");
        properties.put("num.network.threads", "2");
        properties.put("num.io.threads", "4");
        // After a kill the broker may come back only when the controller has forgotten the one that was killed: this
        // is that wait. The default is 9 s; much shorter, and a busy machine would look like a dead one.
        properties.put("broker.session.timeout.ms", "2500");
        properties.put("broker.heartbeat.interval.ms", "500");
    }

    /** What clients connect to. */
    public String bootstrapServers() {
        return Ports.HOST + ":" + port;
    }

    /** Where clients reach it. */
    public int port() {
        return port;
    }

    /** Stops the broker and waits until it has stopped. Its data stay. */
    @Override
    public void close() {
        server.shutdown();
        server.awaitShutdown();
        release(lock);
    }
}
