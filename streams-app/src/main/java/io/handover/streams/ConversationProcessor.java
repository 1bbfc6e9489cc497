package io.handover.streams;

import io.handover.schema.ClockTick;
import io.handover.schema.Delivery;
import io.handover.schema.EventType;
import io.handover.schema.HandoverCommand;
import io.handover.schema.HandoverRecord;
import io.handover.streams.StoredConversation.CorruptStateException;
import io.handover.streams.conversation.ConversationState;
import io.handover.streams.conversation.ConversationStateMachine;
import io.handover.streams.conversation.TransferPolicy;
import io.handover.streams.conversation.Transition;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies each record of a partition in the order of the log: first every deadline at or before the time of the log
 * fires, then the record counts. One get and one put serve an event.
 *
 * <p>A partition without traffic gets the time from a clock tick, which this writes to its own partition when the wall
 * clock has passed a deadline and no record moved the log. The tick queues behind whatever is unread, so an application
 * that lags never fires early.
 */
final class ConversationProcessor implements Processor<String, HandoverRecord, String, Object> {

    private static final Logger LOG = LoggerFactory.getLogger(ConversationProcessor.class);

    /** How late a deadline of a quiet partition is noticed at most. */
    private static final Duration TICK_INTERVAL = Duration.ofMillis(250);

    /** A tick that did not come back for so long is written again; a second one does no harm. */
    private static final long TICK_LOST_MS = 30_000;

    /**
     * How many deadlines one record may fire: about 50 ms at 11 µs each, far below every time-out of the consumer. The
     * rest fires with the next records, and a conversation's own before its next event, so no decision depends on it.
     */
    static final int MAX_FIRED = 4_000;

    private static final long NONE = Long.MAX_VALUE;

    private final ConversationStateMachine machine;
    private final TransferPolicy policy;
    private final DeliveryReading reading;
    private final ConversationMetrics metrics;

    private ProcessorContext<String, Object> context;
    private KeyValueStore<String, byte[]> conversations;
    private TimerIndex timers;
    private long timeAtLastLook;
    private long tickedAt;

    @SuppressWarnings("NullAway.Init") // Kafka Streams calls init before anything else
    ConversationProcessor(TransferPolicy policy, CustomerAddress customerAddress, ConversationMetrics metrics) {
        this.policy = policy;
        this.machine = new ConversationStateMachine(policy);
        this.reading = new DeliveryReading(customerAddress);
        this.metrics = metrics;
    }

    @Override
    public void init(ProcessorContext<String, Object> processorContext) {
        context = processorContext;
        conversations = context.getStateStore(ConversationTopology.CONVERSATIONS_STORE);
        KeyValueStore<Bytes, byte[]> timerStore = context.getStateStore(ConversationTopology.TIMERS_STORE);
        timers = new TimerIndex(timerStore);
        // A revived task calls init again on the same instance.
        timeAtLastLook = NONE;
        tickedAt = NONE;
        context.schedule(TICK_INTERVAL, PunctuationType.WALL_CLOCK_TIME, this::tickIfQuiet);
    }

    @Override
    public void process(Record<String, HandoverRecord> record) {
        // The highest record time so far and not the record's own: time never goes back, whatever the bridges' clocks
        // say.
        long at = context.currentStreamTimeMs();
        if (record.timestamp() >= tickedAt) {
            tickedAt = NONE;
        }
        fireDue(at);
        if (record.value() instanceof Delivery delivery) {
            apply(record, delivery, at);
        } else if (record.value() instanceof ClockTick) {
            metrics.tickRead();
        } else {
            metrics.profileUnrequested();
        }
    }

    @SuppressWarnings("ReferenceEquality") // the core returns the same instance where nothing is to be written
    private void apply(Record<String, HandoverRecord> record, Delivery delivery, long at) {
        String conversationId = record.key() != null ? record.key() : delivery.key();
        EventType type = delivery.type();
        if (conversationId == null || conversationId.isBlank() || type == null) {
            // The bridge lets neither through; a record of another producer must not stop the partition.
            metrics.unwanted();
            return;
        }
        StoredConversation stored = load(conversationId, record.timestamp());
        ConversationState state = settle(conversationId, stored.state(), at);
        boolean wasFull = state.fingerprints().isFull();
        Transition transition = machine.apply(conversationId, state, reading.event(type, delivery, at), at);
        metrics.applied(transition.outcome());
        if (wasFull && transition.state() != state) {
            metrics.fingerprintEvicted();
        }
        send(transition);
        // A time-out of 0 is due at once.
        ConversationState next = settle(conversationId, transition.state(), at);
        if (next != stored.state()) {
            save(conversationId, stored, next);
        }
    }

