package io.handover.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.openshift.api.model.monitoring.v1.ServiceMonitor;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The example of an overlay as kubectl renders it. */
class RenderedExampleTest extends ManifestRules {

    @Override
    Manifests manifests() throws Exception {
        return Manifests.rendered(Manifests.FOLDER.resolve("overlays/example"));
    }

    @Test
    void shouldBeInOneNamespaceWithImagesOfAVersion() {
        // When / Then
        assertThat(manifests.objects())
                .allSatisfy(object ->
                        assertThat(object.getMetadata().getNamespace()).isEqualTo("handover"));
        assertThat(Workload.of(manifests))
                .allSatisfy(workload -> assertThat(workload.container().getImage())
                        .matches("registry\\.example\\.com/handover/" + workload.process() + ":\\d+\\.\\d+\\.\\d+"));
    }

    @Test
    void shouldMonitorThePortOfBothProcesses() {
        // When
        List<ServiceMonitor> monitors = manifests.all(ServiceMonitor.class);

        // Then
        assertThat(monitors).hasSize(2).allSatisfy(monitor -> {
            Map<String, String> selector = monitor.getSpec().getSelector().getMatchLabels();
            List<Service> selected = manifests.all(Service.class).stream()
                    .filter(service ->
                            service.getMetadata().getLabels().entrySet().containsAll(selector.entrySet()))
                    .toList();
            assertThat(selected).hasSize(1);
            assertThat(selected.get(0).getMetadata().getLabels())
                    .containsEntry(
                            monitor.getSpec().getJobLabel(),
                            selected.get(0).getMetadata().getName());
            assertThat(monitor.getSpec().getEndpoints())
                    .allSatisfy(endpoint -> assertThat(selected.get(0).getSpec().getPorts())
                            .anyMatch(port -> port.getName().equals(endpoint.getPort())));
        });
    }
}
