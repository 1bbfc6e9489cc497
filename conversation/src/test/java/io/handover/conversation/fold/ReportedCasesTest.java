package io.handover.conversation.fold;

import static org.assertj.core.api.Assertions.assertThat;

import io.handover.conversation.ConversationEvent;
import io.handover.conversation.ConversationState;
import io.handover.conversation.TransferPolicy;
import io.handover.conversation.Transition;
import io.handover.schema.AgentUpdated;
import io.handover.schema.Delivery;
import io.handover.schema.HandoverCommand;
import io.handover.schema.HandoverEnded;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Situations that people reported in public, as envelopes. Each arrives when Genesys sent it. */
class ReportedCasesTest {

    private static final long HOUR_MS = 3_600_000;

    @Test
    void shouldNotAnnounceASupervisorWhoMonitors() throws IOException {
        // Given A serves, when S monitors silently and leaves
        List<String> commands = commandsOf("min-01-monitor-is-announced");
        // Then
        assertThat(commands).containsExactly("10:00:02.300 agent-updated agent-A");
    }

    @Test
    void shouldNotWaitForTheAfterCallWorkOfASupervisorWhoLeftLast() throws IOException {
        // Given S monitors A, when A leaves, S leaves a second later, and A's acw arrives
        List<String> commands = commandsOf("min-01b-monitor-delays-the-end");
        // Then the handover ends the grace after A's acw
        assertThat(commands)
                .containsExactly("10:00:02.300 agent-updated agent-A", "10:05:12.300 handover-ended after-call-work");
    }

    @Test
    void shouldNotEndWhileAFlowHasTheConversation() throws IOException {
        // Given A left for inactivity, when a flow takes over, A's acw arrives, and the flow transfers to a queue
        List<String> commands = commandsOf("min-03-flow-takes-over-after-agent-left");
        // Then
        assertThat(commands)
                .containsExactly("10:00:02.300 agent-updated agent-A", "10:10:41.300 agent-updated agent-B");
    }

    @Test
    void shouldEndAfterAnInQueueFlowDisconnects() throws IOException {
        // Given the conversation waits in a queue, when the in-queue flow disconnects it at 10:00:45.000
        List<String> commands = commandsOf("min-04b-queue-left-to-flow-never-ends");
        // Then
        assertThat(commands).containsExactly("10:00:55.400 handover-ended queue-abandoned");
    }

    @Test
    void shouldEndAfterAFlowDisconnectsThatAnAgentTransferredTo() throws IOException {
        // Given A transfers to a flow, when the flow disconnects at 10:05:03.000
        List<String> commands = commandsOf("min-14b-flow-disconnects-never-ends");
        // Then
        assertThat(commands)
                .containsExactly("10:00:02.300 agent-updated agent-A", "10:05:13.300 handover-ended flow-disconnected");
    }

    private static List<String> commandsOf(String situation) throws IOException {
        List<String> commands = new ArrayList<>();
        ConversationFold fold = ConversationFold.onHeap(TransferPolicy.DEFAULT, new ConversationFold.Observer() {
            @Override
            public void applied(String id, ConversationState before, ConversationEvent event, Transition transition) {
                transition.commands().forEach(command -> commands.add(describe(command)));
            }

            @Override
            public void fired(String id, ConversationState before, long deadline, Transition transition) {
                transition.commands().forEach(command -> commands.add(describe(command)));
            }
        });
        EventMapper mapper = new EventMapper(CustomerAddress.DEFAULT);
        long at = 0;
        for (String line : lines(situation)) {
            Delivery delivery = Delivery.read(line.getBytes(StandardCharsets.UTF_8));
            at = Objects.requireNonNull(delivery.sentAtMs());
            fold.advanceTo(at);
            fold.apply(
                    Objects.requireNonNull(delivery.key()),
                    mapper.event(Objects.requireNonNull(delivery.type()), delivery, at),
                    at,
                    at);
        }
        fold.advanceTo(at + HOUR_MS);
        return commands;
    }

    private static List<String> lines(String situation) throws IOException {
        try (InputStream file = ReportedCasesTest.class.getResourceAsStream("/cases/" + situation + ".ndjson")) {
            return new String(Objects.requireNonNull(file).readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        }
    }

    private static String describe(HandoverCommand command) {
        LocalTime time = LocalTime.ofInstant(command.decidedAt(), ZoneOffset.UTC);
        String what =
                command instanceof AgentUpdated updated ? updated.agent().id() : ((HandoverEnded) command).reason();
        return time + " " + command.type() + ' ' + what;
    }
}
