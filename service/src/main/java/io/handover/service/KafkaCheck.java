package io.handover.service;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.StringJoiner;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks at the start and regularly whether the process can use its topics: they are as {@link ClusterNeeds} demands,
 * and at least one partition per topic has a leader and enough in-sync replicas.
 */
public final class KafkaCheck implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(KafkaCheck.class);
    private static final long PAUSE_WHILE_READY_MS = 1_000;
    private static final long PAUSE_WHILE_NOT_READY_MS = 200;
    private static final int CONFIRMATIONS = 3;
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(2);

    private static final Duration ONCE_TIMEOUT = Duration.ofSeconds(10);

    private final Admin admin;
    private final ClusterNeeds needs;
    private final BooleanSupplier createTopics;
    private final Follower follower;
    private final CountDownLatch answered = new CountDownLatch(1);
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread;

    /** The reason why the topics could not be used at the last check; null if there is no such reason. */
    private volatile @Nullable String problem = "Kafka has not answered yet.";

    /** Whether Kafka answered the last check. */
    private volatile boolean isUp;

    /** The number of partitions that could not be used when Kafka last answered, by topic. */
    private volatile Map<String, Integer> unusable = Map.of();

    /** The confirmed errors that an operator must mend before a new start. */
    private volatile List<String> fatal = List.of();

    private List<CheckResult> lastErrors = List.of();
    private int sameErrors;

    /** The warnings of the last check, which are logged once. */
    private Set<String> warnings = Set.of();

    /** What a process does after each check that Kafka has answered. It runs on the thread of the check. */
    @FunctionalInterface
    public interface Follower {

        /**
         * Receives the result of a check.
         *
         * @param errors the problems that forbid the use of the topics; empty if the topics can be used
         * @param partitions the number of partitions of the events; 0 if the topic is missing
         * @return a further reason why the process is not ready, or null
         */
        @Nullable
        String follow(List<CheckResult> errors, int partitions);
    }

    private KafkaCheck(String name, Admin admin, ClusterNeeds needs, BooleanSupplier createTopics, Follower follower) {
        this.thread = new Thread(this::run, name);
        this.admin = admin;
        this.needs = needs;
        this.createTopics = createTopics;
        this.follower = follower;
    }

    /**
     * Starts the regular check.
     *
     * @param clientId the name of the client in the logs and metrics of the brokers
     * @throws SettingsException if the Kafka client rejects its settings
     */
    public static KafkaCheck start(Settings settings, String clientId, ClusterNeeds needs, Follower follower) {
        try {
            return start(
                    clientId,
                    admin(settings, clientId, ANSWER_TIMEOUT),
                    needs,
                    () -> TopicCreation.createMissing(settings, needs.created()),
                    follower);
        } catch (KafkaException e) {
            throw SettingsException.ofClient(e);
        }
    }

    private static Admin admin(Settings settings, String clientId, Duration timeout) {
        Map<String, Object> config = new HashMap<>(settings.kafka());
        config.put(AdminClientConfig.CLIENT_ID_CONFIG, clientId);
        config.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) timeout.toMillis());
        config.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) timeout.toMillis());
        return Admin.create(config);
    }

    /**
     * Starts the regular check. {@link #close} closes the admin client.
     *
     * @param name the name of the check in the log
     * @param createTopics called when a topic is missing; creates the topics and returns true if the settings allow it
     */
    static KafkaCheck start(
            String name, Admin admin, ClusterNeeds needs, BooleanSupplier createTopics, Follower follower) {
        KafkaCheck check = new KafkaCheck(name, admin, needs, createTopics, follower);
        check.thread.setDaemon(true);
        check.thread.start();
        return check;
    }

    /**
     * Checks a cluster once, without any change to it. The results without a problem are included.
     *
     * @throws StartException if Kafka does not answer
     * @throws SettingsException if the Kafka client rejects its settings
     */
    public static List<CheckResult> once(Settings settings, ClusterNeeds needs) {
        String address = settings.getString(SharedSettings.KAFKA_BOOTSTRAP_SERVERS_CONFIG);
        try (Admin admin = admin(settings, "handover-doctor", ONCE_TIMEOUT)) {
            return needs.check(ClusterState.read(admin, needs.describedTopics(), ONCE_TIMEOUT));
        } catch (KafkaException e) {
            throw SettingsException.ofClient(e);
        } catch (ExecutionException e) {
            throw new StartException("Kafka at " + address + " rejects the check: " + messageOf(e), e);
        } catch (TimeoutException e) {
            throw new StartException(
                    "Kafka at " + address + " does not answer. Check the address, and the settings for TLS and SASL.",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartException("Interrupted while checking Kafka.", e);
        }
    }

    /**
     * Waits until Kafka has answered the first check.
     *
     * @throws StartException if an operator must mend something first. All problems are in the message
     */
    public void awaitFirst(Duration timeout) {
        try {
            if (answered.await(timeout.toMillis(), TimeUnit.MILLISECONDS) && !fatal.isEmpty()) {
                throw new StartException(String.join(System.lineSeparator(), fatal));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartException("Interrupted while checking Kafka.", e);
        }
    }

    /** Returns the reason why the topics could not be used at the last check; empty if there is no such reason. */
    public Optional<String> notReady() {
        return Optional.ofNullable(problem);
    }

    /** Registers gauges of the last check: whether Kafka answered, and how many partitions could not be used. */
    public void bindTo(MeterRegistry registry) {
        Gauge.builder("handover.kafka.up", this, check -> check.isUp ? 1 : 0)
                .description("1 if Kafka answered the last check, 0 if not.")
                .register(registry);
        needs.topicsByRole()
                .forEach((role, topic) -> Gauge.builder(
                                "handover.topic.partitions.unusable",
                                this,
                                check -> check.unusable.getOrDefault(topic, 0))
                        .description("Partitions of the topic that could not be used when Kafka last answered.")
                        .tag("topic", role)
                        .register(registry));
    }

    @Override
    public void close() {
        closed.countDown();
        thread.interrupt();
        try {
            thread.join(ANSWER_TIMEOUT.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        admin.close(ANSWER_TIMEOUT);
    }

    private void run() {
        try {
            do {
                update(findProblem());
            } while (!closed.await(
                    problem == null ? PAUSE_WHILE_READY_MS : PAUSE_WHILE_NOT_READY_MS, TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            LOG.debug("Kafka check interrupted");
        }
    }

    private void update(@Nullable String found) {
        if (found == null && problem != null) {
            LOG.atInfo().addKeyValue("check", thread.getName()).log("Kafka is ready");
        } else if (found != null && problem == null) {
            LOG.atWarn()
                    .addKeyValue("check", thread.getName())
                    .addKeyValue("reason", found)
                    .log("Kafka is not ready");
        } else if (found != null && !found.equals(problem)) {
            LOG.atInfo()
                    .addKeyValue("check", thread.getName())
                    .addKeyValue("reason", found)
                    .log("Kafka is still not ready");
        }
        problem = found;
    }

    private @Nullable String findProblem() throws InterruptedException {
        try {
            ClusterState state = ClusterState.read(admin, needs.describedTopics(), ANSWER_TIMEOUT);
            isUp = true;
            String creationFailure = "";
            if (needs.isAnyMissing(state)) {
                try {
                    if (createTopics.getAsBoolean()) {
                        state = ClusterState.read(admin, needs.describedTopics(), ANSWER_TIMEOUT);
                        if (needs.isAnyMissing(state)) {
                            // A busy broker describes a new topic only after seconds. That must not stop the process.
                            return "Topics were created, and the brokers do not describe them yet.";
                        }
                    }
                } catch (StartException e) {
                    creationFailure = " " + e.getMessage();
                }
            }
            String found = evaluate(state);
            return found == null || creationFailure.isEmpty() ? found : found + creationFailure;
        } catch (InterruptException e) {
            throw new InterruptedException();
        } catch (TimeoutException e) {
            isUp = false;
            return "Kafka does not answer.";
        } catch (ExecutionException | RuntimeException | Error e) {
            // The next check may succeed. Without this catch the thread would end, and its last result would stay
            // forever.
            isUp = false;
            return "The check of Kafka failed: " + messageOf(e);
        }
    }

    private static String messageOf(Throwable e) {
        Throwable cause = e instanceof ExecutionException && e.getCause() != null ? e.getCause() : e;
        return cause.getMessage() == null ? cause.toString() : cause.getMessage();
    }

    private @Nullable String evaluate(ClusterState state) {
        List<CheckResult> results = needs.check(state);
        List<CheckResult> errors = results.stream().filter(CheckResult::isError).toList();
        List<String> found = new ArrayList<>();
        results.stream()
                .filter(result -> result.severity() == CheckResult.Severity.WARNING)
                .map(CheckResult::sentence)
                .forEach(found::add);
        String unavailable = errors.isEmpty() ? unavailable(state, found) : null;
        unusable = unusable(state, errors);
        updateWarnings(found);
        if (!isConfirmed(errors)) {
            return String.join(" ", CheckResult.errors(errors));
        }
        fatal = CheckResult.errors(
                errors.stream().filter(error -> !needs.isAwaited(error)).toList());
        String following;
        try {
            following = follower.follow(errors, needs.partitions(state));
        } finally {
            answered.countDown();
        }
        if (!errors.isEmpty()) {
            return String.join(" ", CheckResult.errors(errors));
        }
        return unavailable == null ? following : unavailable;
    }

    /**
     * Whether nothing is wrong, or the same is wrong for the third time in a row. A broker describes a new topic only some
     * time after its creation, so one answer must neither stop a process nor abort deliveries in flight.
     */
    private boolean isConfirmed(List<CheckResult> errors) {
        sameErrors = errors.equals(lastErrors) ? sameErrors + 1 : 1;
        lastErrors = errors;
        return errors.isEmpty() || sameErrors >= CONFIRMATIONS;
    }

    /** Logs each warning once, and once when it is gone. */
    private void updateWarnings(List<String> found) {
        for (String warning : found) {
            if (!warnings.contains(warning)) {
                LOG.atWarn().addKeyValue("problem", warning).log("Topic check found a problem");
            }
        }
        for (String warning : warnings) {
            if (!found.contains(warning)) {
                LOG.atInfo().addKeyValue("problem", warning).log("Problem found by the topic check is gone");
            }
        }
        warnings = new HashSet<>(found);
    }

    /**
     * Returns the problem of a topic without any usable partition, or null if every topic has a usable one.
     *
     * @param partial receives the problems of single partitions if another partition of the topic is usable
     */
    private @Nullable String unavailable(ClusterState state, List<String> partial) {
        for (String name : needs.topics()) {
            ClusterState.Topic topic = state.topics().get(name);
            if (topic == null) {
                continue;
            }
            List<String> problems = problemsOf(name, topic);
            if (problems.size() == topic.partitions().size()) {
                return problems.get(0);
            }
            if (!problems.isEmpty()) {
                StringJoiner all = new StringJoiner(" ");
                problems.forEach(all::add);
                partial.add(all.toString());
            }
        }
        return null;
    }

    /** A topic with an error is not used at all. */
    private Map<String, Integer> unusable(ClusterState state, List<CheckResult> errors) {
        Map<String, Integer> counts = new HashMap<>();
        for (String name : needs.topics()) {
            ClusterState.Topic topic = state.topics().get(name);
            boolean isRefused =
                    errors.stream().anyMatch(error -> error.subject().equals(name));
            int partitions = topic == null ? 1 : topic.partitions().size();
            counts.put(
                    name,
                    isRefused
                            ? partitions
                            : topic == null ? 0 : problemsOf(name, topic).size());
        }
        return Map.copyOf(counts);
    }

    private static List<String> problemsOf(String name, ClusterState.Topic topic) {
        int minInSync = minInSync(topic.config());
        return topic.partitions().stream()
                .map(partition -> problemOf(name, partition, minInSync))
                .filter(found -> !found.isEmpty())
                .toList();
    }

    /** Returns the problem of a partition, or an empty text if the partition is usable. */
    private static String problemOf(String topic, TopicPartitionInfo partition, int minInSync) {
        String name = "Partition " + partition.partition() + " of topic " + topic;
        if (partition.leader() == null || partition.leader().isEmpty()) {
            return name + " has no leader.";
        }
        int inSync = partition.isr().size();
        return inSync < minInSync ? name + " has " + inSync + " in-sync replicas but needs " + minInSync + "." : "";
    }

    /** Returns {@code min.insync.replicas} of the topic; 1 without the permission to read it. */
    private static int minInSync(Map<String, String> config) {
        return Integer.parseInt(config.getOrDefault(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, "1"));
    }
}
