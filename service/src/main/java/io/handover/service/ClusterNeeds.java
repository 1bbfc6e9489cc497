package io.handover.service;

import io.handover.service.CheckResult.Check;
import io.handover.service.CheckResult.Severity;
import io.handover.service.ClusterState.Topic;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.config.TopicConfig;

/**
 * What a process needs from its cluster, and the checks of it. Each problem is a sentence with the topic, the setting,
 * the value, and the command that mends it.
 */
public final class ClusterNeeds {

    private static final String CLUSTER = "cluster";
    private static final String LOG_APPEND_TIME = "LogAppendTime";
    private static final int REPLICAS = 3;
    private static final int IN_SYNC = 2;
    private static final short SERVER_CHECKS_TRANSACTIONS = 2;

    /** The space for the key and the headers of a record, beside the body. */
    public static final int ENVELOPE_BYTES = 64 * 1024;

    private final String bootstrapServers;
    private final TopicNames names;
    private final String applicationId;
    private final int partitions;
    private final long consumerLagMaxMs;
    private final boolean fewReplicasAllowed;
    private final Map<String, Set<AclOperation>> operations = new LinkedHashMap<>();
    private final boolean isBridge;
    private final long deliveryMaxBytes;
    private final long conversationRetentionMs;

    /** The topics whose warnings another check of the same process reports. */
    private final Set<String> warnedElsewhere = new HashSet<>();

    private ClusterNeeds(Settings settings, boolean isBridge, long deliveryMaxBytes, long conversationRetentionMs) {
        this.bootstrapServers = settings.getString(SharedSettings.KAFKA_BOOTSTRAP_SERVERS_CONFIG);
        this.names = TopicNames.of(settings);
        this.applicationId = settings.getString(SharedSettings.APPLICATION_ID_CONFIG);
        this.partitions = settings.getInt(SharedSettings.TOPICS_PARTITIONS_CONFIG);
        this.consumerLagMaxMs = settings.getLong(SharedSettings.CONSUMER_LAG_MAX_MS_CONFIG);
        this.fewReplicasAllowed = settings.getBoolean(SharedSettings.TOPICS_FEW_REPLICAS_ALLOWED_CONFIG);
        this.isBridge = isBridge;
        this.deliveryMaxBytes = deliveryMaxBytes;
        this.conversationRetentionMs = conversationRetentionMs;
    }

    private ClusterNeeds operating(String topic, AclOperation... needed) {
        operations.put(topic, Set.of(needed));
        return this;
    }

    /**
     * The needs of the ingress-bridge.
     *
     * @param bodyMaxBytes the largest delivery
     */
    public static ClusterNeeds ofBridge(Settings settings, int bodyMaxBytes) {
        TopicNames names = TopicNames.of(settings);
        return new ClusterNeeds(settings, true, bodyMaxBytes + (long) ENVELOPE_BYTES, 0)
                .operating(names.events(), AclOperation.WRITE)
                .operating(names.deadLetters(), AclOperation.WRITE);
    }

    /**
     * The needs of the agent directory of the ingress-bridge. The bridge works without them. Of the events, the checks
     * find errors alone, because those of the bridge find the rest.
     *
     * @param bodyMaxBytes the largest delivery
     */
    public static ClusterNeeds ofDirectory(Settings settings, int bodyMaxBytes) {
        TopicNames names = TopicNames.of(settings);
        ClusterNeeds needs = new ClusterNeeds(settings, true, bodyMaxBytes + (long) ENVELOPE_BYTES, 0)
                .operating(names.events(), AclOperation.WRITE)
                .operating(names.agentLookups(), AclOperation.READ);
        needs.warnedElsewhere.add(names.events());
        return needs;
    }

    /** The needs of the streams-app. */
    public static ClusterNeeds ofApp(Settings settings) {
        TopicNames names = TopicNames.of(settings);
        ClusterNeeds needs = new ClusterNeeds(
                        settings,
                        false,
                        (1 << 20) + (long) ENVELOPE_BYTES,
                        settings.getLong(StreamsAppSettings.CONVERSATION_RETENTION_MS_CONFIG))
                .operating(names.events(), AclOperation.READ, AclOperation.WRITE)
                .operating(names.commands(), AclOperation.WRITE)
                .operating(names.deadLetters(), AclOperation.WRITE);
        return StreamsAppSettings.profiles(settings).enabled()
                ? needs.operating(names.agentLookups(), AclOperation.WRITE)
                : needs;
    }

