package io.handover.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.handover.ingress.IngressBridge;
import io.handover.service.Settings;
import io.handover.service.SettingsDefinition;
import io.handover.streams.StreamsApp;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.StreamsConfig;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What every set of manifests of both processes must be. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS) // rendering takes a while
abstract class ManifestRules {

    /** How long ingress-bridge may need after its drain, and how much longer a pod is left. */
    private static final Duration AFTER_THE_DRAIN = Duration.ofSeconds(30);

    /** How long streams-app may need to stop. */
    private static final Duration STOP_OF_THE_APP = Duration.ofSeconds(25);

    private static final long JAVA_RUNTIME_BYTES = 200L << 20;
    private static final long PAGE_CACHE_BYTES = 128L << 20;

    /** What {@link #manifests} returned. */
    Manifests manifests;

    private List<Workload> workloads;

    abstract Manifests manifests() throws Exception;

    @BeforeAll
    void read() throws Exception {
        manifests = manifests();
        workloads = Workload.of(manifests);
    }

    @Test
    void shouldRunBothProcesses() {
        // When / Then
        assertThat(workloads).extracting(Workload::process).containsExactlyInAnyOrder("ingress-bridge", "streams-app");
        assertThat(manifests.all(Deployment.class).get(0).getSpec().getReplicas())
                .isGreaterThan(1);
        assertThat(manifests.all(StatefulSet.class).get(0).getSpec().getReplicas())
                .isGreaterThan(1);
    }

    @Test
    void shouldSetOnlySettingsThatExist() {
        for (Workload workload : workloads) {
            // When
            Set<String> unknown = new TreeSet<>(workload.environment().keySet());
            String table = definition(workload).markdownTable();
            unknown.removeIf(
                    name -> !name.startsWith("HANDOVER_") || table.contains("`" + name + "`") || isOfKafka(name));

            // Then
            assertThat(unknown).as(workload.process()).isEmpty();
        }
    }

    @Test
    void shouldSetValuesThatTheProcessesAccept() {
        // When / Then
        assertThat(workloads)
                .allSatisfy(workload ->
                        assertThat(settings(workload).getString("log.format")).isEqualTo("json"));
    }

    @Test
    void shouldOpenThePortsOfTheSettings() {
        for (Workload workload : workloads) {
            // When
            Settings settings = settings(workload);

            // Then
            assertThat(workload.port("management")).isEqualTo(settings.getInt("management.port"));
            if (workload.isBridge()) {
                assertThat(workload.port("http")).isEqualTo(settings.getInt("http.port"));
            }
        }
    }

    /** {@link ProbesTest} shows that the processes answer these paths. */
    @Test
    void shouldProbeTheManagementPort() {
        for (Workload workload : workloads) {
            // Given
            Container container = workload.container();
            List<Probe> probes =
                    List.of(container.getStartupProbe(), container.getLivenessProbe(), container.getReadinessProbe());

            // When / Then
            assertThat(probes)
                    .extracting(probe -> probe.getHttpGet().getPort().getStrVal()
                            + probe.getHttpGet().getPath())
                    .containsExactly("management/health/live", "management/health/live", "management/health/ready");
        }
    }

    @Test
    void shouldLeaveAPodTheTimeToStop() {
        for (Workload workload : workloads) {
            // When
            Duration grace = Duration.ofSeconds(workload.pod().getTerminationGracePeriodSeconds());

            // Then
            Duration needed = workload.isBridge()
                    ? Duration.ofMillis(settings(workload).getLong("shutdown.drain.ms"))
                            .plus(AFTER_THE_DRAIN)
                    : STOP_OF_THE_APP;
            assertThat(grace).as(workload.process()).isGreaterThanOrEqualTo(needed);
            assertThat(workload.container().getLifecycle()).isNull();
        }
    }

    /** A bridge that is stopped is not ready at once, so the drain must outlast what the probes need to see it. */
    @Test
    void shouldDrainLongerThanTheProbesNeed() {
        for (Workload workload : workloads) {
            if (workload.isBridge()) {
                // When
                Probe ready = workload.container().getReadinessProbe();

                // Then
                assertThat(settings(workload).getLong("shutdown.drain.ms"))
                        .isGreaterThanOrEqualTo(1_000L * ready.getPeriodSeconds() * ready.getFailureThreshold());
            }
        }
    }

    @Test
    void shouldReplaceOneBridgeAfterTheOther() {
        // When
        Deployment bridge = manifests.all(Deployment.class).get(0);

        // Then
        assertThat(bridge.getSpec()
                        .getStrategy()
                        .getRollingUpdate()
                        .getMaxUnavailable()
                        .getIntVal())
                .isZero();
    }

