package io.handover.history.generate;

import static org.assertj.core.api.Assertions.assertThat;

import io.handover.history.generate.GeneratedTraffic.Settings;
import io.handover.traffic.GenesysEvent;
import io.handover.traffic.GenesysEvent.Kind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GeneratedTrafficTest {

    private static final long START = Instant.parse("2026-03-02T08:00:00Z").toEpochMilli();
    private static final long EVERY_MS = 1_000;
    private static final int CONVERSATIONS = 500;
    private static final Set<Kind> ALL = EnumSet.allOf(Kind.class);

    @Test
    void shouldArriveInOrder() {
        // Given, When
        List<GeneratedDelivery> deliveries = deliveries(1, CONVERSATIONS, ALL);

        // Then
        assertThat(deliveries).extracting(GeneratedDelivery::at).isSorted();
        assertThat(firstOfEachId(deliveries))
                .extracting(delivery -> delivery.publication().time())
                .isSorted();
        assertThat(deliveries)
                .allMatch(delivery -> delivery.at() >= delivery.publication().time()
                        && delivery.publication().time()
                                >= delivery.publication().sentAt()
                        && delivery.publication().sentAt() > delivery.event().time());
    }

    @Test
    void shouldTellEveryEventOfEveryConversation() {
        // Given
        GeneratedTraffic traffic = traffic(1, CONVERSATIONS, ALL);
        Set<GenesysEvent> expected = IntStream.range(0, CONVERSATIONS)
                .mapToObj(traffic::conversation)
                .flatMap(conversation -> conversation.history().events().stream())
                .map(GeneratedTrafficTest::nameless)
                .collect(Collectors.toSet());

        // When
        List<GeneratedDelivery> deliveries = rest(traffic);

        // Then
        assertThat(deliveries.stream()
                        .map(delivery -> nameless(delivery.event()))
                        .collect(Collectors.toSet()))
                .isEqualTo(expected);
        assertThat(traffic.begun()).isEqualTo(CONVERSATIONS);
    }

    @Test
    void shouldGiveEveryNameOfAConversationOneId() {
        // Given
        GeneratedTraffic traffic = traffic(1, CONVERSATIONS, ALL);

        for (int number = 0; number < CONVERSATIONS; number++) {
            // When
            GeneratedConversation conversation = traffic.conversation(number);

            // Then
            Set<GenesysEvent> told = new HashSet<>();
            conversation.deliveries().forEach(delivery -> told.add(delivery.event()));
            assertThat(told).hasSameSizeAs(conversation.history().events());
            assertThat(sessions(told)).isEqualTo(sessions(conversation.history().events()));
        }
    }

    @Test
    void shouldDeliverMostWithinTwoSecondsAndLittleMinutesLateOrTwice() {
        // Given, When
        List<GeneratedDelivery> deliveries = deliveries(1, 5_000, ALL);

        // Then
        List<GeneratedDelivery> first = firstOfEachEvent(deliveries);
        int again = deliveries.size() - first.size();
        assertThat(share(first, delivery -> delay(delivery) > 2_400)).isBetween(0.0005, 0.002);
        assertThat(share(first, delivery -> delay(delivery) > 60_000)).isPositive();
        assertThat((double) again / deliveries.size()).isBetween(0.01, 0.02);
        assertThat(firstOfEachId(deliveries)).hasSizeBetween(first.size() + 1, deliveries.size() - 1);
    }

    @Test
    void shouldDeliverAgainUnderTheSameIdOnlyTheSame() {
        // Given
        Map<String, GeneratedDelivery> byId = new HashMap<>();

        // When
        List<GeneratedDelivery> deliveries = deliveries(1, CONVERSATIONS, ALL);

        // Then
        for (GeneratedDelivery delivery : deliveries) {
            GeneratedDelivery known = byId.putIfAbsent(delivery.publication().eventId(), delivery);
            if (known != null) {
                assertThat(delivery.publication()).isEqualTo(known.publication());
                assertThat(delivery.event()).isEqualTo(known.event());
            }
        }
    }

    @Test
    void shouldLeaveAConversationAsItIsWhereMoreBegin() {
        // Given
        List<GeneratedDelivery> few = deliveries(1, 100, ALL);
        Set<String> ids = new HashSet<>();
        few.forEach(delivery -> ids.add(delivery.event().conversationId()));

        // When
        List<GeneratedDelivery> many = deliveries(1, CONVERSATIONS, ALL);

        // Then
        assertThat(ids).hasSize(100);
        assertThat(many.stream()
                        .filter(delivery -> ids.contains(delivery.event().conversationId())))
                .containsExactlyElementsOf(few);
    }

    @Test
    void shouldLeaveAConversationAsItIsWhereLessIsSubscribedTo() {
        // Given
        Set<Kind> topics = EnumSet.of(Kind.USER_START, Kind.ACW);

        // When
        List<GeneratedDelivery> few = deliveries(1, CONVERSATIONS, topics);

        // Then
        assertThat(deliveries(1, CONVERSATIONS, ALL).stream()
                        .filter(delivery -> topics.contains(delivery.event().kind())))
                .containsExactlyElementsOf(few);
    }

    @Test
    void shouldHaveNothingInCommonWithAnotherSeed() {
        // Given
        Set<String> ids = new HashSet<>();
        deliveries(1, 100, ALL)
                .forEach(delivery -> ids.add(delivery.publication().eventId()));

        // When
        List<GeneratedDelivery> others = deliveries(2, 100, ALL);

        // Then
        assertThat(others)
                .noneMatch(delivery -> ids.contains(delivery.publication().eventId()));
    }

    private static GeneratedTraffic traffic(long seed, int conversations, Set<Kind> topics) {
        return new GeneratedTraffic(new Settings(seed, conversations, START, EVERY_MS, topics));
    }

    private static List<GeneratedDelivery> deliveries(long seed, int conversations, Set<Kind> topics) {
        return rest(traffic(seed, conversations, topics));
    }

    private static List<GeneratedDelivery> rest(GeneratedTraffic traffic) {
        List<GeneratedDelivery> deliveries = new ArrayList<>();
        traffic.forEachRemaining(deliveries::add);
        return deliveries;
    }

    private static GenesysEvent nameless(GenesysEvent event) {
        return event.named("", event.agentId() == null ? null : "", event.queueId() == null ? null : "");
    }

    /** Which events are of the same session, by their times. */
    private static Set<List<Long>> sessions(Iterable<GenesysEvent> events) {
        Map<String, List<Long>> times = new HashMap<>();
        events.forEach(event -> times.computeIfAbsent(event.session(), session -> new ArrayList<>())
                .add(event.time()));
        return times.values().stream()
                .map(each -> each.stream().sorted().toList())
                .collect(Collectors.toSet());
    }

    private static List<GeneratedDelivery> firstOfEachId(List<GeneratedDelivery> deliveries) {
        Set<String> known = new HashSet<>();
        return deliveries.stream()
                .filter(delivery -> known.add(delivery.publication().eventId()))
                .toList();
    }

    private static List<GeneratedDelivery> firstOfEachEvent(List<GeneratedDelivery> deliveries) {
        Set<GenesysEvent> known = new HashSet<>();
        return deliveries.stream()
                .filter(delivery -> known.add(delivery.event()))
                .toList();
    }

    private static long delay(GeneratedDelivery delivery) {
        return delivery.at() - delivery.event().time();
    }

    private static double share(List<GeneratedDelivery> all, Predicate<GeneratedDelivery> matching) {
        return (double) all.stream().filter(matching).count() / all.size();
    }
}
