package io.handover.torture;

import static org.assertj.core.api.Assertions.assertThat;

import io.handover.torture.EventBridge.Attempt;
import io.handover.torture.EventBridge.Event;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * The answers to the sender, compared with the records in Kafka.
 *
 * @param sent every event once
 * @param attempts every attempt
 * @param givenUp the sender's dead letter queue
 * @param stored all records of the topic
 */
record Reconciliation(
        List<Event> sent, List<Attempt> attempts, List<Attempt> givenUp, List<ConsumerRecord<String, byte[]>> stored) {

    /** EventBridge gives up after 5 s, and the network needs part of that. */
    private static final Duration ANSWERED_WITHIN = Duration.ofMillis(4_500);

    private static final int SERVICE_UNAVAILABLE = 503;

    Reconciliation {
        sent = List.copyOf(sent);
        attempts = List.copyOf(attempts);
        givenUp = List.copyOf(givenUp);
        stored = List.copyOf(stored);
    }

    /** Asserts that every event is stored, and that every answer was 2xx or 503, in time. */
    void assertNothingLost() {
        assertThat(attempts).filteredOn(attempt -> !isAsPromised(attempt)).isEmpty();
        assertThat(givenUp).isEmpty();
        Map<ByteBuffer, List<String>> keys = storedKeys();
        List<Event> lost = attempts.stream()
                .filter(Attempt::isAccepted)
                .map(Attempt::event)
                .filter(event -> !keys.containsKey(ByteBuffer.wrap(event.bytes())))
                .toList();
        assertThat(lost).as("answered with 2xx, and not stored").isEmpty();
        assertThat(attempts.stream().filter(Attempt::isAccepted).map(Attempt::event))
                .as("answered with 2xx, each once")
                .containsExactlyInAnyOrderElementsOf(sent);
        for (Event event : sent) {
            assertThat(keys.remove(ByteBuffer.wrap(event.bytes())))
                    .as("keys of the records with the bytes of one event")
                    .isNotEmpty()
                    .containsOnly(event.conversationId());
        }
        assertThat(keys).as("stored, and never sent").isEmpty();
    }

    private static boolean isAsPromised(Attempt attempt) {
        return attempt.duration().compareTo(ANSWERED_WITHIN) <= 0
                && (attempt.isAccepted() || isTemporaryFailure(attempt));
    }

    private static boolean isTemporaryFailure(Attempt attempt) {
        return attempt.status() == SERVICE_UNAVAILABLE
                && Objects.requireNonNullElse(attempt.retryAfterSeconds(), -1L) > 0;
    }

    /** Returns the keys of the records, by body. */
    private Map<ByteBuffer, List<String>> storedKeys() {
        Map<ByteBuffer, List<String>> keys = new HashMap<>();
        for (ConsumerRecord<String, byte[]> found : stored) {
            keys.computeIfAbsent(ByteBuffer.wrap(found.value()), body -> new ArrayList<>())
                    .add(found.key());
        }
        return keys;
    }

    /** Formats the figures in one line. */
    String line(String title) {
        long accepted = attempts.stream().filter(Attempt::isAccepted).count();
        Map<ByteBuffer, List<String>> keys = storedKeys();
        return "%-32s sent %5d  attempts %5d  2xx %5d  503 %5d  longest answer %4d ms  stored %5d  duplicates %4d  lost %d"
                .formatted(
                        title,
                        sent.size(),
                        attempts.size(),
                        accepted,
                        attempts.stream()
                                .filter(Reconciliation::isTemporaryFailure)
                                .count(),
                        attempts.stream()
                                .mapToLong(attempt -> attempt.duration().toMillis())
                                .max()
                                .orElse(0),
                        stored.size(),
                        stored.size() - keys.size(),
                        sent.stream()
                                .filter(event -> !keys.containsKey(ByteBuffer.wrap(event.bytes())))
                                .count());
    }
}