    private void fireDue(long at) {
        if (!timers.mayBeDue(at)) {
            return;
        }
        for (TimerIndex.Timer timer : timers.takeDue(at, MAX_FIRED)) {
            StoredConversation stored = load(timer.conversationId(), at);
            if (stored.timerAt() != timer.deadline()) {
                continue;
            }
            metrics.overdue(at - timer.deadline());
            ConversationState next = settle(timer.conversationId(), stored.state(), at);
            save(timer.conversationId(), new StoredConversation(StoredConversation.NO_TIMER, stored.state()), next);
        }
    }

    /** Fires the conversation's own deadlines that are due, and forgets it if its retention is over. */
    private ConversationState settle(String conversationId, ConversationState state, long at) {
        ConversationState settled = state;
        while (settled.pending() != null && settled.pending().deadline() <= at) {
            Transition transition = machine.fire(conversationId, settled, at);
            metrics.applied(transition.outcome());
            send(transition);
            settled = transition.state();
        }
        return isExpired(settled, at) ? ConversationState.NEW : settled;
    }

    private boolean isExpired(ConversationState state, long at) {
        return !state.isNew() && state.touchedAt() + policy.retentionMs() <= at;
    }

    private void send(Transition transition) {
        for (HandoverCommand command : transition.commands()) {
            metrics.sent(command);
            context.forward(
                    new Record<>(
                            command.conversationId(),
                            (Object) command,
                            command.decidedAt().toEpochMilli()),
                    ConversationTopology.COMMANDS_SINK);
        }
    }

    private StoredConversation load(String conversationId, long at) {
        byte[] bytes = conversations.get(conversationId);
        if (bytes == null) {
            return StoredConversation.NEW;
        }
        try {
            return StoredConversation.decode(bytes);
        } catch (CorruptStateException e) {
            LOG.error("The state of conversation {} is a dead letter now: {}", conversationId, e.getMessage());
            metrics.corruptState();
            RecordHeaders headers = new RecordHeaders();
            headers.add("handover-reason", String.valueOf(e.getMessage()).getBytes(StandardCharsets.UTF_8));
            context.forward(
                    new Record<>(conversationId, (Object) bytes, at, headers), ConversationTopology.DEAD_LETTERS_SINK);
            conversations.delete(conversationId);
            return StoredConversation.NEW;
        }
    }

    /**
     * Writes the state, and keeps the index in step with it. The retention's entry is not moved with every event, which
     * would cost two writes each: it fires early and is armed again.
     */
    private void save(String conversationId, StoredConversation before, ConversationState next) {
        long armed = before.timerAt();
        long due;
        if (next.isNew()) {
            due = StoredConversation.NO_TIMER;
        } else if (next.pending() != null) {
            due = next.pending().deadline();
        } else if (armed != StoredConversation.NO_TIMER && before.state().pending() == null) {
            due = armed;
        } else {
            due = next.touchedAt() + policy.retentionMs();
        }
        if (due != armed && armed != StoredConversation.NO_TIMER) {
            timers.disarm(armed, conversationId);
        }
        if (next.isNew()) {
            conversations.delete(conversationId);
            return;
        }
        if (due != armed) {
            timers.arm(due, conversationId);
        }
        conversations.put(conversationId, new StoredConversation(due, next).encode());
    }

    /** The only look at the wall clock, and it decides nothing: what it writes has to come back through the log. */
    private void tickIfQuiet(long now) {
        // Not "no record came": records of bridges whose clocks lag come and move nothing.
        long time = context.currentStreamTimeMs();
        boolean quiet = time == timeAtLastLook;
        timeAtLastLook = time;
        boolean waiting = tickedAt != NONE && now - tickedAt < TICK_LOST_MS;
        if (!quiet || waiting || !timers.isDue(now)) {
            return;
        }
        tickedAt = now;
        metrics.tickWritten();
        ClockTick tick = new ClockTick(context.taskId().partition(), Instant.ofEpochMilli(now));
        context.forward(new Record<@Nullable String, Object>(null, tick, now), ConversationTopology.TICKS_SINK);
    }
}