    @Test
    void shouldMakeEachAppAStaticMemberWithAStandby() {
        for (Workload workload : workloads) {
            if (!workload.isBridge()) {
                // When
                Map<String, String> environment = workload.environment();

                // Then
                assertThat(environment)
                        .containsEntry("HANDOVER_KAFKA_GROUP_INSTANCE_ID", "handover-app-0")
                        .containsEntry("HANDOVER_KAFKA_NUM_STANDBY_REPLICAS", "1");
            }
        }
    }

    /** A headless service gives each pod of a StatefulSet a name. */
    @Test
    void shouldAdvertiseTheNameOfThePod() {
        for (Workload workload : workloads) {
            if (!workload.isBridge()) {
                // When
                String address = settings(workload).getString("management.advertised.address");

                // Then
                Service service = manifests.all(Service.class).stream()
                        .filter(each -> each.getSpec().getSelector().equals(workload.matchLabels()))
                        .findFirst()
                        .orElseThrow();
                assertThat(service.getSpec().getClusterIP()).isEqualTo("None");
                assertThat(service.getSpec().getPublishNotReadyAddresses()).isTrue();
                assertThat(address)
                        .isEqualTo("handover-app-0." + service.getMetadata().getName() + ".default.svc:"
                                + workload.port("management"));
            }
        }
    }

    @Test
    void shouldKeepTheStateOnTheVolumeOfThePod() {
        // Given
        StatefulSet app = manifests.all(StatefulSet.class).get(0);
        String claim =
                app.getSpec().getVolumeClaimTemplates().get(0).getMetadata().getName();
        Workload workload =
                workloads.stream().filter(each -> !each.isBridge()).findFirst().orElseThrow();

        // When
        VolumeMount mount = workload.container().getVolumeMounts().stream()
                .filter(each -> each.getName().equals(claim))
                .findFirst()
                .orElseThrow();

        // Then
        assertThat(Path.of(settings(workload).getString("state.dir"))).startsWithRaw(Path.of(mount.getMountPath()));
        assertThat(mount.getReadOnly()).isNotEqualTo(true);
        assertThat(app.getSpec().getServiceName())
                .isEqualTo(app.getMetadata().getName())
                .isIn(names(Service.class));
    }

    @Test
    void shouldRunWithoutPrivileges() {
        for (Workload workload : workloads) {
            // When
            SecurityContext container = workload.container().getSecurityContext();

            // Then
            assertThat(workload.pod().getSecurityContext().getRunAsNonRoot()).isTrue();
            assertThat(workload.pod().getSecurityContext().getRunAsUser()).isEqualTo(10_001);
            assertThat(workload.pod().getSecurityContext().getSeccompProfile().getType())
                    .isEqualTo("RuntimeDefault");
            assertThat(workload.pod().getAutomountServiceAccountToken()).isFalse();
            assertThat(container.getAllowPrivilegeEscalation()).isFalse();
            assertThat(container.getReadOnlyRootFilesystem()).isTrue();
            assertThat(container.getCapabilities().getDrop()).containsExactly("ALL");
            assertThat(container.getCapabilities().getAdd()).isEmpty();
        }
    }

    @Test
    void shouldMountEveryFileThatASettingNames() {
        for (Workload workload : workloads) {
            // Given
            List<VolumeMount> mounts = workload.container().getVolumeMounts();

            // When
            List<String> files = Stream.concat(
                            workload.environment().entrySet().stream()
                                    .filter(variable -> variable.getKey().endsWith("_FILE"))
                                    .map(Map.Entry::getValue),
                            workload.container().getArgs().stream().filter(arg -> arg.startsWith("/")))
                    .toList();

            // Then
            assertThat(files)
                    .isNotEmpty()
                    .allSatisfy(file ->
                            assertThat(mounts).anyMatch(mount -> Path.of(file).startsWith(mount.getMountPath())));
            assertThat(mounts).anyMatch(mount -> mount.getMountPath().equals("/tmp"));
            assertThat(workload.pod().getVolumes())
                    .extracting(Volume::getName)
                    .isSubsetOf(mounts.stream().map(VolumeMount::getName).toList());
        }
    }

