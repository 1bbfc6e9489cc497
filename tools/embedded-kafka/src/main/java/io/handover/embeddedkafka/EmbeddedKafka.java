package io.handover.embeddedkafka;

import io.handover.terminal.CommandException;
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
import java.util.Map;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;

/**
 * A Kafka node in this JVM. It is controller and broker in one (KRaft) and can be reached on 127.0.0.1 only.
 *
 * <p>A node that is started again with the same folder has the same data. The class is for trials and tests, not for
 * production.
 */
public final class EmbeddedKafka implements AutoCloseable {

    private static final String LOCK_FILE = "embedded-kafka.lock";

    private final KafkaNode node;
    private final KafkaRaftServer server;
    private final FileChannel lock;

    private EmbeddedKafka(KafkaNode node, KafkaRaftServer server, FileChannel lock) {
        this.node = node;
        this.server = server;
        this.lock = lock;
    }

    /**
     * Starts a cluster of one node and returns when the node is ready.
     *
     * @param dataDir the folder of the node's data; created and formatted if it does not exist
     * @param port the port for clients; 0 for any free port
     * @throws CommandException if the port is in use or the folder cannot be used
     */
    public static EmbeddedKafka start(Path dataDir, int port) {
        FreePorts.requireFree(Map.of("--kafka-port", port));
        int clientPort = port == 0 ? FreePorts.free() : port;
        return start(KafkaNode.alone(Uuid.randomUuid().toString(), dataDir, clientPort, FreePorts.free()));
    }

    /**
     * Starts a node and returns when the node is ready. In a cluster of several nodes, it is ready only when enough
     * nodes run to elect a controller.
     *
     * @throws CommandException if the folder of the node cannot be used
     */
    public static EmbeddedKafka start(KafkaNode node) {
        FileChannel lock = lock(node.dataDir());
        try {
            format(node);
            return new EmbeddedKafka(node, startServer(node), lock);
        } catch (RuntimeException e) {
            release(lock);
            throw e;
        }
    }

    private static KafkaRaftServer startServer(KafkaNode node) {
        KafkaRaftServer server = new KafkaRaftServer(new KafkaConfig(node.properties(), false), Time.SYSTEM);
        try {
            server.startup();
            return server;
        } catch (KafkaException e) {
            server.shutdown();
            throw new CommandException("The broker cannot start in " + node.dataDir() + ": " + e.getMessage(), e);
        }
    }

    /**
     * Locks the folder for this broker. Kafka has its own lock but takes it too late. By then, the controller of a
     * second broker has already written into the folder of the first broker.
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
        throw new CommandException(
                "The folder " + dataDir + " is in use by another broker. Stop that broker, or choose another folder.");
    }

    private static boolean tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            // another broker in this JVM has locked the folder
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

    private static CommandException cannotWrite(Path dataDir, IOException e) {
        return new CommandException("The folder " + dataDir + " cannot be written: " + e, e);
    }

    private static void format(KafkaNode node) {
        Path dataDir = node.dataDir();
        try {
            if (Files.exists(dataDir.resolve("meta.properties"))) {
                return;
            }
            // By default, the formatter prints to standard output. Only the results of commands belong there.
            try (PrintStream nowhere =
                    new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8)) {
                new Formatter()
                        .setPrintStream(nowhere)
                        .setNodeId(node.id())
                        .setClusterId(node.clusterId())
                        .setControllerListenerName(KafkaNode.CONTROLLER_LISTENER)
                        .setMetadataLogDirectory(dataDir.toString())
                        .addDirectory(dataDir.toString())
                        .run();
            }
        } catch (IOException e) {
            throw cannotWrite(dataDir, e);
        } catch (Exception e) {
            // run() of the formatter declares Exception
            throw new CommandException("The folder " + dataDir + " cannot be formatted: " + e.getMessage(), e);
        }
    }

    /** Returns the address for clients. */
    public String bootstrapServers() {
        return FreePorts.HOST + ":" + port();
    }

    /** Returns the port for clients. */
    public int port() {
        return node.port();
    }

    /** Stops the node and waits until it has stopped. The data stay in the folder. */
    @Override
    public void close() {
        server.shutdown();
        server.awaitShutdown();
        release(lock);
    }
}
