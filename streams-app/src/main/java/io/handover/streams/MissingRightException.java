package io.handover.streams;

import io.handover.service.MissingRight;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.acl.AclOperation;
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
        boolean isRefusedRecord = RefusedRecordException.in(failure).isPresent();
        String created = null;
        for (Throwable e = failure; e != null; e = e.getCause()) {
            Matcher creation = CREATION_FAILED.matcher(String.valueOf(e.getMessage()));
            created = creation.find() ? creation.group(1) : created;
            MissingRight right = isRefusedRecord
                    ? ofRecord(e)
                    : right(e, created, config.getString(StreamsConfig.APPLICATION_ID_CONFIG));
            if (right != null) {
                String brokers = String.join(",", config.getList(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG));
                return Optional.of(new MissingRightException(right.sentence(brokers), failure));
            }
        }
        return Optional.empty();
    }

    /** After a refusal, every further send fails with the same cause, which has the topic. */
    private static @Nullable MissingRight ofRecord(Throwable e) {
        return e instanceof TopicAuthorizationException topics
                ? topics.unauthorizedTopics().stream()
                        .sorted()
                        .findFirst()
                        .map(topic -> MissingRight.onTopic(topic, AclOperation.WRITE))
                        .orElse(null)
                : null;
    }

    /** @param created the topic that could not be created; null if there is none */
    private static @Nullable MissingRight right(Throwable e, @Nullable String created, String applicationId) {
        if (e instanceof GroupAuthorizationException) {
            return MissingRight.onGroup(applicationId, AclOperation.READ);
        }
        if (e instanceof TransactionalIdAuthorizationException) {
            return MissingRight.onTransactionalIds(applicationId + "-");
        }
        if (e instanceof TopicAuthorizationException topics) {
            String topic =
                    topics.unauthorizedTopics().stream().sorted().findFirst().orElse(created);
            if (topic != null) {
                return created == null
                        ? MissingRight.onTopic(topic, AclOperation.READ, AclOperation.WRITE)
                        : MissingRight.onTopic(topic, AclOperation.CREATE, AclOperation.READ, AclOperation.WRITE);
            }
        }
        return null;
    }
}
