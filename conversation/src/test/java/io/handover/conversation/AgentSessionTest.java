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

/** An agent session does not depend on the order of arrival of its events. */
class AgentSessionTest {

    private static final long ARRIVED = 1_000;

    static Stream<Arguments> facts() {
        return Stream.of(
                Arguments.of(
                        "a service, its end and its acw",
                        "since 20, left 60, acw 70",
                        List.of(start(20), end(60, Reason.LEFT), acw(70))),
                Arguments.of(
                        "an acw before the agent left",
                        "since 20, left 60, acw 50",
                        List.of(start(20), end(60, Reason.LEFT), acw(50))),
                Arguments.of(
                        "the acw of an earlier service",
                        "since 20, left 60",
                        List.of(start(20), end(60, Reason.LEFT), acw(10))),
                Arguments.of(
                        "the acw of an earlier service, if only the end states when the service began",
                        "since 20, left 60",
                        List.of(end(60, Reason.LEFT, 20), acw(10))),
                Arguments.of(
                        "an acw, if no event states when the service began",
                        "left 60, acw 10",
                        List.of(end(60, Reason.LEFT), acw(10))),
                Arguments.of("an acw at the start", "since 20, acw 20", List.of(start(20), acw(20))),
                Arguments.of(
                        "an acw at the start that the end states",
                        "since 20, left 60, acw 20",
                        List.of(end(60, Reason.LEFT, 20), acw(20))),
                Arguments.of(
                        "an end at the start", "since 20, declined 20", List.of(start(20), end(20, Reason.DECLINED))),
                Arguments.of("the newest of two starts", "since 20, serves", List.of(start(10), start(20))),
                Arguments.of(
                        "the newest of two ends",
                        "left 60",
                        List.of(end(10, Reason.TRANSFERRED), end(60, Reason.LEFT))),
                Arguments.of("the newest of two acws", "acw 30", List.of(acw(10), acw(30))),
                Arguments.of(
                        "a service after a transfer, whose acw is missing",
                        "since 20, missing 1, serves",
                        List.of(start(20), end(10, Reason.TRANSFERRED))),
                Arguments.of(
                        "a service after a transfer, and the acw of the transfer",
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
    void shouldCountATransferFromItsFirstArrival() {
        // Given
        AgentSession transferred = end(60, Reason.TRANSFERRED).apply(AgentSession.unseen("session", 1));
        // When
        AgentSession repeated = transferred.ended(
                "anna",
                new AgentSession.Departure(Reason.TRANSFERRED, evidence("user.end", 60), 9 * ARRIVED),
                AgentSession.UNKNOWN);
        // Then
        assertThat(repeated).isEqualTo(transferred);
    }

    @Test
    void shouldKeepTheEvidenceOfAnAcwThatArrivesAgain() {
        // Given
        AgentSession completed = acw(60).apply(AgentSession.unseen("session", 1));
        // When
        AgentSession repeated =
                completed.acwCompleted("anna", new Evidence("acw", "another-delivery", Instant.ofEpochMilli(60), null));
        // Then
        assertThat(repeated).isEqualTo(completed);
    }

    @Test
    void shouldKeepTheAcwThatBelongsToTheNewerEnd() {
        // Given
        AgentSession session = acw(35).apply(end(10, Reason.TRANSFERRED).apply(AgentSession.unseen("session", 1)));
        // When
        AgentSession newer = end(30, Reason.LEFT).apply(session);
        // Then
        assertThat(known(newer)).isEqualTo("left 30, acw 35");
    }

    @Test
    void shouldDropTheAcwThatBelongsToTheOlderEnd() {
        // Given
        AgentSession session = acw(15).apply(end(10, Reason.TRANSFERRED).apply(AgentSession.unseen("session", 1)));
        // When
        AgentSession newer = end(30, Reason.LEFT).apply(session);
        // Then
        assertThat(known(newer)).isEqualTo("left 30");
    }

    @Test
    void shouldNotStartAgainAtTheTimeOfItsEnd() {
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
        AgentSession withOlderStart = fromQueue.started("anna", 10, false);
        AgentSession withNewerStart = fromQueue.started("anna", 30, false);
        // Then
        assertThat(withOlderStart.service().offered()).isTrue();
        assertThat(withNewerStart.service().offered()).isFalse();
    }

    @Test
    void shouldKnowFromItsStartThatAQueueOfferedItIfTheEndStatedWhenItBegan() {
        // Given
        AgentSession left = end(60, Reason.LEFT, 20).apply(AgentSession.unseen("session", 1));
        // When
        AgentSession started = left.started("anna", 20, true);
        // Then
        assertThat(started.service().offered()).isTrue();
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
    void shouldAddTheAgentThatALaterEventNames() {
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
            known.add("missing " + session.missingAcws());
        }
        @Nullable Evidence acw = session.acw();
        if (acw != null) {
            known.add("acw " + acw.eventTime().toEpochMilli());
        }
        if (session.isActive()) {
            known.add("serves");
        }
        return String.join(", ", known);
    }

    @Test
    void shouldTakeTheLastOfferOfTwoStartsAtTheSameTime() {
        // Given
        AgentSession offered = AgentSession.unseen("session", 1).started("anna", 20, true);
        // When / Then
        assertThat(offered.started("anna", 20, false).service().offered()).isFalse();
    }
}
