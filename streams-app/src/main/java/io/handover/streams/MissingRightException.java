package io.handover.streams;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.TransactionalIdAuthorizationException;
import org.apache.kafka.streams.StreamsConfig;
import org.jspecify.annotations.Nullable;

/** Thrown if Kafka does not permit what the application needs. The message is one sentence with the command that permits it. */
final class MissingRightException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Kafka Streams names the topic only in this message. */
    private static final Pattern CREATION_FAILED = Pattern.compile("Could not create topic (\\S+)\\.$");

    private MissingRightException(String message, Throwable cause) {
        super(message, cause);
    }

    /** Finds the missing right in the failure of a stream thread. Returns empty if the failure has another cause. */
    static Optional<MissingRightException> in(Throwable failure, StreamsConfig config) {
        String created = null;
        for (Throwable e = failure; e != null; e = e.getCause()) {
            Matcher creation = CREATION_FAILED.matcher(String.valueOf(e.getMessage()));
            created = creation.find() ? creation.group(1) : created;
            String sentence = sentence(e, created, config);
            if (sentence != null) {
                return Optional.of(new MissingRightException(sentence, failure));
            }
        }
        return Optional.empty();
    }

    /** @param created the topic that could not be created; null if there is none */
    private static @Nullable String sentence(Throwable e, @Nullable String created, StreamsConfig config) {
        String applicationId = config.getString(StreamsConfig.APPLICATION_ID_CONFIG);
        if (e instanceof GroupAuthorizationException) {
            return sentence("The group " + applicationId, "Read", "--group " + applicationId, config);
        }
        if (e instanceof TransactionalIdAuthorizationException) {
            return sentence(
                    "The transactional id " + applicationId + "-…",
                    "Write",
                    "--transactional-id " + applicationId + "- --resource-pattern-type prefixed",
                    config);
        }
        if (e instanceof TopicAuthorizationException topics) {
            String topic =
                    topics.unauthorizedTopics().stream().sorted().findFirst().orElse(created);
            return topic == null
                    ? null
                    : sentence(
                            "Topic " + topic,
                            (created == null ? "" : "Create --operation ") + "Read --operation Write",
                            "--topic " + topic,
                            config);
        }
        return null;
    }

    private static String sentence(String subject, String operations, String resource, StreamsConfig config) {
        List<String> brokers = config.getList(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG);
        return subject + " does not permit " + operations.replace(" --operation ", " and ") + " to this user: run"
                + " kafka-acls.sh --bootstrap-server " + String.join(",", brokers)
                + " --add --allow-principal User:NAME --operation " + operations + " " + resource;
    }
}
