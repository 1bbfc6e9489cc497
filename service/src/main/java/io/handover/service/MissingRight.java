package io.handover.service;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.TransactionalIdAuthorizationException;
import org.apache.kafka.common.utils.SecurityUtils;

/**
 * A right that the user of a Kafka client lacks.
 *
 * @param subject what the right is about, such as {@code Topic handover-events}
 * @param operations what the user may not do, in Kafka's words
 * @param resource the options with which {@code kafka-acls.sh} names the subject
 */
public record MissingRight(String subject, List<String> operations, String resource) {

    public MissingRight {
        operations = List.copyOf(operations);
    }

    public static MissingRight onTopic(String topic, AclOperation... operations) {
        return new MissingRight("Topic " + topic, names(operations), "--topic " + topic);
    }

    public static MissingRight onGroup(String group, AclOperation... operations) {
        return new MissingRight("The group " + group, names(operations), "--group " + group);
    }

    public static MissingRight onTransactionalId(String id) {
        return new MissingRight("The transactional id " + id, names(AclOperation.WRITE), "--transactional-id " + id);
    }

    /** The right on all transactional ids that begin so. */
    public static MissingRight onTransactionalIds(String prefix) {
        return new MissingRight(
                "The transactional id " + prefix + "…",
                names(AclOperation.WRITE),
                "--transactional-id " + prefix + " --resource-pattern-type prefixed");
    }

    /**
     * Finds the missing right in the failure of a consumer or producer. Returns empty if the failure has another cause.
     *
     * @param name the group of the client, and its transactional id
     * @param onTopics what the client does with its topics
     */
    public static Optional<MissingRight> in(Throwable failure, String name, AclOperation... onTopics) {
        for (Throwable e = failure; e != null; e = e.getCause()) {
            if (e instanceof GroupAuthorizationException) {
                return Optional.of(onGroup(name, AclOperation.READ));
            }
            if (e instanceof TransactionalIdAuthorizationException) {
                return Optional.of(onTransactionalId(name));
            }
            if (e instanceof TopicAuthorizationException topics) {
                return topics.unauthorizedTopics().stream().sorted().findFirst().map(topic -> onTopic(topic, onTopics));
            }
        }
        return Optional.empty();
    }

    /** Returns one sentence that says what is missing, and which command grants it. */
    public String sentence(String bootstrapServers) {
        return subject + " does not permit " + String.join(" and ", operations) + " to this user: run "
                + command(bootstrapServers);
    }

    /** Returns the command that grants the right. */
    String command(String bootstrapServers) {
        return "kafka-acls.sh --bootstrap-server " + bootstrapServers
                + " --add --allow-principal User:NAME --operation " + String.join(" --operation ", operations) + " "
                + resource;
    }

    private static List<String> names(AclOperation... operations) {
        return Stream.of(operations).sorted().map(SecurityUtils::operationName).toList();
    }
}
