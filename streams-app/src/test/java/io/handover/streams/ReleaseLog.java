package io.handover.streams;

import io.handover.conversation.ConversationEvent;
import io.handover.conversation.ConversationState;
import io.handover.conversation.Transition;
import io.handover.conversation.fold.ConversationFold;
import io.handover.conversation.fold.CustomerAddress;
import io.handover.conversation.fold.EventMapper;
import io.handover.conversation.fold.HeapConversationStore;
import io.handover.reference.Arrival;
import io.handover.reference.UnreliableDelivery;
import io.handover.schema.AgentProfile;
import io.handover.schema.ClockTick;
import io.handover.schema.Delivery;
import io.handover.schema.HandoverSerdes;
import io.handover.schema.OperatorOrder;
import io.handover.schema.OperatorOrder.Action;
import io.handover.schema.RecordKind;
import io.handover.schema.Topics;
import io.handover.streams.PartitionLog.Entry;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Pattern;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;

/**
 * The events of a {@link ReleaseFixture}: few conversations that show every decision and every variant of a state. They
 * are chosen from many random ones, and what random conversations do not show is added by hand.
 */
final class ReleaseLog {

    private static final Instant START = TopologyFixture.START;
    private static final long SEED = 20_260_115;
    private static final int CONVERSATIONS = 600;

    /** Within the hour in which the random conversations begin. */
    static final Instant RESTART = START.plus(Duration.ofMinutes(40));

    /** After the retention of every conversation and profile. */
    private static final Instant END = START.plus(Duration.ofDays(20));

    private static final Duration TICK_EVERY = Duration.ofMinutes(10);

    /** Names of conversations and events as in {@link PartitionLog}. */
    private static final Pattern NAMES = Pattern.compile("conversation-(\\d+)(-event-\\d+(-again-\\d+)?)?");

    private ReleaseLog() {}

    /** The records, in the order of the log. */
    static List<TestRecord<byte[], byte[]>> records() {
        PartitionLog random = PartitionLog.of(
                        SEED,
                        CONVERSATIONS,
                        UnreliableDelivery.within(60_000, Duration.ofDays(3).toMillis())
                                .losing(8))
                .withProfiles(SEED);
        Set<String> chosen = chosenOf(random);
        List<TestRecord<byte[], byte[]>> records = new ArrayList<>();
        for (Entry entry : random.entries()) {
            if (entry.key() == null || chosen.contains(entry.key())) {
                records.add(withIds(entry.record()));
            }
        }
        records.addAll(oldDataAction());
        records.addAll(rareCases());
        records.addAll(orders());
        for (Instant at = START; at.isBefore(START.plus(Duration.ofHours(2))); at = at.plus(TICK_EVERY)) {
            records.add(tick(at));
        }
        records.sort(Comparator.comparingLong(TestRecord::timestamp));
        records.add(tick(END));
        return records;
    }

    /** The conversations of which each shows something that those before it do not show. */
    private static Set<String> chosenOf(PartitionLog log) {
        Set<String> shown = new HashSet<>();
        Set<String> chosen = new TreeSet<>();
        shownBy(log).forEach((conversation, shows) -> {
            if (shown.addAll(shows)) {
                chosen.add(conversation);
            }
        });
        return chosen;
    }

    /** What each conversation shows: its outcomes, and the variants in its state at the restart. */
    private static Map<String, Set<String>> shownBy(PartitionLog log) {
        Map<String, Set<String>> shown = new TreeMap<>();
        HeapConversationStore store = new HeapConversationStore();
        ConversationFold fold =
                new ConversationFold(ReleaseRun.POLICY, store, Integer.MAX_VALUE, new ConversationFold.Observer() {
                    @Override
                    public void applied(String id, ConversationState before, ConversationEvent event, Transition made) {
                        shown.computeIfAbsent(id, key -> new HashSet<>())
                                .add(made.outcome().label());
                    }

                    @Override
                    public void fired(String id, ConversationState before, long deadline, Transition made) {
                        shown.computeIfAbsent(id, key -> new HashSet<>())
                                .add(made.outcome().label());
                    }
                });
        boolean isRestarted = false;
        for (Entry entry : log.entries()) {
            if (!isRestarted && entry.time() >= RESTART.toEpochMilli()) {
                isRestarted = true;
                shown.forEach((id, shows) ->
                        addVariants("state", store.load(id, entry.time()).state(), shows));
            }
            apply(entry, fold);
        }
        return shown;
    }

    private static void apply(Entry entry, ConversationFold fold) {
        long at = entry.time();
        fold.advanceTo(at);
        if (entry.content() instanceof Arrival arrival) {
            Delivery delivery = Delivery.read(arrival.envelope());
            ConversationEvent event = new EventMapper(CustomerAddress.DEFAULT)
                    .event(Objects.requireNonNull(delivery.type()), delivery, at);
            fold.apply(entry.key(), event, at, at);
        } else {
            AgentProfile profile = (AgentProfile) HandoverSerdes.recordDeserializer()
                    .deserialize(
                            Topics.EVENTS,
                            entry.record().headers(),
                            entry.record().value());
            fold.learn(profile, at, at);
        }
    }

