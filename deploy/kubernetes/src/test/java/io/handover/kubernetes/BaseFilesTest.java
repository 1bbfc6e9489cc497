package io.handover.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

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
