package io.handover.conversation.fold;

import static org.assertj.core.api.Assertions.assertThat;

import io.handover.conversation.ConversationEvent;
import io.handover.conversation.ConversationEvent.Details;
import io.handover.conversation.ConversationState;
import io.handover.conversation.CustomerEnded;
import io.handover.conversation.CustomerStarted;
import io.handover.conversation.Fingerprint;
import io.handover.conversation.FlowStarted;
import io.handover.conversation.OtherEvent;
import io.handover.conversation.Outcome;
import io.handover.conversation.QueueEntered;
import io.handover.conversation.TransferPolicy;
import io.handover.conversation.Transition;
import io.handover.schema.Evidence;
import io.handover.schema.HandoverEnded;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A handover that is still open when its conversation is forgotten ends. */
class ExpiryTest implements ConversationFold.Observer {

    private static final long START = 1_768_471_200_000L;
    private static final long RETENTION_MS = TransferPolicy.DEFAULT.retentionMs();

    private final ConversationFold fold = ConversationFold.onHeap(TransferPolicy.DEFAULT, this);
    private final List<String> observed = new ArrayList<>();
    private final List<HandoverEnded> ends = new ArrayList<>();

    @Override
    public void applied(String id, ConversationState before, ConversationEvent event, Transition transition) {
        observed.add(transition.outcome().label());
        add(transition);
    }

    @Override
    public void fired(String id, ConversationState before, long deadline, Transition transition) {
        observed.add(transition.outcome().label() + " at +" + (deadline - START));
        add(transition);
    }

    @Override
    public void forgotten(String id, ConversationState last) {
        observed.add("forgotten, " + (last.isOpen() ? "open" : "ended"));
    }

    private void add(Transition transition) {
        transition.commands().forEach(command -> ends.add((HandoverEnded) command));
    }

    @Test
    void shouldExpireWhenTheRetentionIsOver() {
        // Given
        receive(new QueueEntered(details("acd.start", 0), "queue"), 5);
        // When
        fold.advanceTo(START + 4 + RETENTION_MS);
        assertThat(ends).isEmpty();
        fold.advanceTo(START + 5 + RETENTION_MS);
        // Then
        assertThat(observed).containsExactly("queue-entered", "expired at +" + (5 + RETENTION_MS), "forgotten, ended");
        assertThat(ends).singleElement().satisfies(end -> {
            assertThat(end.reason()).isEqualTo("expired");
            assertThat(end.cycle()).isEqualTo(1);
            assertThat(end.evidence()).isEmpty();
            assertThat(end.occurredAt()).isEqualTo(Instant.ofEpochMilli(START + 5));
            assertThat(end.decidedAt()).isEqualTo(Instant.ofEpochMilli(START + 5 + RETENTION_MS));
        });
    }

    @Test
    void shouldExpireBeforeTheNextEventIsApplied() {
        // Given
        receive(new QueueEntered(details("acd.start", 0), "queue"), 0);
        // When
        long later = 3 * RETENTION_MS;
        receive(new QueueEntered(details("acd.start", later), "queue"), later);
        // Then
        assertThat(observed)
                .containsExactly("queue-entered", "expired at +" + RETENTION_MS, "forgotten, ended", "queue-entered");
    }

    @Test
    void shouldNotExpireAgain() {
        // Given
        receive(new QueueEntered(details("acd.start", 0), "queue"), 0);
        receive(new CustomerEnded(details("customer.end", 60_000), 0), 60_000);
        // When
        fold.advanceTo(START + 3 * RETENTION_MS);
        // Then
        assertThat(ends).extracting(HandoverEnded::reason).containsExactly("customer-end");
        assertThat(observed).endsWith("forgotten, ended");
    }

    static Stream<ConversationEvent> beginnings() {
        return Stream.of(
                new CustomerStarted(details("customer.start", 0)),
                new FlowStarted(details("flow.start", 0), "flow", true));
    }

    @ParameterizedTest
    @MethodSource("beginnings")
    void shouldExpireIfNoAgentEverCame(ConversationEvent beginning) {
        // Given
        receive(beginning, 0);
        // When
        fold.advanceTo(START + RETENTION_MS);
        // Then
        assertThat(ends).extracting(HandoverEnded::reason).containsExactly("expired");
    }

    @Test
    void shouldExpireTheNextHandover() {
        // Given
        receive(new CustomerEnded(details("customer.end", 0), 0), 0);
        receive(new CustomerStarted(details("customer.start", 1_000)), 1_000);
        // When
        fold.advanceTo(START + 1_000 + RETENTION_MS);
        // Then
        assertThat(ends).extracting(HandoverEnded::cycle).containsExactly(1, 2);
        assertThat(ends).extracting(HandoverEnded::reason).containsExactly("customer-end", "expired");
    }

    @Test
    void shouldForgetSilentlyWhereNoHandoverBegan() {
        // Given
        receive(new OtherEvent(details("wrapup", 0)), 0);
        // When
        fold.advanceTo(START + RETENTION_MS);
        // Then
        assertThat(observed).containsExactly(Outcome.NOTED.label(), "forgotten, open");
        assertThat(ends).isEmpty();
    }

    private void receive(ConversationEvent event, long at) {
        fold.advanceTo(START + at);
        fold.apply("conversation-1", event, START + at, START + at);
    }

    private static Details details(String topic, long time) {
        return new Details(
                new Evidence(topic, "event-" + time, Instant.ofEpochMilli(START + time), null),
                Fingerprint.of(topic, null, "session", START + time, null),
                "session",
                "customer-1",
                "organization-1");
    }
}
