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
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The pods of one process.
 *
 * @param process ingress-bridge or streams-app
 * @param matchLabels the labels by which the workload finds its pods
 * @param environment what the container of the first pod gets
 */
record Workload(
        String process, Map<String, String> matchLabels, PodTemplateSpec template, Map<String, String> environment) {

    /** What Kubernetes fills in for the first pod of streams-app. */
    private static final Map<String, String> FIELDS =
            Map.of("metadata.name", "handover-app-0", "metadata.namespace", "default");

    private static final Pattern REFERENCE = Pattern.compile("\\$\\((\\w+)\\)");

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
            environment.put(variable.getName(), value(variable, environment));
        }
        return new Workload(container.getName(), labels, template, environment);
    }

    /** The value for the first pod. */
    private static String value(EnvVar variable, Map<String, String> before) {
        if (variable.getValue() == null) {
            String field = variable.getValueFrom().getFieldRef().getFieldPath();
            return Objects.requireNonNull(FIELDS.get(field), field);
        }
        return REFERENCE
                .matcher(variable.getValue())
                .replaceAll(name -> Objects.requireNonNull(before.get(name.group(1)), name.group()));
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
