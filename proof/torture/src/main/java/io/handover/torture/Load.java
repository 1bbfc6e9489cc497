package io.handover.torture;

import io.handover.torture.PlannedDelivery.Repetition;
import io.handover.torture.Script.Conversation;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends the conversations of a script. They begin one after the other, and each delivery is sent at its planned time.
 */
final class Load implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Load.class);

    private final Script script;
    private final EventBridge eventBridge;
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    private final AtomicInteger begun = new AtomicInteger();
    private final AtomicInteger over = new AtomicInteger();
    private final AtomicLong events = new AtomicLong();
    private final Map<Repetition, Integer> planned = new ConcurrentHashMap<>();
    private volatile boolean ending;
    private volatile boolean ended;

    Load(Script script, EventBridge eventBridge) {
        this.script = script;
        this.eventBridge = eventBridge;
    }

    /** Begins the first conversation at its time. */
    void start() {
        at(script.beginMs(0), this::beginNext);
    }

    /** Begins no more conversations. Conversations that have begun are sent to their end. */
    void end() {
        ending = true;
    }

    /** Whether no more conversations begin, and all deliveries are accepted or given up. */
    boolean isOver() {
        return ended && over.get() == begun.get();
    }

    private void beginNext() {
        while (!ending && script.beginMs(begun.get()) <= System.currentTimeMillis()) {
            begin(script.conversation(begun.get()));
            begun.incrementAndGet();
        }
        if (ending) {
            ended = true;
            return;
        }
        at(script.beginMs(begun.get()), this::beginNext);
    }

    private void begin(Conversation conversation) {
        events.addAndGet(conversation.history().events().size());
        AtomicInteger open = new AtomicInteger(conversation.planned().size());
        for (PlannedDelivery delivery : conversation.deliveries()) {
            planned.merge(delivery.repetition(), 1, Integer::sum);
            at(delivery.arrival().at(), () -> send(delivery, open));
        }
    }

    private void send(PlannedDelivery delivery, AtomicInteger open) {
        CompletableFuture<Void> unused = eventBridge.deliver(delivery.event()).thenRun(() -> {
            if (open.decrementAndGet() == 0) {
                over.incrementAndGet();
            }
        });
    }

    private void at(long timeMs, Runnable task) {
        Future<?> unused = clock.schedule(
                () -> {
                    try {
                        task.run();
                    } catch (RuntimeException e) {
                        LOG.atError().setCause(e).log("Load failed");
                    }
                },
                timeMs - System.currentTimeMillis(),
                TimeUnit.MILLISECONDS);
    }

    /** The number of conversations that have begun. */
    int begun() {
        return begun.get();
    }

    /** The number of conversations whose deliveries are all accepted or given up. */
    int over() {
        return over.get();
    }

    /** The number of events in the true histories of the conversations that have begun. */
    long events() {
        return events.get();
    }

    /** The number of planned deliveries of this kind, in the conversations that have begun. */
    int planned(Repetition repetition) {
        return planned.getOrDefault(repetition, 0);
    }

    /** Stops. Deliveries that are not sent yet are dropped. */
    @Override
    public void close() {
        clock.shutdownNow();
    }
}
