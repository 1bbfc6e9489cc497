package io.handover.containers;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;

/**
 * A Kafka node that reads its settings from the environment as the image apache/kafka does: {@code KAFKA_LOG_DIRS} is
 * {@code log.dirs}. It takes the place of that image where no registry can be reached.
 */
public final class KafkaMain {

    private static final String PREFIX = "KAFKA_";

    private KafkaMain() {}

    /** Starts the node, which runs until it gets a signal. */
    public static void main(String[] arguments) throws Exception {
        Map<String, String> properties = properties(System.getenv());
        format(properties);
        KafkaRaftServer server = new KafkaRaftServer(new KafkaConfig(properties, false), Time.SYSTEM);
        Runtime.getRuntime().addShutdownHook(new Thread(server::shutdown, "kafka-shutdown"));
        server.startup();
        server.awaitShutdown();
    }

    private static Map<String, String> properties(Map<String, String> environment) {
        Map<String, String> properties = new HashMap<>();
        environment.forEach((name, value) -> {
            if (name.startsWith(PREFIX) && !name.equals("KAFKA_HEAP_OPTS")) {
                properties.put(
                        name.substring(PREFIX.length()).toLowerCase(Locale.ROOT).replace('_', '.'), value);
            }
        });
        return properties;
    }

    private static void format(Map<String, String> properties) throws Exception {
        String folder = properties.getOrDefault("log.dirs", "/var/lib/kafka/data");
        if (Files.exists(Path.of(folder, "meta.properties"))) {
            return;
        }
        try (PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8)) {
            new Formatter()
                    .setPrintStream(nowhere)
                    .setNodeId(Integer.parseInt(properties.getOrDefault("node.id", "1")))
                    .setClusterId(Uuid.randomUuid().toString())
                    .setControllerListenerName(properties.getOrDefault("controller.listener.names", "CONTROLLER"))
                    .setMetadataLogDirectory(folder)
                    .addDirectory(folder)
                    .run();
        }
    }
}
