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
 * A Kafka broker in this JVM, controller and broker in one (KRaft), reachable on 127.0.0.1 only.
 *
 * <p>Its data survive a restart with the same folder. For trying things out and for tests, not for production.
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
     * Starts a broker that is all of its cluster, with one copy of everything, and returns when it serves.
     *
     * @param dataDir where it keeps its data; made and formatted if it is new, continued if it is not
     * @param port where clients reach it; 0 stands for any free port
     * @throws CommandException if the port is in use or the folder cannot be used
     */
    public static EmbeddedKafka start(Path dataDir, int port) {
        FreePorts.requireFree(Map.of("--kafka-port", port));
        int clientPort = port == 0 ? FreePorts.free() : port;
        return start(KafkaNode.alone(Uuid.randomUuid().toString(), dataDir, clientPort, FreePorts.free()));
    }

    /**
     * Starts a node, and returns when it serves; in a cluster, when enough others do to have a controller.
     *
     * @throws CommandException if its folder cannot be used
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
        throw new CommandException(
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

    private static CommandException cannotWrite(Path dataDir, IOException e) {
        return new CommandException("The folder " + dataDir + " cannot be written: " + e, e);
    }

    private static void format(KafkaNode node) {
        Path dataDir = node.dataDir();
        try {
            if (Files.exists(dataDir.resolve("meta.properties"))) {
                return;
            }
            // The formatter talks to a person; here it must not talk on standard output.
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
            // run() declares nothing narrower
            throw new CommandException("The folder " + dataDir + " cannot be formatted: " + e.getMessage(), e);
        }
    }

    /** What clients connect to. */
    public String bootstrapServers() {
        return FreePorts.HOST + ":" + port();
    }

    /** Where clients reach it. */
    public int port() {
        return node.port();
    }

    /** Stops the broker and waits until it has stopped. Its data stay. */
    @Override
    public void close() {
        server.shutdown();
        server.awaitShutdown();
        release(lock);
    }
}
