package io.handover.streams;

import io.handover.conversation.ConversationEvent;
import io.handover.conversation.ConversationState;
import io.handover.conversation.TransferPolicy;
import io.handover.conversation.Transition;
import io.handover.conversation.fold.ConversationFold;
import io.handover.conversation.fold.CustomerAddress;
import io.handover.conversation.fold.EventMapper;
import io.handover.conversation.fold.StateEncoding.CorruptStateException;
import io.handover.conversation.fold.StateStores;
import io.handover.schema.AgentLookup;
import io.handover.schema.AgentProfile;
import io.handover.schema.ClockTick;
import io.handover.schema.Delivery;
import io.handover.schema.EventType;
import io.handover.schema.HandoverCommand;
import io.handover.schema.HandoverRecord;
import io.handover.schema.KeyPartition;
import io.handover.schema.OperatorOrder;
import io.handover.streams.ConversationMetrics.DeadLetter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.Cancellable;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies the records of a partition to a {@link ConversationFold}, and forwards the commands of the fold.
 *
 * <p>The stream time of a partition stands still without new records. When the wall clock passes a deadline there, or a
 * step of the {@link RetentionSweep} is due, the processor writes a clock tick to its own partition. The tick is read after
 * all earlier records, so no deadline fires early, even if the application lags.
 *
 * <p>The broker dates the tick (LogAppendTime), so a wrong wall clock cannot move the stream time. Each own tick that is
 * read shows how far the broker's clock is ahead of the wall clock. The next tick is written at the deadline by the
 * broker's clock. A tick that was dated before the deadline is followed by another one.
 */
