package io.handover.streams;

import static org.assertj.core.api.Assertions.assertThat;

import io.handover.conversation.ConversationEvent;
import io.handover.conversation.ConversationState;
import io.handover.conversation.TransferPolicy;
import io.handover.conversation.Transition;
import io.handover.conversation.fold.ConversationFold;
import io.handover.conversation.fold.CustomerAddress;
import io.handover.conversation.fold.EventMapper;
import io.handover.conversation.fold.HeapConversationStore;
import io.handover.conversation.fold.StateEncoding.CorruptStateException;
import io.handover.conversation.fold.StoredConversation;
import io.handover.reference.UnreliableDelivery;
import io.handover.schema.Delivery;
import io.handover.schema.EventType;
import io.handover.streams.KafkaConversationStore.CorruptStates;
import io.handover.streams.PartitionLog.Entry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The fold decides the same on the heap and on the stores of Kafka Streams. */
class ConversationFoldTest {

    private static final EventMapper MAPPER = new EventMapper(CustomerAddress.DEFAULT);
    private static final Instant START = TopologyFixture.START;
    private static final long AFTER_RETENTION =
            START.toEpochMilli() + Duration.ofDays(60).toMillis();

    /** The sweep of the stores needs several steps for all conversations of a log. */
    private static final int PASSES = 20;

    /** Records every call. */
    private static final class DecisionLog implements ConversationFold.Observer {

        private final List<String> entries = new ArrayList<>();

        @Override
        public void applied(
                String conversationId, ConversationState before, ConversationEvent event, Transition transition) {
            entries.add("applied " + conversationId + before + event + transition);
        }

        @Override
        public void fired(String conversationId, ConversationState before, long deadline, Transition transition) {
            entries.add("fired " + conversationId + before + deadline + transition);
        }

        @Override
        public void overdue(long lateMs) {
            entries.add("overdue " + lateMs);
        }

        @Override
        public void forgotten(String conversationId, ConversationState last) {
            entries.add("forgotten " + conversationId + last);
        }

        List<String> decided() {
            return entries.stream()
                    .filter(entry -> !entry.startsWith("forgotten"))
                    .toList();
        }

        /** In the order of the texts: a store may forget an ended conversation later than another one. */
        List<String> forgotten() {
            return entries.stream()
                    .filter(entry -> entry.startsWith("forgotten"))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void shouldDecideTheSameOnTheHeapAsOnTheStores(long seed) {
        // Given
        PartitionLog log = PartitionLog.of(seed, 150, UnreliableDelivery.within(300_000, 3 * 86_400_000L));
        DecisionLog onHeap = new DecisionLog();
        DecisionLog onStores = new DecisionLog();
        HeapConversationStore heap = new HeapConversationStore();
        // When
        run(log, new ConversationFold(TransferPolicy.DEFAULT, heap, Integer.MAX_VALUE, onHeap));
        run(log, new ConversationFold(TransferPolicy.DEFAULT, stores(), ConversationFold.MAX_FIRED, onStores));
        // Then
        assertThat(onHeap.decided()).isEqualTo(onStores.decided());
        assertThat(onHeap.forgotten()).hasSizeGreaterThanOrEqualTo(150).isEqualTo(onStores.forgotten());
        assertThat(onHeap.entries).anyMatch(entry -> entry.startsWith("fired"));
        assertThat(heap.isDue(Long.MAX_VALUE)).isFalse();
        log.historyByConversation()
                .keySet()
                .forEach(id -> assertThat(heap.load(id, 0)).isEqualTo(StoredConversation.NEW));
    }

    @Test
    void shouldFireWhatIsDueBeforeTheEventOfAnother() {
        // Given
        DecisionLog decisions = new DecisionLog();
        ConversationFold fold = ConversationFold.onHeap(TransferPolicy.DEFAULT, decisions);
        apply(fold, Deliveries.userStart("a", "anna", START), START);
        apply(fold, Deliveries.userEnd("a", "anna", START.plusSeconds(1), "CLIENT"), START.plusSeconds(1));
        decisions.entries.clear();
        // When
        Instant later = START.plus(Duration.ofHours(1));
        apply(fold, Deliveries.userStart("b", "ben", later), later);
        // Then
        assertThat(decisions.entries).hasSize(3);
        assertThat(decisions.entries.get(0)).startsWith("overdue ");
        assertThat(decisions.entries.get(1)).startsWith("fired a");
        assertThat(decisions.entries.get(2)).startsWith("applied b");
    }

    @Test
    void shouldLoadNothingAfterADelete() {
        // Given
        HeapConversationStore heap = new HeapConversationStore();
        DecisionLog decisions = new DecisionLog();
        ConversationFold fold = new ConversationFold(TransferPolicy.DEFAULT, heap, Integer.MAX_VALUE, decisions);
        apply(fold, Deliveries.userStart("a", "anna", START), START);
        assertThat(heap.load("a", 0).state().isNew()).isFalse();
        // When
        heap.delete("a");
        // Then
        assertThat(heap.load("a", 0)).isEqualTo(StoredConversation.NEW);
    }

    private static void run(PartitionLog log, ConversationFold fold) {
        for (Entry entry : log.entries()) {
            apply(
                    fold,
                    new String(Objects.requireNonNull(entry.arrival()).envelope(), StandardCharsets.UTF_8),
                    Instant.ofEpochMilli(entry.time()));
        }
        for (int pass = 0; pass < PASSES; pass++) {
            fold.advanceTo(AFTER_RETENTION + pass * TransferPolicy.DEFAULT.retentionMs());
        }
    }

    private static void apply(ConversationFold fold, String json, Instant time) {
        Delivery delivery = Delivery.read(json.getBytes(StandardCharsets.UTF_8));
        EventType type = Objects.requireNonNull(delivery.type());
        long at = time.toEpochMilli();
        fold.advanceTo(at);
        fold.apply(Objects.requireNonNull(delivery.key()), MAPPER.event(type, delivery, at), at, at);
    }

    private static KafkaConversationStore stores() {
        StateStoreContext context = new MockProcessorContext<Void, Void>().getStateStoreContext();
        KeyValueStore<String, byte[]> conversations = store("conversations", context);
        KeyValueStore<String, byte[]> agents = store("agents", context);
        return new KafkaConversationStore(
                conversations, agents, new OpenHandovers(TransferPolicy.DEFAULT), new CorruptStates() {
                    @Override
                    public void ofConversation(String id, byte[] bytes, CorruptStateException reason, long at) {
                        throw new AssertionError("Expected states that can be read", reason);
                    }

                    @Override
                    public void ofAgent(String id, CorruptStateException reason) {
                        throw new AssertionError("Expected profiles that can be read", reason);
                    }
                });
    }

    private static KeyValueStore<String, byte[]> store(String name, StateStoreContext context) {
        KeyValueStore<String, byte[]> store = Stores.keyValueStoreBuilder(
                        Stores.inMemoryKeyValueStore(name), Serdes.String(), Serdes.ByteArray())
                .withLoggingDisabled()
                .build();
        store.init(context, store);
        return store;
    }
}
