package io.handover.containers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs docker-compose.yml with the images of this build. What differs from {@code docker compose up}: podman with runc
 * instead of Docker; docker-compose 1 instead of 2; the base image is made of Debian's packages; a Kafka from Kafka's own
 * jars has the name of apache/kafka; the test starts the health checks; the profile monitoring does not run.
 */
class ContainersIT {

    private static final Logger LOG = LoggerFactory.getLogger(ContainersIT.class);
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final Path ROOT = Path.of(System.getProperty("root"));
    private static final String VERSION = System.getProperty("image.version");
    private static final String TAR = "tar://";
    private static final String KAFKA = "docker.io/apache/kafka:4.3.1";
    private static final String LABEL = "org.opencontainers.image.";
    private static final long MIB = 1024 * 1024;
    private static final Pattern HEAP_MAX = Pattern.compile("(?m)^jvm_memory_max_bytes\\{area=\"heap\".*} ([0-9.E]+)$");

    private static String base;
    private static Podman podman;
    private static ComposedHandover handover;

    @BeforeAll
    static void start() throws IOException {
        LOG.info(
                "Not as with docker compose up: podman with runc, docker-compose 1, a base of Debian's packages, a Kafka"
                        + " from Kafka's jars as apache/kafka, health checks started by the test, no monitoring");
        podman = Podman.start();
        base = base(System.getProperty("image.base"));
        for (String module : List.of("ingress-bridge", "streams-app", "tools/cli")) {
            Path tar = ROOT.resolve(module)
                    .resolve("target")
                    .resolve("%s-%s-%s.tar"
                            .formatted(
                                    Path.of(module).getFileName(), VERSION, System.getProperty("image.architecture")));
            load(tar);
        }
        Path module = ROOT.resolve("proof/containers");
        podman.run(
                "build",
                "--isolation=chroot",
                "--build-arg=BASE=" + base,
                "--tag=" + KAFKA,
                "--file=" + module.resolve("src/main/kafka/Dockerfile"),
                module.resolve("target").toString());
        LOG.atInfo()
                .addKeyValue("images", podman.run("images", "--format={{.Repository}}:{{.Tag}} {{.Size}}"))
                .log("Made the images");
        podman.runHealthChecks();
        long start = System.nanoTime();
        handover = ComposedHandover.up(podman, ROOT);
        LOG.atInfo().addKeyValue("seconds", ComposedHandover.seconds(start)).log("Up");
    }

    /** Returns the name of the base image for podman, which gets it from its file or from its registry. */
    private static String base(String image) throws IOException {
        if (!image.startsWith(TAR)) {
            return image;
        }
        load(Path.of(image.substring(TAR.length())));
        return "localhost/handover-test/jre:17";
    }

    private static void load(Path tar) throws IOException {
        podman.run("load", "--quiet", "--input=" + tar);
        LOG.atInfo()
                .addKeyValue("tar", tar.getFileName())
                .addKeyValue("mib", Files.size(tar) / MIB)
                .log("Loaded an image");
    }

