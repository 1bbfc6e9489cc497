package io.handover.streams;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.streams.errors.StreamsException;

/** Thrown if Kafka refused a record of the application. The message is one sentence with the topic and the reason. */
final class RefusedRecordException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Kafka Streams names the topic only in these messages. */
    private static final Pattern SEND_FAILED =
            Pattern.compile("Error encountered (?:sending|trying to send) record to topic (\\S+)");

    private final String topic;
    private final String reason;

    private RefusedRecordException(String topic, String reason, Throwable cause) {
        super("Kafka refused a record for the topic " + topic + ": " + reason, cause);
        this.topic = topic;
        this.reason = reason;
    }

    /** Finds the refused record in the failure of a stream thread. Returns empty if the failure has another cause. */
    static Optional<RefusedRecordException> in(Throwable failure) {
        for (Throwable e = failure; e != null; e = e.getCause()) {
            Matcher message = SEND_FAILED.matcher(String.valueOf(e.getMessage()));
            if (e instanceof StreamsException && message.find()) {
                Throwable root = rootOf(e);
                return Optional.of(
                        new RefusedRecordException(message.group(1), String.valueOf(root.getMessage()), failure));
            }
        }
        return Optional.empty();
    }

    private static Throwable rootOf(Throwable failure) {
        Throwable root = failure;
        for (Throwable cause = root.getCause(); cause != null; cause = root.getCause()) {
            root = cause;
        }
        return root;
    }

    String topic() {
        return topic;
    }

    /** Why Kafka refused the record, in its words. */
    String reason() {
        return reason;
    }
}
