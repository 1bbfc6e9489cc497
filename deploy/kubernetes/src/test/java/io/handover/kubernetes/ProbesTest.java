package io.handover.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Probe;
import io.handover.ingress.IngressBridge;
import io.handover.streams.StreamsApp;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Both processes start with the environment of the base, and answer the probes. There is no Kafka. */
class ProbesTest {

    @TempDir
    private Path folder;

    @Test
    void shouldAnswerTheProbesOfTheBridge() throws Exception {
        // Given
        Workload workload = workload("ingress-bridge");
        Map<String, String> here = Map.of(
                "management.port",
                "0",
                "http.port",
                "0",
                "kafka.bootstrap.servers",
                "127.0.0.1:1",
                "shutdown.drain.ms",
                "0",
                "api.key.file",
                Files.writeString(folder.resolve("api-keys"), "key").toString());

        // When
        try (IngressBridge bridge =
                IngressBridge.start(ManifestRules.definition(workload).load(null, workload.environment(), here))) {
            // Then
            assertAnswers(workload.container(), bridge.managementPort());
        }
    }

    @Test
    void shouldAnswerTheProbesOfTheApp() throws Exception {
        // Given
        Workload workload = workload("streams-app");
        Map<String, String> here = Map.of(
                "management.port",
                "0",
                "kafka.bootstrap.servers",
                "127.0.0.1:1",
                "state.dir",
                folder.resolve("state").toString());

        // When
        try (StreamsApp app = StreamsApp.start(
                ManifestRules.definition(workload).load(null, workload.environment(), here), failure -> {})) {
            // Then
            assertAnswers(workload.container(), app.managementPort());
        }
    }

    private static Workload workload(String process) throws IOException {
        return Workload.of(Manifests.ofFiles(Manifests.FOLDER.resolve("base"))).stream()
                .filter(workload -> workload.process().equals(process))
                .findFirst()
                .orElseThrow();
    }

    private static void assertAnswers(Container container, int port) throws IOException, InterruptedException {
        assertThat(status(port, container.getStartupProbe())).isEqualTo(200);
        assertThat(status(port, container.getLivenessProbe())).isEqualTo(200);
        assertThat(status(port, container.getReadinessProbe())).isEqualTo(503);
    }

    private static int status(int port, Probe probe) throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + port + probe.getHttpGet().getPath());
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(uri).build(), BodyHandlers.discarding())
                .statusCode();
    }
}
