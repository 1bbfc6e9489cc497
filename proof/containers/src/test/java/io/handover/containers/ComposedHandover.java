package io.handover.containers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.handover.embeddedkafka.FreePorts;
import io.handover.schema.HandoverCommand;
import io.handover.schema.HandoverSerdes;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The compose file of the repository while it runs, on free ports and under a name of its own. */
final class ComposedHandover implements AutoCloseable {

    static final String ORGANIZATION = "example-organization";

    private static final Logger LOG = LoggerFactory.getLogger(ComposedHandover.class);
    private static final String KEY = "the-key-of-the-test";
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final Podman podman;
    private final Path root;
    private final Path secrets;
    private final Map<String, String> environment = new HashMap<>();
    private final Map<String, Integer> ports = new HashMap<>();
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private ComposedHandover(Podman podman, Path root, Path secrets) {
        this.podman = podman;
        this.root = root;
        this.secrets = secrets;
        for (String port : List.of("KAFKA", "BRIDGE", "BRIDGE_MANAGEMENT", "APP_MANAGEMENT")) {
            ports.put(port, FreePorts.free());
            environment.put("HANDOVER_" + port + "_PORT", String.valueOf(ports.get(port)));
        }
        environment.put(
                "COMPOSE_PROJECT_NAME",
                "handover" + UUID.randomUUID().toString().substring(0, 8));
        environment.put("HANDOVER_ORGANIZATION_ID", ORGANIZATION);
        environment.put("HANDOVER_SECRETS", secrets.toString());
        environment.put("HANDOVER_API_KEY_FILE", "/run/secrets/api-key");
    }

    /** Starts everything and returns when the health checks have succeeded. */
    static ComposedHandover up(Podman podman, Path root) throws IOException {
        Path secrets = Files.createTempDirectory("handover-secrets-");
        Files.writeString(secrets.resolve("api-key"), KEY + "\n");
        // The user of the containers is not the one of this process.
        exec("chmod", "-R", "a+rX", secrets.toString());
        ComposedHandover handover = new ComposedHandover(podman, root, secrets);
        try {
            handover.compose("up", "--detach", "--no-build");
            handover.awaitHealthy("streams-app");
            handover.awaitHealthy("ingress-bridge");
            return handover;
        } catch (RuntimeException | Error e) {
            handover.close();
            throw e;
        }
    }

    private static void exec(String... command) throws IOException {
        try {
            new ProcessBuilder(command).inheritIO().start().waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    String compose(String... arguments) {
        List<String> all = new ArrayList<>(
                List.of("--file", root.resolve("docker-compose.yml").toString()));
        all.addAll(List.of(arguments));
        return podman.compose(environment, all.toArray(String[]::new));
    }

    /** Returns a value of the container of a service, as a Go template finds it. */
    String inspect(String service, String template) {
        return podman.run("inspect", "--format", template, container(service));
    }

    /** Runs a command in the container of a service. */
    String exec(String service, String command) {
        return podman.run("exec", container(service), "sh", "-c", command);
    }

    private String container(String service) {
        return environment.get("COMPOSE_PROJECT_NAME") + "_" + service + "_1";
    }

    void awaitHealthy(String service) {
        long start = System.nanoTime();
        try {
            Awaitility.await()
                    .atMost(PATIENCE)
                    .until(() -> inspect(service, "{{.State.Running}} {{.State.Health.Status}}")
                            .equals("true healthy"));
        } catch (ConditionTimeoutException e) {
            throw new AssertionError(
                    service + " is not healthy: " + inspect(service, "{{json .State}}") + "\n" + logs(), e);
        }
        LOG.atInfo()
                .addKeyValue("service", service)
                .addKeyValue("seconds", seconds(start))
                .log("Healthy");
    }

    /** Returns the last lines that the processes have logged. */
    private String logs() {
        return compose("logs", "--no-color", "--tail=40");
    }

    /** Kills the process of a container as the kernel does it without memory. */
    void kill(String service) {
        long pid = Long.parseLong(inspect(service, "{{.State.Pid}}"));
        ProcessHandle process = ProcessHandle.of(pid).orElseThrow();
        process.destroyForcibly();
        Awaitility.await().atMost(PATIENCE).until(() -> !process.isAlive());
        LOG.atInfo().addKeyValue("service", service).log("Killed");
    }

    /** Sends a delivery as EventBridge does, again while the answer is 503 or none, and returns the status. */
    int send(byte[] delivery) {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + ports.get("BRIDGE") + "/handover/genesysCloudOM"))
                .timeout(Duration.ofSeconds(5))
                .header("Authorization", KEY)
                .header("Content-Type", "application/json; charset=utf-8")
                .POST(HttpRequest.BodyPublishers.ofByteArray(delivery))
                .build();
        return Awaitility.await()
                .atMost(PATIENCE)
                .ignoreExceptionsInstanceOf(IOException.class)
                .until(() -> client.send(request, BodyHandlers.discarding()).statusCode(), status -> status != 503);
    }

    /** Returns a page of the management port of a service. */
    String page(String port, String path) throws IOException, InterruptedException {
        HttpResponse<String> response = client.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + ports.get(port) + path))
                        .build(),
                BodyHandlers.ofString());
        return response.body();
    }

    /** Returns the commands of a conversation in the topic until now, each as its type and reason. */
    List<String> commands(String conversationId) {
        Map<String, Object> settings = Map.of(
                "bootstrap.servers",
                "127.0.0.1:" + ports.get("KAFKA"),
                "isolation.level",
                "read_committed",
                "allow.auto.create.topics",
                false);
        List<String> commands = new ArrayList<>();
        try (KafkaConsumer<String, HandoverCommand> consumer = new KafkaConsumer<>(
                settings, new StringDeserializer(), HandoverSerdes.commands().deserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor("handover-commands").stream()
                    .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                consumer.poll(Duration.ofMillis(100)).forEach(record -> {
                    if (record.value().conversationId().equals(conversationId)) {
                        commands.add(
                                record.value().type() + " " + record.value().reason());
                    }
                });
            }
        }
        return commands;
    }

    static JsonNode json(String text) throws IOException {
        return new JsonMapper().readTree(text);
    }

    static long seconds(long startNanos) {
        return Duration.ofNanos(System.nanoTime() - startNanos).toSeconds();
    }

    /** Stops and removes the containers, the network and the volumes. */
    @Override
    public void close() throws IOException {
        compose("down", "--volumes");
        exec("rm", "-rf", secrets.toString());
    }
}
