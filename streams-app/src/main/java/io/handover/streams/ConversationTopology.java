package io.handover.streams;

import io.handover.conversation.TransferPolicy;
import io.handover.conversation.fold.CustomerAddress;
import io.handover.conversation.fold.IdEncoding;
import io.handover.conversation.fold.StateStores;
import io.handover.schema.ClockTick;
import io.handover.schema.HandoverSerdes;
import io.handover.service.TopicNames;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.StreamPartitioner;
import org.apache.kafka.streams.state.Stores;

/**
 * Builds the topology.
 *
 * <pre>
 * handover-events ──▶ conversation ──▶ handover-commands
 *       ▲              [conversations,    ├──▶ handover-dead-letters
 *       └── clock ticks ──  agents]         └──▶ handover-agent-lookups
 * </pre>
 *
 * <p>The names are a compatibility contract. The changelog topics contain the names of the state stores.
 */
public final class ConversationTopology {

    static final String EVENTS_SOURCE = "events";
    static final String PROCESSOR = "conversation";
    static final String COMMANDS_SINK = "commands";
    static final String TICKS_SINK = "clock-ticks";
    static final String LOOKUPS_SINK = "agent-lookups";
    static final String DEAD_LETTERS_SINK = "dead-letters";

    /** Names are personal data: what was deleted from the store leaves its changelog within about two days. */
    private static final Map<String, String> FORGETTING = Map.of(
            TopicConfig.MAX_COMPACTION_LAG_MS_CONFIG,
            String.valueOf(Duration.ofDays(1).toMillis()));

    /** The keys of the stores: a UUID takes 17 bytes and not 36. Null is an open end of a range. */
    private static final Serde<String> IDS = Serdes.serdeFrom(
            (topic, id) -> id == null ? null : IdEncoding.encode(id), (topic, bytes) -> IdEncoding.decode(bytes, 0));

    private ConversationTopology() {}

    /**
     * Builds the topology with these settings.
     *
     * @param partitions the number of partitions of the events, to recognise a record in a wrong partition
     */
    public static Topology build(
            TopicNames topics,
            int partitions,
            TransferPolicy policy,
            CustomerAddress customerAddress,
            ConversationMetrics metrics) {
        return build(
                topics,
                partitions,
                policy,
                customerAddress,
                metrics,
                new LivePartitions(new CompositeMeterRegistry(), false));
    }

    /** @param live receives what queries read */
    static Topology build(
            TopicNames topics,
            int partitions,
            TransferPolicy policy,
            CustomerAddress customerAddress,
            ConversationMetrics metrics,
            LivePartitions live) {
        // The stores have no caches: after a put, the next get is for another key, so a cache would only add a copy.
        return new Topology()
                .addSource(
                        EVENTS_SOURCE, new StringDeserializer(), HandoverSerdes.recordDeserializer(), topics.events())
                .addProcessor(
                        PROCESSOR,
                        () -> new ConversationProcessor(partitions, policy, customerAddress, metrics, live),
                        EVENTS_SOURCE)
                .addStateStore(
                        Stores.keyValueStoreBuilder(
                                Stores.persistentKeyValueStore(StateStores.CONVERSATIONS), IDS, Serdes.ByteArray()),
                        PROCESSOR)
                .addStateStore(
                        Stores.keyValueStoreBuilder(
                                        Stores.persistentKeyValueStore(StateStores.AGENTS), IDS, Serdes.ByteArray())
                                .withLoggingEnabled(FORGETTING),
                        PROCESSOR)
                .addSink(
                        COMMANDS_SINK,
                        topics.commands(),
                        new StringSerializer(),
                        HandoverSerdes.commands().serializer(),
                        PROCESSOR)
                .addSink(
                        TICKS_SINK,
                        topics.events(),
                        new StringSerializer(),
                        HandoverSerdes.clockTickSerializer(),
                        toOwnPartition(),
                        PROCESSOR)
                .addSink(
                        LOOKUPS_SINK,
                        topics.agentLookups(),
                        new StringSerializer(),
                        HandoverSerdes.agentLookups().serializer(),
                        PROCESSOR)
                .addSink(
                        DEAD_LETTERS_SINK,
                        topics.deadLetters(),
                        new StringSerializer(),
                        new ByteArraySerializer(),
                        PROCESSOR);
    }

    /**
     * Sends a tick to the partition that the tick names, because the tick must move the stream time of this partition.
     */
    private static StreamPartitioner<String, ClockTick> toOwnPartition() {
        return (topic, key, tick, partitions) -> Optional.of(Set.of(tick.partition()));
    }
}
