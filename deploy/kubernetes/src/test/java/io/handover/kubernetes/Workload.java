package io.handover.kubernetes;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * The pods of one process.
 *
 * @param process ingress-bridge or streams-app
 * @param matchLabels the labels by which the workload finds its pods
 * @param environment what the container gets; a value that Kubernetes fills in is the path of its field
 */
record Workload(
        String process, Map<String, String> matchLabels, PodTemplateSpec template, Map<String, String> environment) {

    static List<Workload> of(Manifests manifests) {
        Stream<Workload> deployments = manifests.all(Deployment.class).stream()
                .map(Deployment::getSpec)
                .map(spec -> of(manifests, spec.getSelector().getMatchLabels(), spec.getTemplate()));
        Stream<Workload> sets = manifests.all(StatefulSet.class).stream()
                .map(StatefulSet::getSpec)
                .map(spec -> of(manifests, spec.getSelector().getMatchLabels(), spec.getTemplate()));
        return Stream.concat(deployments, sets).toList();
    }

    private static Workload of(Manifests manifests, Map<String, String> labels, PodTemplateSpec template) {
        Container container = template.getSpec().getContainers().get(0);
        Map<String, String> environment = new LinkedHashMap<>();
        container
                .getEnvFrom()
                .forEach(from -> environment.putAll(Objects.requireNonNull(
                        manifests.settings().get(from.getConfigMapRef().getName()),
                        () -> "Expected the ConfigMap " + from.getConfigMapRef().getName())));
        for (EnvVar variable : container.getEnv()) {
            environment.put(
                    variable.getName(),
                    variable.getValue() != null
                            ? variable.getValue()
                            : variable.getValueFrom().getFieldRef().getFieldPath());
        }
        return new Workload(container.getName(), labels, template, environment);
    }

    boolean isBridge() {
        return process.equals("ingress-bridge");
    }

    PodSpec pod() {
        return template.getSpec();
    }

    Container container() {
        return pod().getContainers().get(0);
    }

    int port(String name) {
        return container().getPorts().stream()
                .filter(port -> port.getName().equals(name))
                .findFirst()
                .orElseThrow()
                .getContainerPort();
    }

    @Override
    public String toString() {
        return process;
    }
}
