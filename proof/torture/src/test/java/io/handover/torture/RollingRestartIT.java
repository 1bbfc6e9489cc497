package io.handover.torture;

import static org.assertj.core.api.Assertions.assertThat;

import io.handover.schema.Topics;
import io.handover.torture.EventBridge.Attempt;
import io.handover.torture.EventBridge.Event;
import io.handover.torture.EventBridge.RetryPolicy;
import io.handover.traffic.GenesysEvent;
import io.handover.traffic.GenesysEvent.Kind;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Restarts two bridges behind a load balancer, and two instances of streams-app, one after the other, while deliveries
 * arrive. The sender notices nothing. {@code -Drolling.minutes=10} makes it longer; by default, each is restarted twice.
 */
class RollingRestartIT {

    private static final int PER_SECOND = 300;
    private static final int RESTARTS = 2;
    private static final Duration DRAIN = Duration.ofMillis(LoadBalancer.CHECK_EVERY_MS * LoadBalancer.FAILURES * 4);

    @TempDir
    private static Path folder;

    private final Queue<Attempt> attempts = new ConcurrentLinkedQueue<>();
    private final AtomicInteger sent = new AtomicInteger();

    @Test
    void shouldRefuseNothingAndSendEachCommandOnce() throws Exception {
        // Given
        try (BrokerCluster kafka = new BrokerCluster(folder, 1, Map.of())) {
            kafka.start();
            kafka.createTopics();
            try (BridgeProcess one = bridge("bridge-1", kafka);
                    BridgeProcess other = bridge("bridge-2", kafka);
                    AppProcess first = app("app-1", kafka);
                    AppProcess second = app("app-2", kafka)) {
                one.awaitReady();
                other.awaitReady();
                first.awaitReady();
                second.awaitReady();
                try (CommandWatch watch = CommandWatch.start(kafka.bootstrapServers());
                        LoadBalancer balancer = LoadBalancer.of(one, other);
                        EventBridge sender = new EventBridge(
                                URI.create("http://127.0.0.1:" + balancer.port() + "/handover/genesysCloudOM"),
                                BridgeProcess.KEY,
                                RetryPolicy.DEFAULT,
                                attempts::add)) {
                    ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
                    Future<?> load = clock.scheduleAtFixedRate(
                            () -> deliver(sender), 0, 1_000_000 / PER_SECOND, TimeUnit.MICROSECONDS);

                    // When
                    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(Integer.getInteger("rolling.minutes", 0));
                    int restarts = 0;
                    while (restarts < RESTARTS || System.nanoTime() < end) {
                        for (BridgeProcess bridge : List.of(one, other)) {
                            restart(bridge, balancer);
                        }
                        for (AppProcess app : List.of(first, second)) {
                            app.stop();
                            app.restart();
                            app.awaitReady();
                        }
                        restarts++;
                    }
                    load.cancel(false);
                    clock.shutdown();
                    Awaitility.await().atMost(BrokerCluster.PATIENCE).until(() -> sender.open() == 0);
                    assertThat(attempts)
                            .filteredOn(attempt -> !attempt.isAccepted())
                            .isEmpty();
                    Awaitility.await().atMost(BrokerCluster.PATIENCE).until(() -> watch.seen() >= sent.get());
                    List<ConsumerRecord<String, byte[]>> commands = commands(kafka);
                    List<Long> waits = watch.latenesses();
                    System.out.printf(
                            "%d rolling restarts, %d deliveries, refused %d, reset %d, not 200 %d, commands %d,"
                                    + " longest wait of a command %d ms%n",
                            restarts,
                            sent.get(),
                            balancer.refused(),
                            balancer.reset(),
                            attempts.stream().filter(a -> !a.isAccepted()).count(),
                            commands.size(),
                            waits.get(waits.size() - 1));

                    // Then
                    assertThat(balancer.refused() + balancer.reset()).isZero();
                    assertThat(commands)
                            .hasSize(sent.get())
                            .extracting(ConsumerRecord::key)
                            .doesNotHaveDuplicates();
                }
            }
        }
    }

    private static BridgeProcess bridge(String name, BrokerCluster kafka) throws Exception {
        Path logs = Files.createDirectory(folder.resolve(name));
        return BridgeProcess.start(
                logs,
                kafka.bootstrapServers(),
                Map.of(
                        "HANDOVER_SHUTDOWN_DRAIN_MS",
                        String.valueOf(DRAIN.toMillis()),
                        "HANDOVER_ORGANIZATION_ID",
                        "",
                        "HANDOVER_ORGANIZATION_CHECK_SKIP",
                        "true"));
    }

    private static AppProcess app(String name, BrokerCluster kafka) {
        return AppProcess.start(
                folder,
                name,
                kafka.bootstrapServers(),
                Map.of("HANDOVER_KAFKA_NUM_STANDBY_REPLICAS", "1", "HANDOVER_KAFKA_GROUP_INSTANCE_ID", name));
    }

    private static void restart(BridgeProcess bridge, LoadBalancer balancer) {
        bridge.stop();
        bridge.start();
        bridge.awaitReady();
        Awaitility.await().atMost(BrokerCluster.PATIENCE).until(() -> balancer.isHealthy(bridge));
    }

    /** Delivers the start of an agent in a new conversation, which causes one command. */
    private void deliver(EventBridge sender) {
        int number = sent.getAndIncrement();
        String conversation = new UUID(7, number).toString();
        GenesysEvent event = new GenesysEvent(
                conversation,
                1,
                Kind.USER_START,
                System.currentTimeMillis(),
                new UUID(8, number).toString(),
                new UUID(9, number).toString(),
                null,
                null,
                0,
                0,
                null);
        String id = new UUID(10, number).toString();
        Future<Attempt> unused = sender.deliver(
                new Event(id, conversation, new String(event.envelope(id, null), StandardCharsets.UTF_8)));
    }

    private static List<ConsumerRecord<String, byte[]>> commands(BrokerCluster kafka) {
        List<ConsumerRecord<String, byte[]>> commands = new ArrayList<>();
        try (LogReader reader = LogReader.of(kafka.bootstrapServers(), IsolationLevel.READ_COMMITTED)) {
            for (TopicPartition partition : reader.partitionsOf(Topics.COMMANDS)) {
                reader.read(partition, commands::add);
            }
        }
        return commands;
    }
}
