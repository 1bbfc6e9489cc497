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
 * What the sender was told, beside what Kafka holds.
 *
 * @param sent every event once
 * @param attempts every request
 * @param givenUp the sender's dead letter queue
 * @param stored all that the topic holds
 */
record Reconciliation(
        List<Event> sent, List<Attempt> attempts, List<Attempt> givenUp, List<ConsumerRecord<String, byte[]>> stored) {

    /** EventBridge gives up after 5 s, and part of that is on the way. */
    private static final Duration ANSWERED_WITHIN = Duration.ofMillis(4_500);

    private static final int SERVICE_UNAVAILABLE = 503;

    Reconciliation {
        sent = List.copyOf(sent);
        attempts = List.copyOf(attempts);
        givenUp = List.copyOf(givenUp);
        stored = List.copyOf(stored);
    }

    /** Everything arrived, whatever was 2xx is stored, and whatever was not was a 503 in time. */
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
                && (attempt.isAccepted() || isFailedForTheMoment(attempt));
    }

    private static boolean isFailedForTheMoment(Attempt attempt) {
        return attempt.status() == SERVICE_UNAVAILABLE
                && Objects.requireNonNullElse(attempt.retryAfterSeconds(), -1L) > 0;
    }

    /** The keys of each body's records. */
    private Map<ByteBuffer, List<String>> storedKeys() {
        Map<ByteBuffer, List<String>> keys = new HashMap<>();
        for (ConsumerRecord<String, byte[]> found : stored) {
            keys.computeIfAbsent(ByteBuffer.wrap(found.value()), body -> new ArrayList<>())
                    .add(found.key());
        }
        return keys;
    }

    /** The figures in one line. */
    String line(String title) {
        long taken = attempts.stream().filter(Attempt::isAccepted).count();
        Map<ByteBuffer, List<String>> keys = storedKeys();
        return "%-32s sent %5d  attempts %5d  2xx %5d  503 %5d  longest answer %4d ms  stored %5d  duplicates %4d  lost %d"
                .formatted(
                        title,
                        sent.size(),
                        attempts.size(),
                        taken,
                        attempts.stream()
                                .filter(Reconciliation::isFailedForTheMoment)
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
