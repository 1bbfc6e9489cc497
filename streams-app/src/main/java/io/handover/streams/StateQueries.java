package io.handover.streams;

import io.handover.conversation.ConversationState;
import io.handover.conversation.EndReason;
import io.handover.conversation.KnownAgent;
import io.handover.conversation.PendingEnd;
import io.handover.conversation.Reading;
import io.handover.conversation.TransferPolicy;
import io.handover.conversation.fold.StateEncoding.CorruptStateException;
import io.handover.conversation.fold.StateStores;
import io.handover.conversation.fold.StoredAgent;
import io.handover.conversation.fold.StoredConversation;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.state.QueryableStoreTypes;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Answers queries from the states of this instance. Most methods read a disk, so they are called on a worker. They
 * throw {@link InvalidStateStoreException} while the partition moves.
 */
final class StateQueries {

    /** How many entries of an index a request looks at in all partitions of this instance. The next page goes on there. */
    private static final int ENTRIES_MAX = 5_000;

    private final Supplier<@Nullable KafkaStreams> streams;
    private final LivePartitions live;
    private final TransferPolicy policy;

    /** @param streams returns null until Kafka Streams has started */
    StateQueries(Supplier<@Nullable KafkaStreams> streams, LivePartitions live, TransferPolicy policy) {
        this.streams = streams;
        this.live = live;
        this.policy = policy;
    }

    /** The stores of a partition. They are stale if a standby, or a task that still restores, answers. */
    private final class Stores {

        private final int partition;
        private final boolean isStale;
        private final ReadOnlyKeyValueStore<String, byte[]> conversations;
        private final ReadOnlyKeyValueStore<String, byte[]> agents;

        Stores(int partition, boolean isStale) {
            this.partition = partition;
            this.isStale = isStale;
            this.conversations = store(StateStores.CONVERSATIONS);
            this.agents = store(StateStores.AGENTS);
        }

        private ReadOnlyKeyValueStore<String, byte[]> store(String name) {
            KafkaStreams running = streams.get();
            if (running == null) {
                throw new InvalidStateStoreException("Kafka Streams has not started");
            }
            StoreQueryParameters<ReadOnlyKeyValueStore<String, byte[]>> parameters =
                    StoreQueryParameters.fromNameAndType(name, QueryableStoreTypes.<String, byte[]>keyValueStore())
                            .withPartition(partition);
            // Without stale stores, a thread that restores one partition refuses to read all its others.
            return running.store(parameters.enableStaleStores());
        }

        /** The state, or null. A state that cannot be read is reported when its next event arrives. */
        @Nullable
        ConversationState state(String conversationId) {
            byte[] bytes = conversations.get(conversationId);
            try {
                return bytes == null ? null : StoredConversation.decode(bytes).state();
            } catch (CorruptStateException e) {
                return null;
            }
        }

        @Nullable
        KnownAgent agent(String agentId) {
            byte[] bytes = agents.get(agentId);
            try {
                return bytes == null ? null : StoredAgent.decode(bytes).agent();
            } catch (CorruptStateException e) {
                return null;
            }
        }

        ConversationJson json() {
            return new ConversationJson(policy, this::agent);
        }
    }

    /** Returns everything of a conversation; null if it is unknown. */
    @Nullable
    JsonObject conversation(String conversationId, int partition) {
        Stores stores = stores(partition);
        LivePartition known = stores.isStale ? null : live.find(partition);
        // The outcomes are read before the state: an outcome is remembered a moment before its state is stored. The
        // other
        // way round, the answer would often have an end that its state does not show.
        List<RecentOutcomes.Entry> recent =
                known == null ? List.of() : known.recent().of(conversationId);
        ConversationState state = stores.state(conversationId);
        if (state == null) {
            if (stores.isStale) {
                throw new InvalidStateStoreException("Expected the whole state, but the store is behind");
            }
            return null;
        }
        // A state is deleted some time after its retention; no event finds it meanwhile, so no query does.
        if (known != null && state.touchedAt() + policy.retentionMs() <= known.streamTime()) {
            return null;
        }
        JsonObject json = new JsonObject()
                .put("conversationId", conversationId)
                .put("partition", partition)
                .put("stale", stores.isStale);
        if (known != null) {
            ConversationJson.putTime(json, "streamTime", known.streamTime());
            ConversationJson.putTime(json, "recentSince", known.recent().since());
            json.put("recent", stores.json().outcomes(recent));
        }
        return json.mergeIn(stores.json().whole(state));
    }

    /** A standby, and a task that still restores, have stores too, but no {@link LivePartition}. */
    private Stores stores(int partition) {
        return new Stores(partition, live.find(partition) == null);
    }