    /** The topics that the process reads or writes. */
    List<String> topics() {
        return List.copyOf(operations.keySet());
    }

    /** The topics that the process reads or writes, by what they are for: their names are settings. */
    Map<String, String> topicsByRole() {
        Map<String, String> roles = new TreeMap<>(Map.of(
                "events", names.events(),
                "commands", names.commands(),
                "dead-letters", names.deadLetters(),
                "agent-lookups", names.agentLookups()));
        roles.values().retainAll(operations.keySet());
        return roles;
    }

    /** The topics that the process may create: its own, and those that every installation has. */
    Set<String> created() {
        Set<String> created = new HashSet<>(operations.keySet());
        created.addAll(List.of(names.events(), names.commands(), names.deadLetters()));
        return created;
    }

    /** The topics that the checks read: those of the process, and the changelog that is compared with the events. */
    List<String> describedTopics() {
        List<String> described = new ArrayList<>(operations.keySet());
        described.add(changelog());
        return described;
    }

    /** The changelog of the conversations; each of its partitions belongs to a partition of the events. */
    private String changelog() {
        return applicationId + "-conversations-changelog";
    }

    /** Whether a topic of the process does not exist. A topic that the user may not describe counts as existing. */
    boolean isAnyMissing(ClusterState state) {
        return operations.keySet().stream()
                .anyMatch(name ->
                        !state.topics().containsKey(name) && !state.forbidden().contains(name));
    }

    /** The number of partitions of the events; 0 if the topic is missing. */
    int partitions(ClusterState state) {
        Topic events = state.topics().get(names.events());
        return events == null ? 0 : events.partitions().size();
    }

    /** Whether a problem of this kind passes without a new start, as soon as an operator has mended it. */
    boolean isAwaited(CheckResult result) {
        return isBridge && (result.check() == Check.EXISTS || result.check() == Check.PERMISSIONS);
    }

    /** Checks everything, in the order of the topics. The results without a problem are included. */
    List<CheckResult> check(ClusterState state) {
        List<CheckResult> results = new ArrayList<>();
        operations.forEach((name, needed) -> {
            Topic topic = state.topics().get(name);
            if (topic == null) {
                // Each of them would include Describe.
                results.add(state.forbidden().contains(name) ? lacking(name, needed) : missing(name));
                return;
            }
            results.add(CheckResult.ok(name, Check.EXISTS, "yes"));
            results.add(permissions(name, topic, needed));
            if (name.equals(names.events())) {
                results.add(partitions(topic, state));
            }
            checkConfig(name, topic, results);
        });
        if (state.transactionVersion() != null && !isBridge) {
            results.add(transactions(state.transactionVersion()));
        }
        results.removeIf(result -> !result.isError() && warnedElsewhere.contains(result.subject()));
        return results;
    }

    private void checkConfig(String name, Topic topic, List<CheckResult> results) {
        // Without the permission to read the settings, the process works unchecked.
        if (topic.config().isEmpty()) {
            results.add(CheckResult.warning(
                    name,
                    Check.PERMISSIONS,
                    "no DescribeConfigs",
                    "The settings of topic " + name + " are not checked without the permission to read them: run "
                            + MissingRight.onTopic(name, AclOperation.DESCRIBE_CONFIGS)
                                    .command(bootstrapServers)));
            return;
        }
        results.add(cleanupPolicy(name, topic));
        if (name.equals(names.events())) {
            results.add(timestampType(name, topic));
        }
        // A lookup is small, and worthless when it is old.
        boolean isLookups = name.equals(names.agentLookups());
        if (!isLookups && !name.equals(names.deadLetters())) {
            results.add(retention(name, topic));
            results.add(retentionBytes(name, topic));
        }
        if (!isLookups && !name.equals(names.commands())) {
            results.add(messageSize(name, topic));
        }
        results.add(replicas(name, topic));
    }

    private CheckResult missing(String name) {
        StringBuilder command = new StringBuilder("kafka-topics.sh --bootstrap-server ")
                .append(bootstrapServers)
                .append(" --create --topic ")
                .append(name)
                .append(" --partitions ")
                .append(partitions);
        TopicCreation.configs(names)
                .getOrDefault(name, Map.of())
                .forEach((key, value) ->
                        command.append(" --config ").append(key).append('=').append(value));
        return CheckResult.error(
                name,
                Check.EXISTS,
                "no",
                "Topic " + name + " does not exist: set " + SharedSettings.TOPICS_CREATE_CONFIG + "=true, or run "
                        + command);
    }