    /** No secret is in the environment or in a ConfigMap. */
    @Test
    void shouldTakeSecretsFromFilesOnly() {
        for (Workload workload : workloads) {
            // When
            Set<String> secret = new HashSet<>(workload.environment().keySet());
            String table = definition(workload).markdownTable();
            secret.removeIf(name ->
                    table.lines().noneMatch(row -> row.contains("`" + name + "`") && row.contains("| password |")));

            // Then
            assertThat(secret).isEmpty();
        }
    }

    @Test
    void shouldLimitTheMemoryAboveWhatTheProcessNeeds() {
        for (Workload workload : workloads) {
            // When
            Map<String, Quantity> limits = workload.container().getResources().getLimits();
            long outsideTheHeap = limits.get("memory").getNumericalAmount().longValueExact() / 2;

            // Then
            long needed = JAVA_RUNTIME_BYTES
                    + (workload.isBridge()
                            ? 0
                            : settings(workload).getLong("state.memory.max.bytes") + PAGE_CACHE_BYTES);
            assertThat(outsideTheHeap).as(workload.process()).isGreaterThanOrEqualTo(needed);
            assertThat(workload.container().getResources().getRequests()).containsKeys("cpu", "memory");
        }
    }

    @Test
    void shouldSelectThePodsOfOneProcess() {
        // Given
        List<Map<String, String>> selectors = Stream.of(
                        manifests.all(Service.class).stream()
                                .map(each -> each.getSpec().getSelector()),
                        manifests.all(PodDisruptionBudget.class).stream()
                                .map(each -> each.getSpec().getSelector().getMatchLabels()),
                        manifests.all(NetworkPolicy.class).stream()
                                .map(each -> each.getSpec().getPodSelector().getMatchLabels()),
                        workloads.stream().map(Workload::matchLabels),
                        workloads.stream()
                                .flatMap(each -> each.pod().getTopologySpreadConstraints().stream())
                                .map(each -> each.getLabelSelector().getMatchLabels()))
                .flatMap(each -> each)
                .toList();

        // When / Then
        for (Map<String, String> selector : selectors) {
            assertThat(workloads)
                    .filteredOn(each ->
                            each.template().getMetadata().getLabels().entrySet().containsAll(selector.entrySet()))
                    .as(selector.toString())
                    .hasSize(1);
        }
        for (Class<? extends HasMetadata> kind :
                List.of(Service.class, PodDisruptionBudget.class, NetworkPolicy.class)) {
            assertThat(names(kind))
                    .as(kind.getSimpleName())
                    .containsExactlyInAnyOrder("handover-bridge", "handover-app");
        }
    }

    @Test
    void shouldServePortsThatAPodOpens() {
        for (Service service : manifests.all(Service.class)) {
            // When
            Workload workload = workloads.stream()
                    .filter(each -> each.matchLabels().equals(service.getSpec().getSelector()))
                    .findFirst()
                    .orElseThrow();

            // Then
            assertThat(service.getSpec().getPorts())
                    .allSatisfy(port -> assertThat(
                                    workload.port(port.getTargetPort().getStrVal()))
                            .isEqualTo(port.getPort()));
        }
    }

    @Test
    void shouldLeadOnlyTheEndpointOutside() {
        // When / Then
        assertThat(manifests.all(Ingress.class))
                .flatExtracting(ingress -> ingress.getSpec().getRules())
                .flatExtracting(rule -> rule.getHttp().getPaths())
                .allSatisfy(path -> {
                    assertThat(path.getPath()).isEqualTo("/handover/genesysCloudOM");
                    assertThat(path.getPathType()).isEqualTo("Exact");
                    assertThat(path.getBackend().getService().getName()).isEqualTo("handover-bridge");
                    assertThat(path.getBackend().getService().getPort().getName())
                            .isEqualTo("http");
                });
    }

    private List<String> names(Class<? extends HasMetadata> kind) {
        return manifests.all(kind).stream()
                .map(object -> object.getMetadata().getName())
                .toList();
    }

    static SettingsDefinition definition(Workload workload) {
        return workload.isBridge() ? IngressBridge.settings() : StreamsApp.settings();
    }

    private Settings settings(Workload workload) {
        return definition(workload).load(null, workload.environment(), Map.of());
    }

    private static boolean isOfKafka(String name) {
        String prefix = "HANDOVER_KAFKA_";
        if (!name.startsWith(prefix)) {
            return false;
        }
        String key = name.substring(prefix.length()).toLowerCase(Locale.ROOT).replace('_', '.');
        return ConsumerConfig.configNames().contains(key)
                || ProducerConfig.configNames().contains(key)
                || StreamsConfig.configDef().names().contains(key);
    }
}
