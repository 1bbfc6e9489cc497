package io.handover.torture;

import static org.assertj.core.api.Assertions.assertThat;

import io.handover.schema.Topics;
import io.handover.torture.EventBridge.Attempt;
import io.handover.torture.EventBridge.Event;
import io.handover.torture.EventBridge.RetryPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Future;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.Resource;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Kafka rejects the records of the bridge. The sender gets 503 in time. As soon as Kafka accepts the records, the bridge
 * answers with 2xx, without a restart.
 */
class KafkaRefusalIT {

    private static final String LOGIN =
            "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"bridge\" password=\"secret\"";

    /** Clients over the link must authenticate, and operations can be denied to them. */
    static final Map<String, String> AUTHORIZING = Map.of(
            "listener.security.protocol.map",
            "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,%s:SASL_PLAINTEXT".formatted(BrokerCluster.LINKED_LISTENER),
            "sasl.enabled.mechanisms",
            "PLAIN",
            "listener.name.linked.plain.sasl.jaas.config",
            LOGIN + " user_bridge=\"secret\";",
            "authorizer.class.name",
            "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
            "super.users",
            "User:ANONYMOUS",
            "allow.everyone.if.no.acl.found",
            "true",
            // A topic that a client asks for is created with one partition.
            "auto.create.topics.enable",
            "true");

    static final Map<String, String> AS_BRIDGE = Map.of(
            "HANDOVER_KAFKA_SECURITY_PROTOCOL", "SASL_PLAINTEXT",
            "HANDOVER_KAFKA_SASL_MECHANISM", "PLAIN",
            "HANDOVER_KAFKA_SASL_JAAS_CONFIG", LOGIN + ";");

    private static final ResourcePattern EVERY_TOPIC =
            new ResourcePattern(ResourceType.TOPIC, ResourcePattern.WILDCARD_RESOURCE, PatternType.LITERAL);
    private static final ResourcePattern CLUSTER =
            new ResourcePattern(ResourceType.CLUSTER, Resource.CLUSTER_NAME, PatternType.LITERAL);

    private static final int OK = 200;
    private static final int TOO_LARGE = 413;
    private static final int SMALL_EVENTS = 20;

    /** The limit of a record in the topic. As in any real topic, it is larger than a batch of the producer (batch.size). */
    private static final int MAX_BYTES = 100_000;

    @TempDir
    private static Path folder;

    private static BrokerCluster kafka;

    private final List<Event> sent = new ArrayList<>();
    private final Queue<Attempt> attempts = new ConcurrentLinkedQueue<>();

    @BeforeAll
    static void startBroker() {
        kafka = new BrokerCluster(folder, 1, AUTHORIZING);
        kafka.start();
    }

    @AfterAll
    static void stopBroker() {
        kafka.close();
    }

    @AfterEach
    void restoreBroker() throws Exception {
        grant();
        kafka.deleteTopics();
    }

    @Test
    void shouldServeAsSoonAsTheTopicsExist() throws Exception {
        // Given
        try (BridgeProcess bridge = startBridge("no-topics", kafka.bootstrapServers(), Map.of());
                EventBridge sender = senderTo(bridge)) {
            awaitFailedRetry(bridge, sender);
            assertThat(bridge.isReady()).isFalse();
            assertThat(kafka.admin().listTopics().names().get()).doesNotContain(Topics.EVENTS, Topics.DEAD_LETTERS);

            // When
            kafka.createTopics();

            // Then
            assertServesWhenReady(bridge, sender);
            assertContractKept("topics created", kafka, bridge, sender);
        }
    }