    private CheckResult permissions(String name, Topic topic, Set<AclOperation> needed) {
        Set<AclOperation> lacking = EnumSet.copyOf(needed);
        lacking.removeAll(topic.permitted());
        // Without an answer about permissions, none is reported as missing.
        return topic.permitted().isEmpty() || lacking.isEmpty()
                ? CheckResult.ok(
                        name,
                        Check.PERMISSIONS,
                        String.join(
                                ", ",
                                MissingRight.onTopic(name, needed.toArray(new AclOperation[0]))
                                        .operations()))
                : lacking(name, lacking);
    }

    private CheckResult lacking(String name, Set<AclOperation> operations) {
        MissingRight right = MissingRight.onTopic(name, operations.toArray(new AclOperation[0]));
        return CheckResult.error(
                name,
                Check.PERMISSIONS,
                "no " + String.join(", no ", right.operations()),
                right.sentence(bootstrapServers));
    }

    private CheckResult partitions(Topic events, ClusterState state) {
        int found = events.partitions().size();
        if (state.forbidden().contains(changelog())) {
            return CheckResult.warning(
                    names.events(),
                    Check.PARTITIONS,
                    found,
                    "The partitions of topic " + names.events() + " are not compared with those of topic " + changelog()
                            + " without the permission to describe it: run "
                            + MissingRight.onTopic(changelog(), AclOperation.DESCRIBE)
                                    .command(bootstrapServers));
        }
        Topic changelog = state.topics().get(changelog());
        if (changelog == null || changelog.partitions().size() == found) {
            return CheckResult.ok(names.events(), Check.PARTITIONS, found);
        }
        return CheckResult.error(
                names.events(),
                Check.PARTITIONS,
                found,
                "Topic " + names.events() + " has " + found + " partitions, but the application " + applicationId
                        + " has the state of " + changelog.partitions().size()
                        + ", so the events of a conversation could be in two partitions: run ./handover repartition"
                        + " --bootstrap-server " + bootstrapServers + " --topic-events " + names.events() + " --to "
                        + names.events() + "-" + found + " --partitions " + found + " --application-id "
                        + applicationId + " --new-application-id " + applicationId + "-" + found
                        + " --cut-over --execute");
    }

    private CheckResult cleanupPolicy(String name, Topic topic) {
        String policy = topic.config().getOrDefault(TopicConfig.CLEANUP_POLICY_CONFIG, "");
        return policy.equals(TopicConfig.CLEANUP_POLICY_DELETE)
                ? CheckResult.ok(name, Check.CLEANUP_POLICY, policy)
                : CheckResult.error(
                        name,
                        Check.CLEANUP_POLICY,
                        policy,
                        "Topic " + name + " has cleanup.policy=" + policy
                                + ", but compaction refuses and removes records that are needed: run "
                                + alter(name, "cleanup.policy=delete"));
    }

    private CheckResult timestampType(String name, Topic topic) {
        String type = topic.config().getOrDefault(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, "");
        if (type.equals(LOG_APPEND_TIME)) {
            return CheckResult.ok(name, Check.TIMESTAMP_TYPE, type);
        }
        return new CheckResult(
                name,
                Check.TIMESTAMP_TYPE,
                type,
                // A topic of a replay has the times of then. Only the application uses such a topic.
                isBridge ? Severity.ERROR : Severity.WARNING,
                "Topic " + name + " has message.timestamp.type=" + type
                        + ", so a wrong clock of a bridge or app could end handovers early: run "
                        + alter(name, "message.timestamp.type=" + LOG_APPEND_TIME));
    }