final class ConversationProcessor
        implements Processor<String, HandoverRecord, String, Object>,
                ConversationFold.Observer,
                KafkaConversationStore.CorruptStates {

    private static final Logger LOG = LoggerFactory.getLogger(ConversationProcessor.class);

    /**
     * The shortest time between two checks of whether the partition is quiet and needs the time. A partition is quiet if the
     * stream time did not move for as long.
     */
    private static final long CHECK_INTERVAL_MS = 250;

    /**
     * The longest time between two checks. No record plans a check for the {@link RetentionSweep}, and a check sets the
     * clock of the metrics. With each check, Kafka Streams commits a transaction, also an empty one, so it is not shorter.
     */
    private static final long LONGEST_CHECK_INTERVAL_MS = 30_000;

    /** If a tick is not read within this time, another tick is written. A second tick changes nothing. */
    private static final long TICK_LOST_MS = 30_000;

    /** The header of a dead letter with the reason. */
    static final String REASON_HEADER = "handover-reason";

    /** At most one misplaced record per partition is logged in this time. */
    private static final long MISPLACED_LOG_INTERVAL_MS = 1_000;

    private static final long NONE = Long.MAX_VALUE;

    /** The lead of the broker's clock before the first own tick is read. */
    private static final long UNKNOWN = Long.MAX_VALUE;

    private final int partitions;
    private final TransferPolicy policy;
    private final EventMapper mapper;
    private final ConversationMetrics metrics;
    private final LivePartitions livePartitions;

    private ProcessorContext<String, Object> context;
    private PartitionProgress progress;
    private KafkaConversationStore store;
    private ConversationFold fold;
    private LivePartition live;
    private @Nullable Cancellable plannedCheck;

    /** When the next check is planned, by the wall clock, epoch ms. */
    private long nextCheckAt;

    /** When the last check was, or the task began, by the wall clock, epoch ms. */
    private long checkedAt;

    /** When the stream time moved for the last time, or the task began, by the wall clock, epoch ms. */
    private long movedAt;

    /** When the own tick that is not read yet was written, by the wall clock, epoch ms; or {@link #NONE}. */
    private long tickedAt;

    /** A misplaced record is logged again from this time on, by the wall clock, epoch ms. */
    private long nextMisplacedLogAt;

    /** How far the broker's clock is ahead of the wall clock, in ms, negative if behind; or {@link #UNKNOWN}. */
    private long brokerLead;

    /** @param partitions the number of partitions of the events */
    @SuppressWarnings("NullAway.Init") // Kafka Streams calls init before anything else
    ConversationProcessor(
            int partitions,
            TransferPolicy policy,
            CustomerAddress customerAddress,
            ConversationMetrics metrics,
            LivePartitions livePartitions) {
        this.partitions = partitions;
        this.policy = policy;
        this.mapper = new EventMapper(customerAddress);
        this.metrics = metrics;
        this.livePartitions = livePartitions;
    }

    @Override
    public void init(ProcessorContext<String, Object> processorContext) {
        context = processorContext;
        KeyValueStore<String, byte[]> conversations = context.getStateStore(StateStores.CONVERSATIONS);
        KeyValueStore<String, byte[]> agents = context.getStateStore(StateStores.AGENTS);
        progress = metrics.partitions().begin(context.taskId().partition());
        live = livePartitions.create(context.taskId().partition(), context.currentSystemTimeMs(), policy);
        // All other partitions of this thread wait meanwhile, so the log shows how long it takes.
        LOG.atInfo().addKeyValue("partition", live.partition()).log("Reading all states");
        store = new KafkaConversationStore(conversations, agents, live.handovers(), this);
        LOG.atInfo()
                .addKeyValue("partition", live.partition())
                .addKeyValue("open", live.handovers().openCount())
                .log("All states read");
        livePartitions.opened(live);
        fold = new ConversationFold(policy, store, ConversationFold.MAX_FIRED, this);
        // When Kafka Streams revives a task, it calls init again on the same instance.
        movedAt = context.currentSystemTimeMs();
        tickedAt = NONE;
        brokerLead = UNKNOWN;
        nextMisplacedLogAt = 0;
        checkedAt = movedAt;
        planCheck();
    }

    @Override
    public void process(Record<String, HandoverRecord> record) {
        // The record time is not used here: it can go back when the clocks of the bridges differ.
        long at = context.currentStreamTimeMs();
        if (at > live.streamTime()) {
            movedAt = context.currentSystemTimeMs();
        }
        live.recordRead(at);
        try {
            process(record, at);
        } finally {
            RecordMetadata metadata = context.recordMetadata().orElse(null);
            if (metadata != null) {
                progress.processed(metadata.offset(), at, store.earliestTimer());
            }
        }
        if (wallTime(store.earliestTimer()) < nextCheckAt && earliestCheck() < nextCheckAt) {
            planCheck();
        }
    }

    @Override
    public void close() {
        metrics.partitions().end(context.taskId().partition(), progress);
        livePartitions.closed(live);
    }

    private void process(Record<String, HandoverRecord> record, long at) {
        fold.advanceTo(at);
        requireOwnPartition(keyOf(record));
        if (record.value() instanceof Delivery delivery) {
            apply(record, delivery, at);
        } else if (record.value() instanceof ClockTick tick) {
            tickRead(tick, record.timestamp());
        } else if (record.value() instanceof AgentProfile profile) {
            fold.learn(profile, at, record.timestamp());
        } else if (record.value() instanceof OperatorOrder order) {
            fold.apply(order.conversationId(), EventMapper.event(order, at), at, record.timestamp());
        }
    }

    private void tickRead(ClockTick tick, long recordTime) {
        metrics.tickRead();
        if (tick.time().toEpochMilli() == tickedAt) {
            brokerLead = recordTime - tickedAt;
            // With CreateTime, the lead is 0 because the record time is that of this process: no skew can be measured.
            if (brokerLead != 0) {
                metrics.tickDated(recordTime, context.currentSystemTimeMs() - tickedAt);
            }
            tickedAt = NONE;
            planCheck();
        }
    }

    /**
     * Returns the key of the conversation, also of a delivery without a record key, and of an order whatever its record
     * key is; null for a clock tick.
     */
    private static @Nullable String keyOf(Record<String, HandoverRecord> record) {
        if (record.value() instanceof OperatorOrder order) {
            return order.conversationId();
        }
        return record.key() == null && record.value() instanceof Delivery delivery ? delivery.key() : record.key();
    }

    /**
     * Checks that the key belongs to this partition. If it does not, the state of the conversation is in the store of
     * another partition, so a decision here could send a second end.
     */
    private void requireOwnPartition(@Nullable String key) {
        if (key == null || key.isBlank()) {
            return;
        }
        int own = context.taskId().partition();
        int right = KeyPartition.of(key.getBytes(StandardCharsets.UTF_8), partitions);
        if (right == own) {
            return;
        }
        metrics.misplaced();
        metrics.deadLetter(DeadLetter.MISPLACED);
        long now = context.currentSystemTimeMs();
        if (now >= nextMisplacedLogAt) {
            nextMisplacedLogAt = now + MISPLACED_LOG_INTERVAL_MS;
            LOG.atWarn()
                    .addKeyValue("partition", own)
                    .addKeyValue(
                            "offset",
                            context.recordMetadata().map(RecordMetadata::offset).orElse(-1L))
                    .addKeyValue("belongs", right)
                    .log("Misplaced record sent to the dead letters, its topic may have grown");
        }
        throw new MisplacedRecordException(
                "misplaced: in partition " + own + " of " + partitions + ", but the key belongs to partition " + right);
    }

    private void apply(Record<String, HandoverRecord> record, Delivery delivery, long at) {
        String conversationId = keyOf(record);
        EventType type = delivery.type();
        if (conversationId == null || conversationId.isBlank() || type == null) {
            // The bridge writes no such delivery. If another producer writes one, it must not stop the partition.
            metrics.unwanted();
            return;
        }
        fold.apply(conversationId, mapper.event(type, delivery, at), at, record.timestamp());
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // the core returns the same instance if nothing changed
    public void applied(
            String conversationId, ConversationState before, ConversationEvent event, Transition transition) {
        metrics.applied(transition.outcome());
        if (before.fingerprints().isFull() && transition.state() != before) {
            metrics.fingerprintEvicted();
        }
        live.recent()
                .add(conversationId, live.streamTime(), event.evidence(), transition.outcome(), transition.commands());
        send(transition);
    }

    @Override
    public void fired(String conversationId, ConversationState before, long deadline, Transition transition) {
        metrics.applied(transition.outcome());
        live.recent().add(conversationId, deadline, null, transition.outcome(), transition.commands());
        send(transition);
    }

    @Override
    public void learned(ConversationState before, AgentProfile profile, Transition transition) {
        metrics.applied(transition.outcome());
        String conversationId = profile.conversationId();
        if (conversationId != null) {
            live.recent().add(conversationId, live.streamTime(), null, transition.outcome(), transition.commands());
        }
        send(transition);
    }

    @Override
    public void overdue(long lateMs) {
        metrics.overdue(lateMs);
    }

    private void send(Transition transition) {
        for (HandoverCommand command : transition.commands()) {
            metrics.sent(
                    command,
                    brokerTime(context.currentSystemTimeMs())
                            - command.decidedAt().toEpochMilli(),
                    brokerLead != UNKNOWN);
            context.forward(
                    new Record<>(
                            command.conversationId(),
                            (Object) command,
                            command.decidedAt().toEpochMilli()),
                    ConversationTopology.COMMANDS_SINK);
        }
        for (AgentLookup lookup : transition.lookups()) {
            metrics.lookupWritten();
            context.forward(
                    new Record<>(
                            lookup.agentId(), (Object) lookup, lookup.askedAt().toEpochMilli()),
                    ConversationTopology.LOOKUPS_SINK);
        }
        // A lookup comes with the command that announces the agent.
        if (!transition.commands().isEmpty()) {
            EarlyCommits.ofThread().written(context, progress.lagSeconds());
        }
    }

    /** Without a dead letter, because it would keep the name of the agent. */
    @Override
    public void ofAgent(String agentId, CorruptStateException reason) {
        LOG.atError()
                .addKeyValue("agent", agentId)
                .addKeyValue("reason", reason.getMessage())
                .log("Corrupt profile deleted");
        metrics.corruptState();
    }

    @Override
    public void ofConversation(String conversationId, byte[] bytes, CorruptStateException reason, long at) {
        LOG.atError()
                .addKeyValue("conversation", conversationId)
                .addKeyValue("reason", reason.getMessage())
                .log("Corrupt state sent to the dead letters");
        metrics.corruptState();
        metrics.deadLetter(DeadLetter.CORRUPT_STATE);
        RecordHeaders headers = new RecordHeaders();
        headers.add(REASON_HEADER, String.valueOf(reason.getMessage()).getBytes(StandardCharsets.UTF_8));
        context.forward(
                new Record<>(conversationId, (Object) bytes, at, headers), ConversationTopology.DEAD_LETTERS_SINK);
    }

    /** The wall clock, corrected by the lead of the broker's clock if it is known. Only metrics use it. */
    private long brokerTime(long now) {
        return brokerLead == UNKNOWN ? now : now + brokerLead;
    }

    private long earliestCheck() {
        return Math.max(checkedAt, movedAt) + CHECK_INTERVAL_MS;
    }

    /** Plans the next check for when the partition needs the time. It replaces the check that was planned. */
    private void planCheck() {
        if (plannedCheck != null) {
            plannedCheck.cancel();
        }
        long needed = Math.min(wallTime(store.timeNeeded()), checkedAt + LONGEST_CHECK_INTERVAL_MS);
        nextCheckAt = Math.max(needed, earliestCheck());
        Duration rest = Duration.ofMillis(Math.max(1, nextCheckAt - context.currentSystemTimeMs()));
        plannedCheck = context.schedule(rest, PunctuationType.WALL_CLOCK_TIME, this::check);
    }

    private void check(long now) {
        tickIfQuiet(now);
        checkedAt = now;
        planCheck();
    }

    /** Uses the wall clock, but decides nothing: deadlines fire only when the tick is read from the log. */
    private void tickIfQuiet(long now) {
        progress.checked(brokerTime(now), store.earliestTimer());
        // A partition with new records can be quiet, too: if the clock of a bridge lags, its records do not move the
        // stream time.
        boolean quiet = now - movedAt >= CHECK_INTERVAL_MS;
        boolean waiting = tickedAt != NONE && now - tickedAt < TICK_LOST_MS;
        if (!quiet || waiting || wallTime(store.timeNeeded()) > now) {
            return;
        }
        tickedAt = now;
        metrics.tickWritten();
        ClockTick tick = new ClockTick(context.taskId().partition(), Instant.ofEpochMilli(now));
        context.forward(new Record<@Nullable String, Object>(null, tick, now), ConversationTopology.TICKS_SINK);
        EarlyCommits.ofThread().written(context, 0);
    }

    /**
     * When the broker's clock shows this time, by the wall clock. As long as its lead is unknown, every deadline can have
     * passed already, so the result is 0; the first tick shows the lead.
     *
     * @param brokerTime epoch ms, or {@link #NONE}
     */
    private long wallTime(long brokerTime) {
        if (brokerTime == NONE) {
            return NONE;
        }
        return brokerLead == UNKNOWN ? 0 : brokerTime - brokerLead;
    }
}