    /** A page of the ends that are held in the partitions of this instance, by deadline. */
    Page held(@Nullable TimeKey after, int limit) {
        return page(partition -> heldIn(partition, after), limit);
    }

    /** A page of the open handovers in the partitions of this instance, oldest first. */
    Page open(@Nullable TimeKey after, int limit) {
        return page(partition -> openIn(partition, after), limit);
    }

    /** Makes the item of an entry; null if the entry has none. */
    private interface Items {
        @Nullable
        JsonObject of(TimeKey key);
    }

    /** The entries of an index in one partition, read one by one. */
    private static final class Entries {

        private final Iterator<TimeKey> iterator;
        private final Items items;

        /** The entry that is next; null at the end. */
        private @Nullable TimeKey next;

        /** @param after the last key of the page before; null for the first page */
        Entries(NavigableSet<TimeKey> index, @Nullable TimeKey after, Items items) {
            this.iterator = (after == null ? index : index.tailSet(after, false)).iterator();
            this.items = items;
        }

        /** Goes on to the next entry. Returns false at the end. */
        boolean advance() {
            next = iterator.hasNext() ? iterator.next() : null;
            return next != null;
        }

        TimeKey next() {
            return Objects.requireNonNull(next, "Expected a further entry, but there is none");
        }
    }

    /** Reads the entries of all partitions in the order of their keys, so that only what is on the page is read. */
    private Page page(Function<LivePartition, Entries> index, int limit) {
        PriorityQueue<Entries> waiting = new PriorityQueue<>(Comparator.comparing(Entries::next));
        for (LivePartition partition : live.all()) {
            Entries entries = index.apply(partition);
            if (entries.advance()) {
                waiting.add(entries);
            }
        }
        return page(waiting, limit);
    }

    private static Page page(PriorityQueue<Entries> waiting, int limit) {
        List<Page.Item> found = new ArrayList<>();
        for (int looked = 1; !waiting.isEmpty(); looked++) {
            Entries first = waiting.remove();
            TimeKey key = first.next();
            JsonObject item = first.items.of(key);
            if (item != null) {
                found.add(new Page.Item(key, item));
            }
            if (first.advance()) {
                waiting.add(first);
            }
            if (!waiting.isEmpty() && (found.size() == limit || looked == ENTRIES_MAX)) {
                return new Page(found, key);
            }
        }
        return new Page(found, null);
    }

    private Entries heldIn(LivePartition partition, @Nullable TimeKey after) {
        Stores stores = new Stores(partition.partition(), false);
        return new Entries(partition.handovers().held(), after, key -> {
            ConversationState state = stores.state(key.id());
            PendingEnd held = state == null ? null : OpenHandovers.heldEnd(state);
            // The state can have changed since.
            if (state == null || held == null || held.deadline() != key.time()) {
                return null;
            }
            JsonObject item = stores.json().summary(state);
            JsonObject end = item.getJsonObject("held");
            item.remove("held");
            item.remove("reading");
            item.remove("lastEventAt");
            return identified(key, partition).mergeIn(item).mergeIn(end);
        });
    }

    private Entries openIn(LivePartition partition, @Nullable TimeKey after) {
        Stores stores = new Stores(partition.partition(), false);
        return new Entries(partition.handovers().open(), after, key -> {
            ConversationState state = stores.state(key.id());
            // The handover can have ended since, and another one begun.
            return state == null || state.openedAt() != key.time()
                    ? null
                    : identified(key, partition).mergeIn(stores.json().summary(state));
        });
    }

    private static JsonObject identified(TimeKey key, LivePartition partition) {
        return new JsonObject().put("conversationId", key.id()).put("partition", partition.partition());
    }

    /** The counts of the partitions of this instance, from memory. */
    JsonObject counts() {
        long open = 0;
        JsonObject held = new JsonObject();
        JsonObject readings = new JsonObject();
        for (LivePartition partition : live.all()) {
            OpenHandovers handovers = partition.handovers();
            open += handovers.openCount();
            for (EndReason reason : LivePartitions.HELD_REASONS) {
                held.put(reason.label(), held.getLong(reason.label(), 0L) + handovers.heldCount(reason));
            }
            for (Reading.Row row : Reading.Row.values()) {
                long count = handovers.readingCount(row);
                if (count > 0) {
                    String label = ConversationJson.label(row);
                    readings.put(label, readings.getLong(label, 0L) + count);
                }
            }
        }
        return new JsonObject().put("open", open).put("held", held).put("readings", readings);
    }
}
