package io.handover.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

/** The files of the base as they are, without kubectl. */
class BaseFilesTest extends ManifestRules {

    private static final String VERSION = System.getProperty("version").replace("-SNAPSHOT", "");

    @Override
    Manifests manifests() throws IOException {
        return Manifests.ofFiles(Manifests.FOLDER.resolve("base"));
    }

    @Test
    void shouldUseTheImagesOfThisVersion() throws IOException {
        // When
        List<String> images =
                Manifests.maps(Manifests.kustomization(Manifests.FOLDER.resolve("base"))
                                .get("images"))
                        .stream()
                        .map(image -> image.get("name") + ":" + image.get("newTag"))
                        .toList();

        // Then
        assertThat(images).containsExactly("handover/ingress-bridge:" + VERSION, "handover/streams-app:" + VERSION);
    }

    @Test
    void shouldHaveTheAlertsOfTheDocuments() throws IOException {
        // Given
        Map<String, Object> rules =
                new Yaml().load(Files.readString(Path.of("../../docs/prometheus/handover.rules.yml")));

        // When
        String manifest = Files.readString(Manifests.FOLDER.resolve("monitoring/prometheusrule.yaml"));

        // Then
        Map<String, Object> rule = new Yaml().load(manifest);
        assertThat(rule.get("spec"))
                .as("prometheusrule.yaml begins with the command that writes it again")
                .isEqualTo(rules);
        assertThat(Manifests.read(manifest).all(PrometheusRule.class)).hasSize(1);
    }

    @Test
    void shouldRejectAFieldThatTheApiDoesNotHave() {
        // When / Then
        assertThatThrownBy(() -> Manifests.read("""
                        apiVersion: v1
                        kind: Service
                        metadata:
                          name: handover-bridge
                        spec:
                          ports:
                            - name: http
                              targetport: http
                        """)).hasMessageContaining("targetport");
    }
}
