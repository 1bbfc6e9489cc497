package io.handover.torture;

import io.handover.schema.Topics;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.common.config.TopicConfig;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A steady load on the bridge while Kafka is killed, frozen, cut off and short of replicas. No delivery is lost, and each
 * is answered in time.
 */
class KafkaTroubleIT {

    /** A frozen broker is thawed by then, even if this JVM is gone. */
    private static final Duration LONGEST_FREEZE = Duration.ofSeconds(30);

    private static final Duration ANY_TIME = Duration.ZERO;
    private static final Duration LONGER_THAN_EVENT_BRIDGE_WAITS = EventBridge.TIME_OUT.plusMillis(500);
    private static final int ROUNDS = 2;
    private static final int REPLICAS = 3;

    @TempDir
    private static Path folder;

    private static BrokerCluster single;

    @BeforeAll
    static void startBroker() {
        single = new BrokerCluster(folder, 1, Map.of());
        single.start();
    }

    @AfterAll
    static void stopBroker() {
        single.close();
    }

    @BeforeEach
    void createTopics() throws Exception {
        single.createTopics();
    }

    @AfterEach
    void deleteTopics() throws Exception {
        single.deleteTopics();
    }

    @Test
    void shouldLoseNothingWhenTheBrokerIsKilledAndFrozen() throws Exception {
        // Given
        ChildProcess broker = single.broker(1);
        try (BridgeProcess bridge = startBridge("killed", single.bootstrapServers());
                SteadyLoad load = SteadyLoad.on(bridge)) {

            // When
            for (int round = 1; round <= ROUNDS; round++) {
                load.during(broker::kill, ANY_TIME, broker::start);
                load.during(() -> broker.freeze(LONGEST_FREEZE), LONGER_THAN_EVENT_BRIDGE_WAITS, broker::thaw);
            }

            // Then
            assertContractKept("broker killed and frozen twice", single, bridge, load);
        }
    }

    @Test
    void shouldLoseNothingWhileCutOffFromTheBroker() throws Exception {
        // Given
        try (BridgeProcess bridge = startBridge("cut-off", single.linkedBootstrapServers());
                SteadyLoad load = SteadyLoad.on(bridge)) {

            // When
            load.during(single.link()::cut, LONGER_THAN_EVENT_BRIDGE_WAITS, single.link()::heal);

            // Then
            assertContractKept("network cut", single, bridge, load);
        }
    }

    @Test
    void shouldLoseNothingWhileTooFewReplicasAreInSync() throws Exception {
        // Given
        try (BrokerCluster three = new BrokerCluster(Files.createDirectory(folder.resolve("3")), REPLICAS, Map.of())) {
            three.start();
            three.createTopics();
            requireInSync(three, REPLICAS);
            try (BridgeProcess bridge = startBridge("replica", three.bootstrapServers());
                    SteadyLoad load = SteadyLoad.on(bridge)) {

                // When
                load.during(three.broker(REPLICAS)::kill, ANY_TIME, () -> requireInSync(three, REPLICAS - 1));
                load.during(() -> requireInSync(three, REPLICAS), ANY_TIME, three.broker(REPLICAS)::start);

                // Then
                assertContractKept("replicas missing, twice", three, bridge, load);
            }
        }
    }

    private static BridgeProcess startBridge(String name, String bootstrapServers) throws Exception {
        return BridgeProcess.start(Files.createDirectory(folder.resolve(name)), bootstrapServers, Map.of());
    }

    private static void requireInSync(BrokerCluster cluster, int replicas) throws Exception {
        cluster.alterTopic(Topics.EVENTS, TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, String.valueOf(replicas));
    }

    private static void assertContractKept(String title, BrokerCluster cluster, BridgeProcess bridge, SteadyLoad load)
            throws Exception {
        Reconciliation reconciliation =
                new Reconciliation(load.finish(), load.attempts(), load.deadLetterQueue(), cluster.events());
        System.out.println(reconciliation.line(title));
        reconciliation.assertNothingLost();
        bridge.assertLedgerCloses(load.attempts());
        bridge.assertUnharmed();
    }
}
