package io.handover.torture;

import io.handover.torture.Script.Conversation;
import io.handover.torture.Shipment.Repetition;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Lets the conversations of a script begin one after the other, and sends what they say when it is due. */
final class Load {

    private final Vertx vertx;
    private final Script script;
    private final EventBridgeSender sender;
    private final AtomicInteger begun = new AtomicInteger();
    private final AtomicInteger over = new AtomicInteger();
    private final AtomicLong events = new AtomicLong();
    private final Map<Repetition, Integer> planned = new ConcurrentHashMap<>();
    private volatile boolean ending;
    private volatile boolean ended;

    Load(Vertx vertx, Script script, EventBridgeSender sender) {
        this.vertx = vertx;
        this.script = script;
        this.sender = sender;
    }

    /** Begins. */
    void start() {
        vertx.runOnContext(ignored -> beginNext());
    }

    /** Lets no more conversations begin; those that have are sent to their end. */
    void end() {
        ending = true;
    }

    /** Whether everything that was to be sent was taken. */
    boolean isOver() {
        return ended && over.get() == begun.get();
    }

    private void beginNext() {
        long now = System.currentTimeMillis();
        while (!ending && script.beginMs(begun.get()) <= now) {
            begin(script.conversation(begun.get()), now);
            begun.incrementAndGet();
        }
        if (ending) {
            ended = true;
            return;
        }
        at(script.beginMs(begun.get()), now).onComplete(ignored -> beginNext());
    }

    private void begin(Conversation conversation, long now) {
        events.addAndGet(conversation.history().events().size());
        List<Future<Void>> sent = conversation.shipments().stream()
                .map(shipment -> {
                    planned.merge(shipment.repetition(), 1, Integer::sum);
                    return at(shipment.dueMs(), now).compose(ignored -> sender.send(shipment));
                })
                .toList();
        Future.join(sent).onComplete(ignored -> over.incrementAndGet());
    }

    private Future<Void> at(long timeMs, long now) {
        return vertx.timer(Math.max(1, timeMs - now), TimeUnit.MILLISECONDS);
    }

    /** Conversations that have begun. */
    int begun() {
        return begun.get();
    }

    /** Conversations of which everything was taken. */
    int over() {
        return over.get();
    }

    /** Events that truly happened in the conversations that have begun. */
    long events() {
        return events.get();
    }

    /** Deliveries that are to be made of the conversations that have begun. */
    int planned(Repetition repetition) {
        return planned.getOrDefault(repetition, 0);
    }
}
