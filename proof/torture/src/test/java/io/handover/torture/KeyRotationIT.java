package io.handover.torture;

import static org.assertj.core.api.Assertions.assertThat;

import io.handover.torture.EventBridge.Attempt;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rotates the key of EventBridge and of the bridge under load, in the documented order and in the wrong one. */
class KeyRotationIT {

    private static final String OLD_KEY = BridgeProcess.KEY;
    private static final String NEW_KEY = "the-new-key";

    @TempDir
    private static Path folder;

    private static BrokerCluster single;

    private Path logs;
    private Path keys;

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
        logs = Files.createTempDirectory(folder, "bridge");
        keys = logs.resolve("keys");
        replaceKeys(OLD_KEY);
    }

    @AfterEach
    void deleteTopics() throws Exception {
        single.deleteTopics();
    }

    @Test
    void shouldLoseAndRejectNothingIfTheBridgeIsFirst() throws Exception {
        // Given
        try (BridgeProcess bridge = startBridge();
                SteadyLoad load = SteadyLoad.on(bridge)) {

            // When
            replaceKeys(NEW_KEY, OLD_KEY);
            bridge.awaitReloads(1);
            load.updateConnection(NEW_KEY);
            load.awaitMore(Attempt::isAccepted);
            replaceKeys(NEW_KEY);
            bridge.awaitReloads(2);
            load.awaitMore(Attempt::isAccepted);

            // Then
            assertNothingLost(bridge, load);
            assertThat(bridge.metrics()).contains(rejections("refused", "unauthorized", 0), ofEventBridge(0));
        }
    }

    @Test
    void shouldLoseNothingIfEventBridgeIsFirst() throws Exception {
        // Given
        try (BridgeProcess bridge = startBridge();
                SteadyLoad load = SteadyLoad.on(bridge)) {

            // When
            load.updateConnection(NEW_KEY);
            load.awaitMore(attempt -> !attempt.isAccepted());
            replaceKeys(NEW_KEY);
            bridge.awaitReloads(1);
            load.awaitMore(Attempt::isAccepted);

            // Then
            assertNothingLost(bridge, load);
            long failures = load.attempts().stream()
                    .filter(attempt -> !attempt.isAccepted())
                    .count();
            assertThat(bridge.metrics()).contains(rejections("refused", "unauthorized", 0), ofEventBridge(failures));
        }
    }

    private BridgeProcess startBridge() {
        return BridgeProcess.start(
                logs,
                single.bootstrapServers(),
                Map.of("HANDOVER_API_KEY", "", "HANDOVER_API_KEY_FILE", keys.toString()));
    }

    /** Replaces the file in one step, so that the bridge never reads half of it. */
    private void replaceKeys(String... lines) throws IOException {
        Path next = Files.writeString(keys.resolveSibling("keys.next"), String.join("\n", lines) + "\n");
        Files.move(next, keys, StandardCopyOption.ATOMIC_MOVE);
    }

    private static void assertNothingLost(BridgeProcess bridge, SteadyLoad load) throws Exception {
        Reconciliation reconciliation =
                new Reconciliation(load.finish(), load.attempts(), load.deadLetterQueue(), single.events());
        System.out.println(reconciliation.line("key rotated"));
        reconciliation.assertNothingLost();
        bridge.assertLedgerCloses(load.attempts());
        bridge.assertUnharmed();
    }

    private static String ofEventBridge(long count) {
        return rejections("failed", "unauthorized-eventbridge", count);
    }

    private static String rejections(String kind, String reason, long count) {
        return "handover_deliveries_%s_total{reason=\"%s\"} %d.0".formatted(kind, reason, count);
    }
}
