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
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** Events that come in for a bridge at a steady rate, whatever becomes of them. */
final class SteadyLoad implements AutoCloseable {

    /** Few enough that two processors are not the trouble, with up to five processes on them. */
    private static final long BETWEEN_EVENTS_MS = 100;

    /** The bridge has warmed up then. */
    private static final long FEWEST_TAKEN_BEFORE = 20;

    /** While all is well: as many as come in while a few are answered. */
    private static final int MOST_UNDER_WAY = 5;

    /** Of each trouble; so many that it was one. */
    private static final long FEWEST_FAILURES = 20;

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

    /** Begins when the bridge is ready, and returns when events flow. */
    static SteadyLoad on(BridgeProcess bridge) {
        bridge.awaitReady();
        SteadyLoad load = new SteadyLoad(bridge);
        Awaitility.await()
                .atMost(BrokerCluster.PATIENCE)
                .until(() -> load.attempts.stream().filter(Attempt::isAccepted).count() >= FEWEST_TAKEN_BEFORE);
        return load;
    }

    private void next() {
        Event event = NumberedEvents.event(sent.size());
        sent.add(event);
        Future<Attempt> unused = sender.deliver(event);
    }

    /** Something that is done to Kafka. */
    interface Change {
        void make() throws Exception;
    }

    /**
     * Goes on while Kafka is in trouble, and until all that came in meanwhile is delivered. During the trouble the bridge's
     * event loops answer; and from the first answer that tells of it to its end, none is 2xx.
     *
     * @param atLeast how long it lasts
     */
    void during(Change trouble, Duration atLeast, Change remedy) throws Exception {
        trouble.make();
        long beganNs = System.nanoTime();
        Awaitility.await().atMost(BrokerCluster.PATIENCE).until(() -> {
            bridge.assertResponsive();
            return System.nanoTime() - beganNs > atLeast.toNanos()
                    && failuresSince(beganNs).count() >= FEWEST_FAILURES;
        });
        long endedNs = System.nanoTime();
        remedy.make();
        Awaitility.await()
                .atMost(BrokerCluster.PATIENCE)
                .until(() -> bridge.isReady() && sender.open() <= MOST_UNDER_WAY);
        long firstFailureNs =
                failuresSince(beganNs).mapToLong(Attempt::endedNs).min().orElseThrow();
        assertThat(attempts)
                .filteredOn(attempt -> attempt.endedNs() > firstFailureNs && attempt.endedNs() < endedNs)
                .noneMatch(Attempt::isAccepted);
    }

    private Stream<Attempt> failuresSince(long beganNs) {
        return attempts.stream().filter(attempt -> attempt.beganNs() > beganNs && !attempt.isAccepted());
    }

    /** Ends it, when everything is delivered or given up. */
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
