package io.handover.terminal;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.KafkaFuture;

/** Waits for the answers of Kafka's Admin client. */
public final class KafkaCalls {

    private static final long TIMEOUT_SECONDS = 30;

    private KafkaCalls() {}

    /**
     * Waits for an answer of Kafka.
     *
     * @param action the request to Kafka, in words that follow "Kafka did not":
     *     {@code create the topic handover-events}
     * @throws CommandException if Kafka rejected the request or did not answer; the cause is the exception of the
     *     client
     */
    public static <T> T await(KafkaFuture<T> answer, String action) {
        try {
            return answer.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            if (cause instanceof org.apache.kafka.common.errors.TimeoutException) {
                throw unanswered(action, cause);
            }
            throw new CommandException("Kafka did not " + action + ": " + cause.getMessage(), cause);
        } catch (TimeoutException e) {
            throw unanswered(action, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandException("Interrupted while waiting for Kafka to " + action + ".", e);
        }
    }

    private static CommandException unanswered(String action, Throwable cause) {
        return new CommandException(
                "Kafka did not " + action + ": it does not answer. Check the address of the broker.", cause);
    }
}
