package io.handover.torture;

import static org.assertj.core.api.Assertions.assertThat;

import io.handover.torture.EventBridge.Attempt;
import io.handover.torture.EventBridge.Event;
import io.handover.torture.EventBridge.RetryPolicy;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** A load of events at a steady rate, whatever the bridge answers. */
final class SteadyLoad implements AutoCloseable {

    /** Rare enough for two processors with up to five processes. */
    private static final long BETWEEN_EVENTS_MS = 100;

    /** Enough for the bridge to warm up, and for each change to have an effect. */
    private static final long MIN_ATTEMPTS = 20;

    /** The number of open deliveries without trouble: as many as begin while a few are answered. */
    private static final int MAX_OPEN = 5;

    private final BridgeProcess bridge;
    private final EventBridge sender;
    private final Queue<Attempt> attempts = new ConcurrentLinkedQueue<>();
    private final Queue<Event> sent = new ConcurrentLinkedQueue<>();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    private final Future<?> events;

    private SteadyLoad(BridgeProcess bridge) {
        this.bridge = bridge;
        this.sender = new EventBridge(bridge.endpoint(), BridgeProcess.KEY, RetryPolicy.DEFAULT, attempts::add);
        this.events = clock.scheduleAtFixedRate(this::next, 0, BETWEEN_EVENTS_MS, TimeUnit.MILLISECONDS);
    }

    /** Begins when the bridge is ready, and returns when it has accepted some events. */
    static SteadyLoad on(BridgeProcess bridge) {
        bridge.awaitReady();
        SteadyLoad load = new SteadyLoad(bridge);
        load.awaitMore(Attempt::isAccepted);
        return load;
    }

    private void next() {
        Event event = NumberedEvents.event(sent.size());
        sent.add(event);
        Future<Attempt> unused = sender.deliver(event);
    }

    /** A change to Kafka. */
    interface Change {
        void make() throws Exception;
    }

    /**
     * Continues while Kafka is in trouble, and until all events of that time are delivered. The event loops of the bridge
     * answer all the time. From the first failure to the end of the trouble, no answer is 2xx.
     *
     * @param atLeast the minimum duration of the trouble
     */
    void during(Change trouble, Duration atLeast, Change remedy) throws Exception {
        trouble.make();
        long beganNs = System.nanoTime();
        Awaitility.await().atMost(BrokerCluster.PATIENCE).until(() -> {
            bridge.assertResponsive();
            return System.nanoTime() - beganNs > atLeast.toNanos()
                    && failuresSince(beganNs).count() >= MIN_ATTEMPTS;
        });
        long endedNs = System.nanoTime();
        remedy.make();
        Awaitility.await().atMost(BrokerCluster.PATIENCE).until(() -> bridge.isReady() && sender.open() <= MAX_OPEN);
        long firstFailureNs =
                failuresSince(beganNs).mapToLong(Attempt::endedNs).min().orElseThrow();
        assertThat(attempts)
                .filteredOn(attempt -> attempt.endedNs() > firstFailureNs && attempt.endedNs() < endedNs)
                .noneMatch(Attempt::isAccepted);
    }

    private Stream<Attempt> failuresSince(long beganNs) {
        return attempts.stream().filter(attempt -> attempt.beganNs() > beganNs && !attempt.isAccepted());
    }

    /** Waits until some attempts that begin from now on match. */
    void awaitMore(Predicate<Attempt> expected) {
        long nowNs = System.nanoTime();
        Awaitility.await()
                .atMost(BrokerCluster.PATIENCE)
                .until(() -> attempts.stream()
                                .filter(attempt -> attempt.beganNs() > nowNs && expected.test(attempt))
                                .count()
                        >= MIN_ATTEMPTS);
    }

    /** Gives the connection of EventBridge another key. */
    void updateConnection(String key) {
        sender.updateConnection(key);
    }

    /** Ends the load, and returns its events when all are delivered or given up. */
    List<Event> finish() {
        events.cancel(false);
        Awaitility.await().atMost(BrokerCluster.PATIENCE).until(() -> sender.open() == 0);
        return List.copyOf(sent);
    }

    List<Attempt> attempts() {
        return List.copyOf(attempts);
    }

    List<Attempt> deadLetterQueue() {
        return sender.deadLetterQueue();
    }

    @Override
    public void close() {
        clock.shutdownNow();
        sender.close();
    }
}