    @AfterAll
    static void stop() throws Exception {
        try {
            if (handover != null) {
                handover.close();
            }
            // The next line removes everything; what compose itself has left would be hidden by it.
            assertThat(podman.run("ps", "--all", "--quiet")).isEmpty();
            assertThat(podman.run("volume", "ls", "--quiet")).isEmpty();
        } finally {
            if (podman != null) {
                podman.close();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"ingress-bridge, 512", "streams-app, 1280"})
    void shouldRunWithoutRightsAndWithLimits(String service, long memoryMib) {
        // Given
        // When
        String status = handover.exec(service, "grep -E '^(Uid|CapEff|NoNewPrivs)' /proc/1/status");

        // Then
        assertThat(status.replaceAll("\\s+", " "))
                .isEqualTo("Uid: 10001 10001 10001 10001 CapEff: 0000000000000000 NoNewPrivs: 1");
        assertThat(handover.inspect(service, "{{.HostConfig.ReadonlyRootfs}} {{.HostConfig.PidsLimit}}"))
                .isEqualTo("true 500");
        assertThat(handover.inspect(service, "{{.HostConfig.Memory}}")).isEqualTo(String.valueOf(memoryMib * MIB));
        assertThatThrownBy(() -> handover.exec(service, "touch /app/anything"))
                .hasMessageContaining("Read-only file system");
    }

    @ParameterizedTest
    @CsvSource({"BRIDGE_MANAGEMENT, 512", "APP_MANAGEMENT, 1280"})
    void shouldUseHalfOfTheMemoryForTheHeap(String port, long memoryMib) throws Exception {
        // Given
        // When
        double heap = 0;
        Matcher part = HEAP_MAX.matcher(handover.page(port, "/metrics"));
        while (part.find()) {
            heap += Double.parseDouble(part.group(1));
        }

        // Then
        // one of the two survivor spaces is not counted
        assertThat(heap / MIB).isBetween(memoryMib * 0.45, memoryMib * 0.5);
    }

    @Test
    void shouldSendTheCommandsOfTheSamples() throws Exception {
        // Given
        Sample plainEnd = Sample.of("1-plain-end");
        Sample transfer = Sample.of("3-queue-transfer");
        Sample takeover = Sample.of("4-agent-change");

        // When
        for (Sample sample : List.of(plainEnd, transfer, takeover)) {
            for (byte[] delivery : sample.deliveries()) {
                assertThat(handover.send(delivery)).isEqualTo(200);
            }
        }

        // Then
        awaitCommands(plainEnd, "agent-updated agent-started", "handover-ended after-call-work");
        awaitCommands(
                takeover, "agent-updated agent-started", "agent-updated agent-started", "handover-ended customer-end");
        awaitCommands(
                transfer,
                "agent-updated agent-started",
                "agent-updated agent-started",
                "handover-ended after-call-work");
    }

    @Test
    void shouldRejectAnotherOrganization() throws Exception {
        // Given
        Sample foreign = Sample.of("5-another-organization");

        // When
        int status = handover.send(foreign.deliveries().get(0));

        // Then
        assertThat(status).isEqualTo(403);
    }

    @Test
    void shouldGoOnAfterAKill() throws Exception {
        // Given
        Sample sample = Sample.of("4-agent-change");
        int last = sample.deliveries().size() - 1;
        for (byte[] delivery : sample.deliveries().subList(0, last)) {
            assertThat(handover.send(delivery)).isEqualTo(200);
        }
        awaitCommands(sample, "agent-updated agent-started", "agent-updated agent-started");
        String before = handover.inspect("streams-app", "{{.State.StartedAt}}");
        long start = System.nanoTime();

        // When
        handover.kill("streams-app");
        handover.kill("ingress-bridge");
        int status = handover.send(sample.deliveries().get(last));

        // Then
        assertThat(status).isEqualTo(200);
        awaitCommands(
                sample, "agent-updated agent-started", "agent-updated agent-started", "handover-ended customer-end");
        LOG.atInfo().addKeyValue("seconds", ComposedHandover.seconds(start)).log("From the kill to the next command");
        handover.awaitHealthy("streams-app");
        handover.awaitHealthy("ingress-bridge");
        assertThat(handover.inspect("streams-app", "{{.State.StartedAt}}")).isNotEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"streams-app", "ingress-bridge"})
    void shouldStopBeforeItIsKilled(String service) {
        // Given
        handover.awaitHealthy(service);
        long start = System.nanoTime();

        // When
        handover.compose("stop", service);

        // Then
        long seconds = ComposedHandover.seconds(start);
        LOG.atInfo()
                .addKeyValue("service", service)
                .addKeyValue("seconds", seconds)
                .log("Stopped");
        // 143: by SIGTERM; 137 would be by SIGKILL
        assertThat(handover.inspect(service, "{{.State.ExitCode}}")).isEqualTo("143");
        handover.compose("start", service);
        handover.awaitHealthy(service);
    }

    @Test
    void shouldFindNothingWrongWithTheTopics() {
        // Given
        // When
        String report = handover.compose("run", "--rm", "-T", "handover", "doctor");

        // Then
        assertThat(report).contains("handover-events", "Everything is as it should be.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ingress-bridge", "streams-app", "cli"})
    void shouldLabelTheImage(String image) throws Exception {
        // Given
        // When
        JsonNode labels =
                ComposedHandover.json(podman.run("image", "inspect", "--format={{json .Labels}}", name(image)));

        // Then
        assertThat(labels.path(LABEL + "title").asText()).isEqualTo(image);
        assertThat(labels.path(LABEL + "version").asText()).isEqualTo(VERSION);
        assertThat(labels.path(LABEL + "licenses").asText()).isEqualTo("Apache-2.0");
        assertThat(labels.path(LABEL + "revision").asText()).matches("[0-9a-f]{7,}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ingress-bridge", "streams-app", "cli"})
    @Tag("not-if-offline-is-true")
    void shouldListTheLibrariesInTheImage(String image) throws Exception {
        // Given
        // When
        JsonNode bom = ComposedHandover.json(
                podman.run("run", "--rm", "--network=none", "--entrypoint=cat", name(image), "/app/bom.json"));

        // Then
        assertThat(bom.path("bomFormat").asText()).isEqualTo("CycloneDX");
        assertThat(bom.path("components").findValuesAsText("name")).contains("kafka-clients");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ingress-bridge", "streams-app", "cli"})
    void shouldMakeTheSameWithTheDockerfile(String image) {
        // Given
        String name = "localhost/dockerfile/" + image + ":" + VERSION;

        // When
        podman.run(
                "build",
                "--isolation=chroot",
                "--build-arg=BASE=" + base,
                "--target=" + image,
                "--tag=" + name,
                ROOT.toString());

        // Then
        String configuration = "{{.User}} {{.Config.Entrypoint}} {{.Config.ExposedPorts}}";
        assertThat(podman.run("image", "inspect", "--format=" + configuration, name))
                .isEqualTo(podman.run("image", "inspect", "--format=" + configuration, name(image)));
        assertThat(version(name)).isEqualTo(version(name(image)));
    }

    private static String version(String image) {
        return podman.run("run", "--rm", "--network=none", "--read-only", "--tmpfs=/tmp", image, "--version");
    }

    private static String name(String image) {
        return "handover/" + image + ":" + VERSION;
    }

    /** Waits for the commands, and for no more: after an end, nothing may follow. */
    private static void awaitCommands(Sample sample, String... commands) {
        Awaitility.await()
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(500))
                .untilAsserted(() ->
                        assertThat(handover.commands(sample.conversationId())).containsExactly(commands));
    }
}