    /** Adds a text per variant: which component is null, which constant it has, how many elements up to two. */
    private static void addVariants(String path, @Nullable Object value, Set<String> variants) {
        if (value instanceof Record record) {
            for (RecordComponent component : record.getClass().getRecordComponents()) {
                addVariants(path + '.' + component.getName(), valueOf(component, record), variants);
            }
        } else if (value instanceof Collection<?> elements) {
            variants.add(path + " of " + Math.min(elements.size(), 2));
            elements.forEach(element -> addVariants(path, element, variants));
        } else if (value instanceof Enum<?> || value instanceof Boolean) {
            variants.add(path + '=' + value);
        } else {
            variants.add(path + (value == null ? " is null" : " is there"));
        }
    }

    private static @Nullable Object valueOf(RecordComponent component, Record record) {
        try {
            return component.getAccessor().invoke(record);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("Expected to read " + component + ", but failed", e);
        }
    }

    /** Every second conversation gets UUIDs, as Genesys has them: they are encoded in another way than other ids. */
    private static TestRecord<byte[], byte[]> withIds(TestRecord<String, byte[]> record) {
        String key = record.key() == null ? null : withIds(record.key());
        return new TestRecord<>(
                key == null ? null : key.getBytes(StandardCharsets.UTF_8),
                withIds(new String(record.value(), StandardCharsets.UTF_8)).getBytes(StandardCharsets.UTF_8),
                record.headers(),
                record.timestamp());
    }

    private static String withIds(String text) {
        return NAMES.matcher(text)
                .replaceAll(name -> Integer.parseInt(name.group(1)) % 2 == 0
                        ? UUID.nameUUIDFromBytes(name.group().getBytes(StandardCharsets.UTF_8))
                                .toString()
                        : name.group());
    }

    /** Bodies of the old data action: a transfer with its acw, and an acw alone that is held over the restart. */
    private static List<TestRecord<byte[], byte[]>> oldDataAction() {
        return List.of(
                oldDataAction("customer-1", "user.end", "TRANSFER", START.plusSeconds(60)),
                oldDataAction("customer-1", "acw", "TRANSFER", START.plusSeconds(61)),
                oldDataAction("customer-1", "user.end", "CLIENT", START.plusSeconds(120)),
                oldDataAction("customer-2", "acw", "CLIENT", RESTART.minusSeconds(5)));
    }

    private static TestRecord<byte[], byte[]> oldDataAction(
            String customer, String topic, String disconnectType, Instant at) {
        String body = """
                {"userId":"%s","topic":"v2.detail.events.conversation.id.%s","disconnectType":"%s"}""".formatted(customer, topic, disconnectType);
        return delivery(customer, body, at);
    }

    /** What a random conversation shows seldom or never. */
    private static List<TestRecord<byte[], byte[]>> rareCases() {
        Instant at = START.plusSeconds(90);
        Instant end = at.plusSeconds(120);
        return List.of(
                delivery("too-old", Deliveries.userStart("too-old", "anna", at.minus(Duration.ofDays(5))), at),
                delivery("endless", Deliveries.userStart("endless", "anna", at), at),
                delivery(
                        "transferred", Deliveries.customerEnd("transferred", at).replace("PEER", "TRANSFER"), at),
                delivery("late", Deliveries.userStart("late", "anna", at), at),
                delivery("late", Deliveries.acw("late", "anna", at.plusSeconds(60)), at.plusSeconds(60)),
                delivery("late", Deliveries.customerEnd("late", end), end),
                delivery("late", Deliveries.userStart("late", "ben", end.minusMillis(1)), end.plusSeconds(30)));
    }

    /** Orders of an operator, before and after the restart: an end, a release of a held end, and one without effect. */
    private static List<TestRecord<byte[], byte[]>> orders() {
        Instant at = START.plusSeconds(600);
        Instant later = RESTART.plusSeconds(60);
        return List.of(
                delivery("ordered", Deliveries.userStart("ordered", "anna", at), at),
                order("ordered", Action.END, at.plusSeconds(10)),
                order("ordered", Action.END, at.plusSeconds(20)),
                delivery("released", Deliveries.userStart("released", "anna", at), at),
                delivery(
                        "released",
                        Deliveries.userEnd("released", "anna", at.plusSeconds(10), "CLIENT"),
                        at.plusSeconds(10)),
                order("released", Action.RELEASE, at.plusSeconds(30)),
                delivery("ordered-later", Deliveries.userStart("ordered-later", "ben", at), at),
                order("ordered-later", Action.END, later));
    }

    private static TestRecord<byte[], byte[]> order(String conversation, Action action, Instant at) {
        UUID id = UUID.nameUUIDFromBytes((conversation + action + at).getBytes(StandardCharsets.UTF_8));
        OperatorOrder order =
                new OperatorOrder(id, conversation, 1, action, "somebody", "The customer called again.", at);
        return new TestRecord<>(
                conversation.getBytes(StandardCharsets.UTF_8),
                HandoverSerdes.operatorOrderSerializer().serialize(Topics.EVENTS, order),
                new RecordHeaders().add(RecordKind.OPERATOR_ORDER.header()),
                at);
    }

    private static TestRecord<byte[], byte[]> delivery(String key, String body, Instant at) {
        return new TestRecord<>(
                key.getBytes(StandardCharsets.UTF_8),
                body.replace("\n", "").getBytes(StandardCharsets.UTF_8),
                new RecordHeaders(),
                at);
    }

    private static TestRecord<byte[], byte[]> tick(Instant at) {
        return new TestRecord<>(
                null,
                HandoverSerdes.clockTickSerializer().serialize(Topics.EVENTS, new ClockTick(0, at)),
                new RecordHeaders().add(RecordKind.CLOCK_TICK.header()),
                at);
    }
}