    @Test
    void shouldServeAsSoonAsKafkaIsUp() throws Exception {
        // Given
        try (BrokerCluster late = new BrokerCluster(Files.createDirectory(folder.resolve("late")), 1, Map.of());
                BridgeProcess bridge = startBridge("no-kafka", late.bootstrapServers(), Map.of());
                EventBridge sender = senderTo(bridge)) {
            awaitFailedRetry(bridge, sender);
            assertThat(bridge.isReady()).isFalse();

            // When
            late.start();
            late.createTopics();

            // Then
            assertServesWhenReady(bridge, sender);
            assertContractKept("Kafka started", late, bridge, sender);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = AclOperation.class,
            names = {"ALL", "WRITE"})
    void shouldServeAsSoonAsItsPermissionsAreRestored(AclOperation denied) throws Exception {
        // Given
        kafka.createTopics();
        try (BridgeProcess bridge = startBridge("lost-" + denied, kafka.linkedBootstrapServers(), AS_BRIDGE);
                EventBridge sender = senderTo(bridge)) {
            assertServesWhenReady(bridge, sender);
            deny(denied);
            awaitFailedRetry(bridge, sender);

            // When
            grant();

            // Then
            assertContractKept(denied + " denied and restored", kafka, bridge, sender);
        }
    }

    /** Without permissions the producer gets no id, which it needs before its first write. */
    @ParameterizedTest
    @EnumSource(
            value = AclOperation.class,
            names = {"ALL", "WRITE"})
    void shouldServeAsSoonAsItHasPermissions(AclOperation denied) throws Exception {
        // Given
        kafka.createTopics();
        deny(denied);
        try (BridgeProcess bridge = startBridge("without-" + denied, kafka.linkedBootstrapServers(), AS_BRIDGE);
                EventBridge sender = senderTo(bridge)) {
            awaitFailedRetry(bridge, sender);
            // A producer without permissions requests an id thousands of times per second.
            assertThat(bridge.metrics()).doesNotContain("kafka_producer_");

            // When
            grant();

            // Then
            assertContractKept(denied + " granted later", kafka, bridge, sender);
        }
    }

    @Test
    void shouldRefuseForGoodOnlyWhatIsTooLargeForTheTopic() throws Exception {
        // Given
        kafka.createTopics();
        kafka.alterTopic(Topics.EVENTS, TopicConfig.MAX_MESSAGE_BYTES_CONFIG, String.valueOf(MAX_BYTES));
        Event large = NumberedEvents.event(0, MAX_BYTES);
        try (BridgeProcess bridge = startBridge("too-large", kafka.bootstrapServers(), Map.of());
                EventBridge sender = senderTo(bridge)) {
            bridge.awaitReady();

            // When
            Future<Attempt> unused = sender.deliver(large);
            for (int i = 0; i < SMALL_EVENTS; i++) {
                deliverNext(sender);
            }
            awaitNothingOpen(sender);

            // Then
            assertThat(sender.deadLetterQueue()).extracting(Attempt::event).containsExactly(large);
            assertThat(attempts)
                    .filteredOn(attempt -> attempt.event().equals(large))
                    .extracting(Attempt::status)
                    .containsExactly(TOO_LARGE);
            List<Attempt> others = attempts.stream()
                    .filter(attempt -> !attempt.event().equals(large))
                    .toList();
            new Reconciliation(sent, others, List.of(), kafka.events()).assertNothingLost();
            bridge.assertLedgerCloses(List.copyOf(attempts));
            bridge.assertUnharmed();
        }
    }

    private static BridgeProcess startBridge(String name, String bootstrapServers, Map<String, String> settings)
            throws IOException {
        return BridgeProcess.start(Files.createDirectory(folder.resolve(name)), bootstrapServers, settings);
    }

    private EventBridge senderTo(BridgeProcess bridge) {
        return new EventBridge(bridge.endpoint(), BridgeProcess.KEY, RetryPolicy.DEFAULT, attempts::add);
    }

    private Event nextEvent() {
        Event event = NumberedEvents.event(sent.size(), 0);
        sent.add(event);
        return event;
    }

    private void deliverNext(EventBridge sender) {
        Future<Attempt> unused = sender.deliver(nextEvent());
    }

    /** Sends until a retry failed. Meanwhile the bridge is live. */
    private void awaitFailedRetry(BridgeProcess bridge, EventBridge sender) {
        Awaitility.await().atMost(BrokerCluster.PATIENCE).until(() -> {
            deliverNext(sender);
            bridge.assertResponsive();
            return attempts.stream().anyMatch(attempt -> attempt.number() > 1 && !attempt.isAccepted());
        });
    }

    /** As soon as the bridge is ready, it accepts an event. */
    private void assertServesWhenReady(BridgeProcess bridge, EventBridge sender) {
        bridge.awaitReady();
        assertThat(sender.attempt(nextEvent()).status()).isEqualTo(OK);
    }

    /** All events are accepted in the end, and the metrics of the bridge agree with the attempts. */
    private void assertContractKept(String title, BrokerCluster cluster, BridgeProcess bridge, EventBridge sender)
            throws IOException {
        awaitNothingOpen(sender);
        Reconciliation reconciliation =
                new Reconciliation(sent, List.copyOf(attempts), sender.deadLetterQueue(), cluster.events());
        System.out.println(reconciliation.line(title));
        reconciliation.assertNothingLost();
        bridge.assertLedgerCloses(List.copyOf(attempts));
        bridge.assertUnharmed();
    }

    private static void awaitNothingOpen(EventBridge sender) {
        Awaitility.await().atMost(BrokerCluster.PATIENCE).until(() -> sender.open() == 0);
    }

    /** Denies the operation to the bridge alone. */
    private static void deny(AclOperation operation) throws Exception {
        List<AclBinding> entries = new ArrayList<>();
        for (ResourcePattern resource : List.of(EVERY_TOPIC, CLUSTER)) {
            entries.add(entry(resource, "User:bridge", operation, AclPermissionType.DENY));
            // A resource with any entry is closed to all whom no entry allows.
            entries.add(entry(resource, "User:*", AclOperation.ALL, AclPermissionType.ALLOW));
        }
        // It is the only write operation of the cluster.
        entries.add(entry(CLUSTER, "User:bridge", AclOperation.IDEMPOTENT_WRITE, AclPermissionType.DENY));
        kafka.admin().createAcls(entries).all().get();
    }

    static AclBinding entry(
            ResourcePattern resource, String principal, AclOperation operation, AclPermissionType permission) {
        return new AclBinding(resource, new AccessControlEntry(principal, "*", operation, permission));
    }

    /** Removes every denial. */
    private static void grant() throws Exception {
        kafka.admin().deleteAcls(List.of(AclBindingFilter.ANY)).all().get();
    }
}
