package io.handover.traffic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.handover.traffic.GenesysEvent.Kind;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class HistoryGeneratorTest {

    private static final int HISTORIES = 1_000;

    /** A seed in a note of a failure must go on to mean the same conversations. */
    private static final String KNOWN_HISTORIES = "00483c77344ee45a71efe1654dca64139d04adc7f281f998786842ea10fb3cb9";

    @Test
    void shouldTellTheSameHistoriesForTheSameSeeds() throws NoSuchAlgorithmException {
        // Given
        MessageDigest digest = MessageDigest.getInstance("SHA-256");

        // When
        for (int seed = 0; seed < HISTORIES; seed++) {
            digest.update(history(Tempo.HUMAN, seed).toString().getBytes(StandardCharsets.UTF_8));
        }

        // Then
        assertThat(HexFormat.of().formatHex(digest.digest())).isEqualTo(KNOWN_HISTORIES);
    }

    @Test
    void shouldHaveNobodyGoAndComeBackWithoutGaps() {
        // Given, When
        List<Long> gaps = gaps(Tempo.HUMAN);

        // Then
        assertThat(gaps).isEmpty();
    }

    @Test
    void shouldHaveGapsOfEveryLength() {
        // Given, When
        List<Long> gaps = gaps(Tempo.HUMAN.withGaps(90_000));

        // Then
        assertThat(gaps)
                .allMatch(gap -> gap <= 90_000)
                .anyMatch(gap -> gap < 2_000)
                .anyMatch(gap -> gap >= 2_000 && gap < 5_000)
                .anyMatch(gap -> gap >= 5_000 && gap < 10_000)
                .anyMatch(gap -> gap >= 10_000 && gap < 20_000)
                .anyMatch(gap -> gap >= 20_000 && gap < 60_000)
                .anyMatch(gap -> gap >= 60_000);
    }

    /**
     * A part of a history: an event whose title begins with a match, at most {@code withinMs} after the event of the
     * previous step.
     */
    private record Step(String title, long withinMs) {}

    private static Step step(String title) {
        return new Step(title, Long.MAX_VALUE);
    }

    private static Step within(long ms, String title) {
        return new Step(title, ms);
    }

    static Stream<Arguments> situations() {
        Step inactive = step("user.end .* INACTIVITY");
        Step transferred = step("user.end .* TRANSFER");
        Step flow = within(500, "flow.start .* INBOUNDSHORTMESSAGE");
        Step toQueue = within(5_001, "flow.end .* INBOUNDSHORTMESSAGE TRANSFER");
        Step disconnected = within(5_001, "flow.end .* INBOUNDSHORTMESSAGE FLOW_DISCONNECT");
        Step expired = within(5_001, "flow.end .* INBOUNDSHORTMESSAGE SESSION_EXPIRE_DISCONNECT");
        Step inQueue = step("flow.start .* INQUEUESHORTMESSAGE");
        Step inQueueDisconnected = step("flow.end .* INQUEUESHORTMESSAGE FLOW_DISCONNECT");
        Step flowOut = within(200, "acd.end .* FLOW_OUT");
        Step supervisor = step("user.start (sonja|tom)");
        Step supervisorLeft = step("user.end (sonja|tom) (CLIENT|PEER)");
        Step agentLeft = step("user.end (anna|ben|carla|david|eva) (CLIENT|PEER|ENDPOINT|SYSTEM|INACTIVITY)");
        return Stream.of(
                arguments(
                        "in-queue flow, answered",
                        List.of(
                                step("acd.start"),
                                inQueue,
                                step("flow.end .* INQUEUESHORTMESSAGE TRANSFER"),
                                within(0, "acd.end .* ANSWERED"))),
                arguments(
                        "in-queue flow disconnects, then the queue ends",
                        List.of(inQueue, inQueueDisconnected, flowOut)),
                arguments(
                        "queue ends, then the in-queue flow disconnects",
                        List.of(
                                inQueue,
                                step("acd.end .* FLOW_OUT"),
                                within(200, "flow.end .* INQUEUESHORTMESSAGE FLOW_DISCONNECT"))),
                arguments(
                        "in-queue flow disconnects, customer.end",
                        List.of(inQueueDisconnected, flowOut, step("customer.end"))),
                arguments("flow takes over, goes to a queue", List.of(inactive, flow, toQueue, step("acd.start"))),
                arguments("flow takes over, disconnects", List.of(inactive, flow, disconnected)),
                arguments("flow takes over, session expires", List.of(inactive, flow, expired)),
                arguments(
                        "transfer to a flow, goes to a queue", List.of(transferred, flow, toQueue, step("acd.start"))),
                arguments("transfer to a flow, disconnects", List.of(transferred, flow, disconnected)),
                arguments(
                        "queue to a flow, goes to a queue",
                        List.of(step("acd.end .* FLOW_OUT"), flow, toQueue, step("acd.start"))),
                arguments("queue to a flow, disconnects", List.of(step("acd.end .* FLOW_OUT"), flow, disconnected)),
                arguments(
                        "survey, customer.end",
                        List.of(agentLeft, step("flow.end .* SURVEYINVITE FLOW_EXIT"), step("customer.end"))),
                arguments(
                        "customer.end, survey",
                        List.of(
                                step("customer.end"),
                                step("flow.start .* SURVEYINVITE"),
                                step("flow.end .* SURVEYINVITE FLOW_DISCONNECT"))),
                arguments("supervisor leaves before the agent", List.of(supervisor, supervisorLeft, agentLeft)),
                arguments(
                        "supervisor leaves soon after the agent",
                        List.of(supervisor, agentLeft, within(1_000, "user.end (sonja|tom) (CLIENT|PEER)"))),
                arguments(
                        "supervisor takes over",
                        List.of(
                                supervisor,
                                step("user.end .* TAKEOVER"),
                                step("user.end (sonja|tom)"),
                                step("acw (sonja|tom)"))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("situations")
    void shouldGenerate(String situation, List<Step> steps) {
        // Given, When
        boolean generated = histories().anyMatch(history -> has(history, steps));

        // Then
        assertThat(generated).as(situation).isTrue();
    }

    @Test
    void shouldGenerateAnEndByAFlowWithoutCustomerEnd() {
        // Given, When
        boolean generated = histories()
                .anyMatch(history -> has(history, List.of(step("flow.end .* INQUEUESHORTMESSAGE FLOW_DISCONNECT")))
                        && !has(history, List.of(step("customer.end"))));

        // Then
        assertThat(generated).isTrue();
    }

    @Test
    void shouldGenerateAFlowThatGoesToAQueueWithoutAFlowEnd() {
        // Given, When
        boolean generated =
                histories().anyMatch(history -> count(history, Kind.FLOW_START) > count(history, Kind.FLOW_END));

        // Then
        assertThat(generated).isTrue();
    }

    @Test
    void shouldLetSupervisorsJoinWithoutAQueueAndWithoutAnAlert() {
        // Given, When
        List<GenesysEvent> ends = histories()
                .flatMap(history -> history.events().stream())
                .filter(event -> event.kind() == Kind.USER_END)
                .filter(event -> List.of("sonja", "tom").contains(event.agentId()))
                .toList();

        // Then
        assertThat(ends)
                .isNotEmpty()
                .allMatch(end -> end.queueId() == null && end.alertingMs() == 0 && end.interactingMs() > 0);
    }

    @Test
    void shouldListTheSessionsOfSupervisorsAsServices() {
        // Given, When
        List<History> histories = histories().toList();

        // Then
        assertThat(histories).allMatch(history -> history.services().size() == count(history, Kind.USER_START));
    }

    private static long count(History history, Kind kind) {
        return history.events().stream().filter(event -> event.kind() == kind).count();
    }

    private static boolean has(History history, List<Step> steps) {
        return history.events().stream().anyMatch(first -> follows(history, first, steps, 0));
    }

    /** Whether the event matches a step, and events of the same handover match the later steps. */
    private static boolean follows(History history, GenesysEvent event, List<Step> steps, int step) {
        if (!Pattern.compile(steps.get(step).title()).matcher(event.title()).lookingAt()) {
            return false;
        }
        if (step == steps.size() - 1) {
            return true;
        }
        int place = history.events().indexOf(event);
        return history.events().subList(place + 1, history.events().size()).stream()
                .filter(next -> next.handover() == event.handover())
                .filter(next ->
                        next.time() - event.time() <= steps.get(step + 1).withinMs())
                .anyMatch(next -> follows(history, next, steps, step + 1));
    }

    private static Stream<History> histories() {
        return IntStream.range(0, HISTORIES).mapToObj(seed -> history(Tempo.HUMAN, seed));
    }

    private static History history(Tempo tempo, long seed) {
        return HistoryGenerator.generate(tempo, Choices.seeded(seed), "conversation-" + seed, 0);
    }

    /** How long nobody was there between two agents of a handover, where no queue or flow had it meanwhile. */
    private static List<Long> gaps(Tempo tempo) {
        List<Long> gaps = new ArrayList<>();
        for (int seed = 0; seed < HISTORIES; seed++) {
            Set<String> there = new HashSet<>();
            GenesysEvent left = null;
            for (GenesysEvent event : history(tempo, seed).events()) {
                if (left != null && event.kind() == Kind.USER_START && event.handover() == left.handover()) {
                    gaps.add(event.time() - left.time());
                }
                switch (event.kind()) {
                    case ACD_START -> {
                        // The queue has the conversation from the flow, whose end may be missing.
                        there.removeIf(session -> session.startsWith("flow"));
                        there.add(event.session());
                    }
                    case USER_START, FLOW_START -> there.add(event.session());
                    case USER_END, ACD_END, FLOW_END -> there.remove(event.session());
                    case CUSTOMER_START, CUSTOMER_END, ACW -> {
                        // has nobody come or go
                    }
                }
                if (event.kind() != Kind.ACW) {
                    left = event.kind() == Kind.USER_END && there.isEmpty() ? event : null;
                }
            }
        }
        return gaps;
    }
}