    private CheckResult retention(String name, Topic topic) {
        long retention = number(topic, TopicConfig.RETENTION_MS_CONFIG, -1);
        if (retention >= 0 && retention < consumerLagMaxMs) {
            return CheckResult.error(
                    name,
                    Check.RETENTION,
                    retention,
                    "Topic " + name + " has retention.ms=" + retention + ", but a consumer may lag for "
                            + consumerLagMaxMs + " ms (" + SharedSettings.CONSUMER_LAG_MAX_MS_CONFIG
                            + "), so records could be deleted before they are read: run "
                            + alter(name, "retention.ms=" + TopicCreation.EVENTS_RETENTION.toMillis()));
        }
        if (retention >= 0 && name.equals(names.events()) && retention < conversationRetentionMs) {
            return CheckResult.warning(
                    name,
                    Check.RETENTION,
                    retention,
                    "Topic " + name + " has retention.ms=" + retention + ", which is shorter than "
                            + StreamsAppSettings.CONVERSATION_RETENTION_MS_CONFIG + "=" + conversationRetentionMs
                            + ", so conversations outlive their events and cannot be decided again: run "
                            + alter(
                                    name,
                                    "retention.ms="
                                            + Math.max(
                                                    conversationRetentionMs,
                                                    TopicCreation.EVENTS_RETENTION.toMillis())));
        }
        return CheckResult.ok(name, Check.RETENTION, retention);
    }

    private CheckResult retentionBytes(String name, Topic topic) {
        long bytes = number(topic, TopicConfig.RETENTION_BYTES_CONFIG, -1);
        return bytes < 0
                ? CheckResult.ok(name, Check.RETENTION_BYTES, bytes)
                : CheckResult.warning(
                        name,
                        Check.RETENTION_BYTES,
                        bytes,
                        "Topic " + name + " has retention.bytes=" + bytes
                                + ", so a burst could delete records before retention.ms: run "
                                + alter(name, "retention.bytes=-1"));
    }

    private CheckResult messageSize(String name, Topic topic) {
        long bytes = number(topic, TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Long.MAX_VALUE);
        if (bytes >= deliveryMaxBytes) {
            return CheckResult.ok(name, Check.MESSAGE_SIZE, bytes);
        }
        boolean events = name.equals(names.events());
        return new CheckResult(
                name,
                Check.MESSAGE_SIZE,
                String.valueOf(bytes),
                // The sender keeps a delivery that is answered with 413. A refused dead letter stops streams-app.
                events ? Severity.WARNING : Severity.ERROR,
                "Topic " + name + " has max.message.bytes=" + bytes + ", but a record can have " + deliveryMaxBytes
                        + " bytes"
                        + (events ? ", so large deliveries are answered with 413: run " : ": run ")
                        + alter(name, "max.message.bytes=" + TopicCreation.DELIVERY_MAX_BYTES));
    }

    private CheckResult replicas(String name, Topic topic) {
        int replicas = topic.partitions().stream()
                .mapToInt(partition -> partition.replicas().size())
                .min()
                .orElse(0);
        long inSync = number(topic, TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, 1);
        String value = replicas + ", in sync at least " + inSync;
        if (fewReplicasAllowed || (replicas >= REPLICAS && inSync >= IN_SYNC)) {
            return CheckResult.ok(name, Check.REPLICAS, value);
        }
        return CheckResult.warning(
                name,
                Check.REPLICAS,
                value,
                "Topic " + name + " has replication factor " + replicas + " and min.insync.replicas=" + inSync
                        + ", so the loss of one broker could lose acknowledged records: "
                        + (replicas < REPLICAS ? "add replicas with kafka-reassign-partitions.sh, and run " : "run ")
                        + alter(name, "min.insync.replicas=" + IN_SYNC) + ", or set "
                        + SharedSettings.TOPICS_FEW_REPLICAS_ALLOWED_CONFIG + "=true");
    }

    private CheckResult transactions(short version) {
        return version >= SERVER_CHECKS_TRANSACTIONS
                ? CheckResult.ok(CLUSTER, Check.TRANSACTION_VERSION, version)
                : CheckResult.warning(
                        CLUSTER,
                        Check.TRANSACTION_VERSION,
                        version,
                        "The brokers have transaction.version=" + version
                                + ", so they do not verify each transaction: run kafka-features.sh --bootstrap-server "
                                + bootstrapServers + " upgrade --feature transaction.version="
                                + SERVER_CHECKS_TRANSACTIONS);
    }

    private String alter(String topic, String setting) {
        return "kafka-configs.sh --bootstrap-server " + bootstrapServers
                + " --alter --entity-type topics --entity-name " + topic + " --add-config " + setting;
    }

    private static long number(Topic topic, String key, long absent) {
        String value = topic.config().get(key);
        return value == null ? absent : Long.parseLong(value);
    }
}
