package io.handover.conversation;

import static org.assertj.core.api.Assertions.assertThat;

import io.handover.conversation.AgentSession.Reason;
import io.handover.schema.Evidence;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is known of one agent's session does not depend on which of its events came first. */
class AgentSessionTest {

    private static final long ARRIVED = 1_000;

    static Stream<Arguments> facts() {
        return Stream.of(
                Arguments.of(
                        "a service, its end and its wrap-up",
                        "since 20, left 60, wrapped up 70",
                        List.of(start(20), end(60, Reason.LEFT), acw(70))),
                Arguments.of(
                        "a wrap-up that was typed before the agent left",
                        "since 20, left 60, wrapped up 50",
                        List.of(start(20), end(60, Reason.LEFT), acw(50))),
                Arguments.of(
                        "the wrap-up of an earlier service",
                        "since 20, left 60",
                        List.of(start(20), end(60, Reason.LEFT), acw(10))),
                Arguments.of(
                        "the same, where only the end tells when the service began",
                        "since 20, left 60",
                        List.of(end(60, Reason.LEFT, 20), acw(10))),
                Arguments.of(
                        "a wrap-up, where nothing tells when the service began",
                        "left 60, wrapped up 10",
                        List.of(end(60, Reason.LEFT), acw(10))),
                Arguments.of("a wrap-up at the very start", "since 20, wrapped up 20", List.of(start(20), acw(20))),
                Arguments.of(
                        "a wrap-up at the start that the end tells",
                        "since 20, left 60, wrapped up 20",
                        List.of(end(60, Reason.LEFT, 20), acw(20))),
                Arguments.of(
                        "an end at the very start",
                        "since 20, declined 20",
                        List.of(start(20), end(20, Reason.DECLINED))),
                Arguments.of("the newest of two starts", "since 20, serves", List.of(start(10), start(20))),
                Arguments.of(
                        "the newest of two ends",
                        "left 60",
                        List.of(end(10, Reason.TRANSFERRED), end(60, Reason.LEFT))),
                Arguments.of("the newest of two wrap-ups", "wrapped up 30", List.of(acw(10), acw(30))),
                Arguments.of(
                        "a service after a transfer, whose wrap-up is owed",
                        "since 20, owes 1, serves",
                        List.of(start(20), end(10, Reason.TRANSFERRED))),
                Arguments.of(
                        "a service after a transfer, and the wrap-up of that",
                        "since 20, serves",
                        List.of(start(20), end(10, Reason.TRANSFERRED), acw(25))));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("facts")
    void shouldBeTheSameInEveryOrder(String what, String known, List<UnaryOperator<AgentSession>> facts) {
        for (List<UnaryOperator<AgentSession>> order : orders(facts)) {
            // Given
            AgentSession session = AgentSession.unseen("session", 1);
            // When
            for (UnaryOperator<AgentSession> fact : order) {
                session = fact.apply(session);
            }
            // Then
            assertThat(known(session)).as(what).isEqualTo(known);
        }
    }

    @Test
    void shouldCountATransferFromWhenItWasFirstToldOf() {
        // Given
        AgentSession transferred = end(60, Reason.TRANSFERRED).apply(AgentSession.unseen("session", 1));
        // When
        AgentSession toldAgain = transferred.ended(
                "anna",
                new AgentSession.Departure(Reason.TRANSFERRED, evidence("user.end", 60), 9 * ARRIVED),
                AgentSession.UNKNOWN);
        // Then
        assertThat(toldAgain).isEqualTo(transferred);
    }

    @Test
    void shouldKeepTheEvidenceOfAWrapUpThatIsToldAgain() {
        // Given
        AgentSession wrappedUp = acw(60).apply(AgentSession.unseen("session", 1));
        // When
        AgentSession toldAgain =
                wrappedUp.acwCompleted("anna", new Evidence("acw", "another-delivery", Instant.ofEpochMilli(60), null));
        // Then
        assertThat(toldAgain).isEqualTo(wrappedUp);
    }

    @Test
    void shouldKeepTheWrapUpThatBelongsToTheNewerEnd() {
        // Given
        AgentSession session = acw(35).apply(end(10, Reason.TRANSFERRED).apply(AgentSession.unseen("session", 1)));
        // When
        AgentSession newer = end(30, Reason.LEFT).apply(session);
        // Then
        assertThat(known(newer)).isEqualTo("left 30, wrapped up 35");
    }

    @Test
    void shouldDropTheWrapUpThatBelongsToTheOlderEnd() {
        // Given
        AgentSession session = acw(15).apply(end(10, Reason.TRANSFERRED).apply(AgentSession.unseen("session", 1)));
        // When
        AgentSession newer = end(30, Reason.LEFT).apply(session);
        // Then
        assertThat(known(newer)).isEqualTo("left 30");
    }

    @Test
    void shouldNotBeginAgainInTheMomentOfItsEnd() {
        // Given
        AgentSession left = end(60, Reason.LEFT).apply(start(20).apply(AgentSession.unseen("session", 1)));
        // When
        AgentSession again = start(60).apply(left);
        // Then
        assertThat(known(again)).isEqualTo("since 60, left 60");
    }

    @Test
    void shouldKeepHowTheNewestServiceBegan() {
        // Given
        AgentSession fromQueue = AgentSession.unseen("session", 1).started("anna", 20, true);
        // When
        AgentSession olderTold = fromQueue.started("anna", 10, false);
        AgentSession newerTold = fromQueue.started("anna", 30, false);
        // Then
        assertThat(olderTold.offered()).isTrue();
        assertThat(newerTold.offered()).isFalse();
    }

    @Test
    void shouldKeepTheAgentWhomAnEarlierEventNamed() {
        // Given
        AgentSession named = AgentSession.unseen("session", 1).started("anna", 20, true);
        // When / Then
        assertThat(named.started(null, 30, true).agentId()).isEqualTo("anna");
        assertThat(named.acwCompleted(null, evidence("acw", 70)).agentId()).isEqualTo("anna");
        assertThat(named.ended(
                                null,
                                new AgentSession.Departure(Reason.LEFT, evidence("user.end", 60), ARRIVED),
                                AgentSession.UNKNOWN)
                        .agentId())
                .isEqualTo("anna");
    }

    @Test
    void shouldLearnTheAgentFromALaterEvent() {
        // Given
        AgentSession nameless = AgentSession.unseen("session", 1).started(null, 20, true);
        // When / Then
        assertThat(nameless.acwCompleted("anna", evidence("acw", 70)).agentId()).isEqualTo("anna");
    }

    private static UnaryOperator<AgentSession> start(long time) {
        return session -> session.started("anna", time, true);
    }

    private static UnaryOperator<AgentSession> end(long time, Reason reason) {
        return end(time, reason, AgentSession.UNKNOWN);
    }

    private static UnaryOperator<AgentSession> end(long time, Reason reason, long began) {
        return session ->
                session.ended("anna", new AgentSession.Departure(reason, evidence("user.end", time), ARRIVED), began);
    }

    private static UnaryOperator<AgentSession> acw(long time) {
        return session -> session.acwCompleted("anna", evidence("acw", time));
    }

    private static Evidence evidence(String topic, long time) {
        return new Evidence(topic, topic + '-' + time, Instant.ofEpochMilli(time), null);
    }

    private static <T> List<List<T>> orders(List<T> facts) {
        if (facts.isEmpty()) {
            return List.of(List.of());
        }
        List<List<T>> orders = new ArrayList<>();
        for (int i = 0; i < facts.size(); i++) {
            List<T> rest = new ArrayList<>(facts);
            T first = rest.remove(i);
            for (List<T> order : orders(rest)) {
                List<T> whole = new ArrayList<>(List.of(first));
                whole.addAll(order);
                orders.add(whole);
            }
        }
        return orders;
    }

    private static String known(AgentSession session) {
        List<String> known = new ArrayList<>();
        if (session.startedAt() != AgentSession.UNKNOWN) {
            known.add("since " + session.startedAt());
        }
        AgentSession.Departure departure = session.departure();
        if (departure != null) {
            known.add(departure.reason().name().toLowerCase(Locale.ROOT) + ' ' + departure.time());
        }
        if (session.missingAcws() > 0) {
            known.add("owes " + session.missingAcws());
        }
        @Nullable Evidence acw = session.acw();
        if (acw != null) {
            known.add("wrapped up " + acw.eventTime().toEpochMilli());
        }
        if (session.isActive()) {
            known.add("serves");
        }
        return String.join(", ", known);
    }
}
