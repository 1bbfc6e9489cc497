package io.handover.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.handover.fakeaws.Behaviour;
import io.handover.setup.Clouds.Result;
import io.handover.terminal.CommandRunner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The dead letter queue of the rule. */
class DlqTest {

    private static final int LETTERS = 25;

    @TempDir
    Path folder;

    private BridgeStub bridge;
    private Clouds clouds;

    @BeforeEach
    void setUp() {
        bridge = new BridgeStub(folder);
        bridge.keys.add(Clouds.KEY);
        clouds = new Clouds(folder, "eu-central-1", Behaviour.CALM);
        clouds.aws.trust(bridge.certificate());
        clouds.settings.put("endpoint.url", bridge.url());
        Result applied = clouds.run("apply", "--yes");
        assertThat(applied.code()).as(applied.err()).isEqualTo(CommandRunner.EXIT_OK);
        bridge.always = new BridgeStub.Answer(400, "{\"outcome\":\"unreadable\"}");
        IntStream.range(0, LETTERS).forEach(number -> clouds.aws.publish(Clouds.event(number)));
        await().until(() -> clouds.aws.openDeliveries() == 0 && clouds.deadLetters() == LETTERS);
        bridge.always = null;
    }

    @AfterEach
    void tearDown() {
        clouds.close();
        bridge.close();
    }

    @Test
    void shouldListAndShowAndLeaveEverything() {
        // When
        Result list = clouds.dlq("list");
        Result shown = clouds.dlq("show", "--limit", "1");
        // Then
        assertThat(list.out()).as(list.err()).contains(LETTERS + "  ").contains("oldest", "cause");
        assertThat(shown.out()).contains("ERROR_CODE:", "conversationId");
        assertThat(clouds.deadLetters()).isEqualTo(LETTERS);
    }

    @Test
    void shouldSendEveryLetterOnceAndEmptyTheQueue() {
        // When
        Result resent = clouds.dlq("resend", "--rate", "1000");
        // Then
        assertThat(resent.code()).as(resent.out() + resent.err()).isEqualTo(CommandRunner.EXIT_OK);
        assertThat(resent.out()).contains("Sent " + LETTERS + " letters.");
        assertThat(bridge.stored).hasSize(LETTERS).doesNotHaveDuplicates();
        assertThat(clouds.deadLetters()).isZero();
        assertThat(clouds.dlq("list").out()).contains("No dead letters.");
    }

    @Test
    void shouldKeepWhatTheBridgeDoesNotWant() {
        // Given
        bridge.always = new BridgeStub.Answer(400, "{\"outcome\":\"unreadable\"}");
        // When
        Result resent = clouds.dlq("resend", "--rate", "1000");
        // Then
        assertThat(resent.code()).isEqualTo(CommandRunner.EXIT_FAILURE);
        assertThat(resent.out()).contains("Kept " + LETTERS + " letters: 400 unreadable", "in the queue");
        assertThat(clouds.deadLetters()).isEqualTo(LETTERS);
    }

    @Test
    void shouldStopWhenTheBridgeIsAwayAndGoOnLater() {
        // Given
        bridge.always = new BridgeStub.Answer(503, "{\"outcome\":\"kafka-timeout\"}");
        // When
        Result stopped = clouds.dlq("resend", "--rate", "1000");
        bridge.always = null;
        Result resumed = clouds.dlq("resend", "--rate", "1000");
        // Then
        assertThat(stopped.code()).isEqualTo(CommandRunner.EXIT_FAILURE);
        assertThat(stopped.err()).contains("accepts no delivery now (503 kafka-timeout)");
        assertThat(resumed.code()).as(resumed.err()).isEqualTo(CommandRunner.EXIT_OK);
        assertThat(bridge.stored).hasSize(LETTERS);
    }

    /** A page for maintenance must not cost any letter. */
    @Test
    void shouldStopIfSomethingElseAnswers() {
        for (BridgeStub.Answer answer :
                List.of(new BridgeStub.Answer(200, "<html>back soon</html>"), new BridgeStub.Answer(404, ""))) {
            // Given
            bridge.always = answer;
            // When
            Result stopped = clouds.dlq("resend");
            // Then
            assertThat(stopped.code()).isEqualTo(CommandRunner.EXIT_FAILURE);
            assertThat(stopped.err()).contains("The endpoint answers " + answer.status(), "endpoint.url");
            assertThat(clouds.deadLetters()).isEqualTo(LETTERS);
        }
    }

    @Test
    void shouldStopAtOnceIfTheKeyIsWrong() {
        // Given
        bridge.keys.clear();
        // When
        Result refused = clouds.dlq("resend");
        // Then
        assertThat(refused.code()).isEqualTo(CommandRunner.EXIT_FAILURE);
        assertThat(refused.err()).contains("does not accept the key");
        assertThat(clouds.deadLetters()).isEqualTo(LETTERS);
    }

    @Test
    void shouldDiscardOnlyWithExecute() {
        // When
        Result counted = clouds.dlq("discard");
        Result other = clouds.dlq("discard", "--cause", "NO_SUCH_CAUSE", "--execute");
        long before = clouds.deadLetters();
        Result executed = clouds.dlq("discard", "--execute");
        // Then
        assertThat(counted.out()).contains("Would discard " + LETTERS);
        assertThat(other.out()).contains("Discarded 0");
        assertThat(before).isEqualTo(LETTERS);
        assertThat(executed.out()).contains("Discarded " + LETTERS);
        assertThat(clouds.deadLetters()).isZero();
    }

    @Test
    void shouldSayInOneSentenceThatKafkaDoesNotAnswer() throws IOException {
        // Given
        Path config = Files.writeString(folder.resolve("client.properties"), "default.api.timeout.ms=500");
        // When
        Result list = clouds.dlq(
                "list", "--from", "topic", "--bootstrap-server", "127.0.0.1:1", "--command-config", config.toString());
        // Then
        assertThat(list.code()).isEqualTo(CommandRunner.EXIT_FAILURE);
        assertThat(list.err().lines())
                .singleElement()
                .asString()
                .contains("handover-dead-letters cannot be read: Kafka does not answer");
    }
}
