package io.handover.setup.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.handover.terminal.CommandException;
import io.handover.terminal.StopSignal;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Waiting for a thing that was made. */
class ApplicationTest {

    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void shouldWaitWhileAnAnswerIsOlderThanTheChange() {
        // Given
        Thing thing = new Thing(state("OLD"), Found.ABSENT, state("NEW").pendingIn("CREATING"), state("NEW"));
        // When
        application(Duration.ofMinutes(1)).awaitReady(thing);
        // Then
        assertThat(thing.answers).hasSize(1);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .contains("not as it should be: state OLD", "not visible yet", "CREATING");
    }

    @Test
    void shouldNotCallAThingReadyThatHasFailed() {
        // Given
        Thing thing = new Thing(state("CREATING").pendingIn("CREATING"), state("CREATE_FAILED"));
        // When
        assertThatThrownBy(() -> application(Duration.ofMillis(50)).awaitReady(thing))
                // Then
                .isInstanceOf(CommandException.class)
                .hasMessageContaining("state CREATE_FAILED");
    }

    private Application application(Duration longest) {
        PrintStream out = new PrintStream(err, true, StandardCharsets.UTF_8);
        return new Application(new Waiting(out, new StopSignal(), Duration.ofMillis(1), longest));
    }

    private static Found state(String state) {
        return Found.of(true, Map.of("state", state));
    }

    /** A thing of this command that gives one answer after the other, and the last one again and again. */
    private static final class Thing implements Resource {
        private final Deque<Found> answers;

        Thing(Found... answers) {
            this.answers = new ArrayDeque<>(List.of(answers));
        }

        @Override
        public String kind() {
            return "thing";
        }

        @Override
        public String name() {
            return "handover";
        }

        @Override
        public Found find() {
            return answers.size() > 1 ? answers.remove() : answers.element();
        }

        @Override
        public Map<String, String> wanted() {
            return Map.of("state", "NEW");
        }

        @Override
        public void create() {
            throw new IllegalStateException("Expected no call");
        }

        @Override
        public void change(Found found) {
            throw new IllegalStateException("Expected no call");
        }

        @Override
        public void delete() {
            throw new IllegalStateException("Expected no call");
        }
    }
}
