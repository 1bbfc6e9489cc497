package io.handover.kubernetes;

import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule;
import io.fabric8.openshift.api.model.monitoring.v1.ServiceMonitor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.yaml.snakeyaml.Yaml;

/**
 * Manifests as objects of the API of Kubernetes. A field that the API does not have, or a value of another type, fails.
 *
 * @param objects all objects, in their order
 * @param settings the environment in each ConfigMap, by the name of the ConfigMap
 */
record Manifests(List<HasMetadata> objects, Map<String, Map<String, String>> settings) {

    /** The folder with the bases and overlays, seen from the module. */
    static final Path FOLDER = Path.of(".");

    private static final Map<String, Class<? extends HasMetadata>> KINDS = Map.of(
            "v1 ConfigMap", ConfigMap.class,
            "v1 Service", Service.class,
            "apps/v1 Deployment", Deployment.class,
            "apps/v1 StatefulSet", StatefulSet.class,
            "policy/v1 PodDisruptionBudget", PodDisruptionBudget.class,
            "networking.k8s.io/v1 NetworkPolicy", NetworkPolicy.class,
            "networking.k8s.io/v1 Ingress", Ingress.class,
            "monitoring.coreos.com/v1 ServiceMonitor", ServiceMonitor.class,
            "monitoring.coreos.com/v1 PrometheusRule", PrometheusRule.class);

    private static final ObjectMapper STRICT = JsonMapper.builder()
            .annotationIntrospector(new WithoutAnySetter())
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .build();

    /** The classes of the API keep unknown fields, unless they have no method for that. */
    private static final class WithoutAnySetter extends JacksonAnnotationIntrospector {

        private static final long serialVersionUID = 1;

        @Override
        public Boolean hasAnySetter(Annotated method) {
            return false;
        }
    }

    /** Reads the objects of a text with several documents in YAML. */
    static Manifests read(String yaml) {
        List<HasMetadata> objects = new ArrayList<>();
        Map<String, Map<String, String>> settings = new LinkedHashMap<>();
        for (Object document : new Yaml().loadAll(yaml)) {
            HasMetadata object = object((Map<?, ?>) document);
            objects.add(object);
            if (object instanceof ConfigMap map) {
                settings.put(map.getMetadata().getName(), map.getData());
            }
        }
        return new Manifests(List.copyOf(objects), settings);
    }

    private static HasMetadata object(Map<?, ?> document) {
        String kind = document.get("apiVersion") + " " + document.get("kind");
        return STRICT.convertValue(
                document, Objects.requireNonNull(KINDS.get(kind), () -> "Expected a known kind, but got " + kind));
    }

    /** Reads the files that a kustomization names, without its changes. */
    static Manifests ofFiles(Path folder) throws IOException {
        Map<String, Object> kustomization = kustomization(folder);
        StringBuilder yaml = new StringBuilder();
        for (String resource : strings(kustomization.get("resources"))) {
            yaml.append("---\n").append(Files.readString(folder.resolve(resource)));
        }
        Manifests read = read(yaml.toString());
        for (Map<?, ?> generator : maps(kustomization.get("configMapGenerator"))) {
            for (String file : strings(generator.get("envs"))) {
                read.settings().put((String) generator.get("name"), environment(folder.resolve(file)));
            }
        }
        return read;
    }

    /** The objects that {@code kubectl kustomize} renders. */
    static Manifests rendered(Path folder) throws IOException, InterruptedException {
        Process process = new ProcessBuilder("/usr/bin/kubectl", "kustomize", folder.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String yaml = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException("kubectl kustomize " + folder + " failed, see above.");
        }
        return read(yaml);
    }

    static Map<String, Object> kustomization(Path folder) throws IOException {
        return new Yaml().load(Files.readString(folder.resolve("kustomization.yaml")));
    }

    private static Map<String, String> environment(Path file) throws IOException {
        Map<String, String> variables = new LinkedHashMap<>();
        for (String line : Files.readAllLines(file)) {
            if (!line.isBlank() && !line.startsWith("#")) {
                variables.put(line.substring(0, line.indexOf('=')), line.substring(line.indexOf('=') + 1));
            }
        }
        return variables;
    }

    static List<Map<?, ?>> maps(Object value) {
        List<Map<?, ?>> maps = new ArrayList<>();
        ((List<?>) Objects.requireNonNullElse(value, List.of())).forEach(each -> maps.add((Map<?, ?>) each));
        return maps;
    }

    private static List<String> strings(Object value) {
        return ((List<?>) value).stream().map(String.class::cast).toList();
    }

    <T extends HasMetadata> List<T> all(Class<T> kind) {
        return objects.stream().filter(kind::isInstance).map(kind::cast).toList();
    }
}
