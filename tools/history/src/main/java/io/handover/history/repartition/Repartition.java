package io.handover.history.repartition;

import io.handover.conversation.fold.StateStores;
import io.handover.history.cluster.Cluster;
import io.handover.history.cluster.TransactionWriter;
import io.handover.history.sources.TopicReader;
import io.handover.service.DeletedRange;
import io.handover.terminal.CommandException;
import io.handover.terminal.Progress;
import io.handover.terminal.StopSignal;
import java.io.PrintStream;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.config.TopicConfig;

/**
 * Copies the events to a topic with another number of partitions, and moves the application there.
 *
 * <p>The new topic first gets the records that the application has decided, then the others. The new application begins
 * at the border between the two, with the state of the old application. So it decides each record once.
 *
 * <p>Every step can be repeated. The old topic, its consumer group and the old state are only read.
 */
final class Repartition {

    /**
     * The age from which records are copied while the old topic is live. A younger record of another partition could
     * still appear with an earlier time: the open transaction of a killed application holds a partition back for up to
     * 20 s, and the clocks of the brokers differ.
     */
    private static final Duration LIVE_MARGIN = Duration.ofSeconds(30);

    private static final String GROUP_PREFIX = "handover-repartition-";
    private static final String APPEND_TIME = "LogAppendTime";

    /** Settings that delete or reject old records. The new topic gets them at the end of the cut-over. */
    private static final Map<String, String> DURING_COPY = Map.of(
            TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, "CreateTime",
            TopicConfig.RETENTION_MS_CONFIG, "-1",
            TopicConfig.RETENTION_BYTES_CONFIG, "-1",
            TopicConfig.MESSAGE_TIMESTAMP_BEFORE_MAX_MS_CONFIG, String.valueOf(Long.MAX_VALUE),
            TopicConfig.MESSAGE_TIMESTAMP_AFTER_MAX_MS_CONFIG, String.valueOf(Long.MAX_VALUE));

    private final Cluster cluster;
    private final Properties client;
    private final Names names;
    private final int partitions;
    private final PrintStream err;
    private final StopSignal stop;

    /** Is called after each step of a cut-over. A test fails there. */
    Consumer<Step> afterStep = step -> {};

    /** The steps of a cut-over that change something, in their order. */
    enum Step {
        BORDER,
        STATE,
        REST,
        START,
        DONE
    }

    /** The names of the old and the new installation. */
    record Names(String from, String to, String applicationId, String newApplicationId) {

        /** The consumer group with the positions of the copy of decided records. */
        String decidedGroup() {
            return GROUP_PREFIX + to;
        }

        /** The consumer group with the positions of the copy of the other records. */
        String restGroup() {
            return GROUP_PREFIX + to + "-rest";
        }
    }

    /** @param partitions the number of partitions of the new topic */
    Repartition(Cluster cluster, Properties client, Names names, int partitions, PrintStream err, StopSignal stop) {
        this.cluster = cluster;
        this.client = client;
        this.names = names;
        this.partitions = partitions;
        this.err = err;
        this.stop = stop;
    }

    /**
     * Returns the old topic as the application sees it now.
     *
     * @throws CommandException if the topic or the state of the application does not exist
     */
    OldLog oldLog() {
        if (!cluster.has(names.from(), AclOperation.READ)) {
            throw new CommandException("There is no topic " + names.from() + " on this cluster. Check --topic-events.");
        }
        String changelog = StateStores.ofConversations(names.applicationId());
        if (!cluster.has(changelog, AclOperation.READ)) {
            throw new CommandException("The application " + names.applicationId()
                    + " has no state on this cluster (topic " + changelog + "). Check --application-id.");
        }
        Map<Integer, Long> decided = new HashMap<>();
        cluster.committed(names.applicationId(), AclOperation.DESCRIBE).forEach((partition, offset) -> {
            if (partition.topic().equals(names.from())) {
                decided.put(partition.partition(), offset.offset());
            }
        });
        return new OldLog(names.from(), cluster.partitions(changelog).size(), decided);
    }

    /**
     * Copies what the application has decided, while it may run.
     *
     * @return false if a stop was requested
     * @throws CommandException if a topic does not fit, or Kafka rejects a request
     */
    boolean copyDecided(OldLog old) {
        Uuid topicId = createTopic();
        requireNotCutOver(topicId);
        long horizon = System.currentTimeMillis() - LIVE_MARGIN.toMillis();
        Map<Integer, Long> ends = cluster.ends(names.from());
        ends.keySet().removeIf(partition -> partition >= old.partitions());
        return copyDecided(old, topicId, ends, entry -> {
            byte[] key = OldLog.key(entry.record());
            boolean isUndecided = key != null
                    && !old.isMisplaced(entry.record().partition(), key)
                    && !old.isDecided(entry.record(), key);
            return isUndecided || entry.time() > horizon;
        });
    }

    private boolean copyDecided(OldLog old, Uuid topicId, Map<Integer, Long> ends, Predicate<TimeOrder.Entry> isEnd) {
        if (ends.isEmpty()) {
            return true;
        }
        Map<Integer, Long> begins = cluster.begins(names.from());
        Set<TopicPartition> read = ends.keySet().stream()
                .map(partition -> new TopicPartition(names.from(), partition))
                .collect(Collectors.toSet());
        try (TransactionWriter writer = new TransactionWriter(client, "repartition", names.decidedGroup(), read)) {
            Map<TopicPartition, CopyPosition> positions = known(writer.positions(), topicId);
            for (TopicPartition partition : read) {
                long begin = begins.getOrDefault(partition.partition(), 0L);
                positions.computeIfAbsent(
                        partition, key -> CopyPosition.start(topicId, begin, begin, Long.MIN_VALUE, CopyPosition.NONE));
            }
            return copy(writer, old, positions, ends, EventCopy.Part.DECIDED, isEnd);
        }
    }

    /**
     * Moves the application to the new topic. The application must be stopped, and the bridges too.
     *
     * @return false if a stop was requested
     * @throws CommandException if the application runs, records arrive, a topic does not fit, the copy differs, or Kafka
     *     rejects a request
     */
    boolean cutOver() {
        cluster.requireStopped(names.applicationId());
        Uuid topicId = createTopic();
        List<TopicPartition> all = cluster.partitions(names.from());
        // It fences the cut-over of another process, before its positions are read.
        try (TransactionWriter writer =
                new TransactionWriter(client, "repartition", names.restGroup(), Set.copyOf(all))) {
            Map<TopicPartition, CopyPosition> rest = known(writer.positions(), topicId);
            return rest.values().stream().anyMatch(CopyPosition::isDone)
                    ? copyLate(writer, rest)
                    : cutOver(writer, topicId, all, rest);
        }
    }

    private boolean cutOver(
            TransactionWriter writer,
            Uuid topicId,
            List<TopicPartition> all,
            Map<TopicPartition, CopyPosition> committed) {
        cluster.requireStopped(names.newApplicationId());
        Map<TopicPartition, CopyPosition> rest = committed;
        Map<Integer, Long> border =
                rest.isEmpty() ? Map.of() : border(cluster.committed(names.restGroup(), AclOperation.READ));
        requireNotStarted(border);
        Map<Integer, Long> ends = cluster.settledEnds(names.from());
        cluster.settledEnds(StateStores.ofConversations(names.applicationId()));
        OldLog old = oldLog();
        requireNothingDeletedUnread(old, rest);
        createChangelog(rest.isEmpty());
        if (rest.isEmpty()) {
            Map<Integer, Long> decided = new HashMap<>(old.decided());
            decided.keySet().removeIf(partition -> partition >= old.partitions());
            if (!copyDecided(old, topicId, decided, entry -> false)) {
                return false;
            }
            Map<TopicPartition, OffsetAndMetadata> begun = commitBorder(writer, old, topicId, all);
            rest = known(begun, topicId);
            border = border(begun);
            afterStep.accept(Step.BORDER);
        }
        requireSameDecided(old, rest);
        copyState(writer, old);
        afterStep.accept(Step.STATE);
        if (!copy(writer, old, rest, ends, EventCopy.Part.UNDECIDED, entry -> false)) {
            return false;
        }
        afterStep.accept(Step.REST);
        if (!new Verification(cluster, client, names, partitions, err, stop).run(topicId, ends, border, true)) {
            return false;
        }
        if (!cluster.settledEnds(names.from()).equals(ends)) {
            throw new CommandException(
                    "Records arrived in " + names.from()
                            + " during the cut-over, so it is not complete. Stop every bridge, and run the same command again.");
        }
        // The copy takes long, and somebody can have started the old application meanwhile.
        cluster.requireStopped(names.applicationId());
        requireSameDecided(oldLog(), rest);
        Map<TopicPartition, OffsetAndMetadata> start = new HashMap<>();
        border.forEach((partition, offset) ->
                start.put(new TopicPartition(names.to(), partition), new OffsetAndMetadata(offset)));
        cluster.commit(names.newApplicationId(), start);
        afterStep.accept(Step.START);
        Map<TopicPartition, OffsetAndMetadata> done = new HashMap<>();
        known(cluster.committed(names.restGroup(), AclOperation.READ), topicId)
                .forEach((partition, position) ->
                        done.put(partition, position.done().encode()));
        writer.commit(done);
        afterStep.accept(Step.DONE);
        // Last, because with the live settings Kafka could delete what a repeated verification expects.
        cluster.set(names.to(), liveSettings());
        return true;
    }

    /** Copies what arrived in the old topic after the cut-over, for example from a bridge that was not stopped. */
    private boolean copyLate(TransactionWriter writer, Map<TopicPartition, CopyPosition> rest) {
        cluster.set(names.to(), liveSettings());
        OldLog now = oldLog();
        Map<Integer, Long> decided = new HashMap<>();
        rest.forEach((partition, position) -> {
            // Fewer are no sign of a run: Kafka deletes the offsets of a stopped application after some days.
            if (now.decided().getOrDefault(partition.partition(), CopyPosition.NONE) > position.decided()) {
                throw hasRun();
            }
            decided.put(partition.partition(), position.decided());
        });
        OldLog old = new OldLog(names.from(), now.partitions(), decided);
        err.println("The cut-over to " + names.to() + " is already complete; copying what has arrived in "
                + names.from() + " since.");
        Map<Integer, Long> ends = cluster.settledEnds(names.from());
        return copy(writer, old, rest, ends, EventCopy.Part.UNDECIDED, entry -> false);
    }

    private boolean copy(
            TransactionWriter writer,
            OldLog old,
            Map<TopicPartition, CopyPosition> positions,
            Map<Integer, Long> ends,
            EventCopy.Part part,
            Predicate<TimeOrder.Entry> isEnd) {
        Map<Integer, Long> begins = new HashMap<>();
        Map<Integer, Long> times = new HashMap<>();
        positions.forEach((partition, position) -> {
            begins.put(partition.partition(), position.offset());
            times.put(partition.partition(), position.time());
        });
        EventCopy copy = new EventCopy(writer, names.to(), partitions, old, positions, stop);
        TopicReader reader = new TopicReader(client, TopicReader.Range.between(names.from(), begins, ends), 0);
        Progress progress = Progress.started(err, "records", Progress.UNKNOWN);
        try (TimeOrder records = new TimeOrder(reader, times)) {
            progress.ofAll(records::fraction);
            boolean isComplete = copy.run(records, part, isEnd, progress);
            progress.done();
            err.printf(
                    "%s %,d %s records to %s.%n",
                    isComplete ? "Copied" : "Stopped after",
                    copy.copied(),
                    part == EventCopy.Part.DECIDED ? "decided" : "undecided",
                    names.to());
            return isComplete;
        } finally {
            progress.done();
        }
    }

    /**
     * Commits where the undecided records begin in the old topic, and the end of the decided ones in the new topic.
     * From then on, no decided record is copied. Returns what is committed: Kafka does not list the first offsets of a
     * group until their transaction is complete.
     */
    private Map<TopicPartition, OffsetAndMetadata> commitBorder(
            TransactionWriter writer, OldLog old, Uuid topicId, List<TopicPartition> all) {
        Map<TopicPartition, CopyPosition> copied =
                known(cluster.committed(names.decidedGroup(), AclOperation.READ), topicId);
        Map<Integer, Long> begins = cluster.begins(names.from());
        Map<TopicPartition, OffsetAndMetadata> positions = new HashMap<>();
        for (TopicPartition partition : all) {
            CopyPosition position = copied.get(partition);
            long begin = begins.getOrDefault(partition.partition(), 0L);
            long decided = old.decided().getOrDefault(partition.partition(), CopyPosition.NONE);
            CopyPosition start;
            if (position == null) {
                start = CopyPosition.start(topicId, begin, begin, Long.MIN_VALUE, decided);
            } else if (position.skipped() != CopyPosition.NONE) {
                start = CopyPosition.start(
                        topicId, position.skipped(), position.begin(), position.skippedTime(), decided);
            } else {
                start = CopyPosition.start(topicId, position.offset(), position.begin(), position.time(), decided);
            }
            positions.put(partition, start.encode());
        }
        cluster.settledEnds(names.to())
                .forEach((partition, end) ->
                        positions.put(new TopicPartition(names.to(), partition), new OffsetAndMetadata(end)));
        writer.commit(positions);
        return positions;
    }

    /** Returns the offset in each partition of the new topic where the undecided records begin. */
    private Map<Integer, Long> border(Map<TopicPartition, OffsetAndMetadata> committed) {
        Map<Integer, Long> border = new HashMap<>();
        committed.forEach((partition, offset) -> {
            if (partition.topic().equals(names.to())) {
                border.put(partition.partition(), offset.offset());
            }
        });
        return border;
    }

    /** @param isNew whether the new application has no state yet */
    private void createChangelog(boolean isNew) {
        String from = StateStores.ofConversations(names.applicationId());
        String to = StateStores.ofConversations(names.newApplicationId());
        if (!cluster.has(to, AclOperation.WRITE)) {
            create(from, to, cluster.ownSettings(from));
        }
        requirePartitions(to);
        // The leaders answer, so they also accept the state.
        Map<Integer, Long> ends = cluster.settledEnds(to);
        if (isNew && ends.values().stream().anyMatch(end -> end > 0)) {
            throw new CommandException("The application " + names.newApplicationId()
                    + " has a state already (topic " + to + "). Choose another --new-application-id, or"
                    + " delete the topic " + to + ", and " + newStateFolder() + ".");
        }
    }

    private void copyState(TransactionWriter writer, OldLog old) {
        String from = StateStores.ofConversations(names.applicationId());
        String to = StateStores.ofConversations(names.newApplicationId());
        Progress progress = Progress.started(err, "records of the state", Progress.UNKNOWN);
        long misplaced;
        try {
            misplaced = new StateCopy(client, writer, old.partitions(), partitions).run(from, to, progress);
        } finally {
            progress.done();
        }
        if (misplaced > 0) {
            err.printf(
                    "Left out %,d records of %s that were in a wrong partition; their events are decided again.%n",
                    misplaced, from);
        }
    }

    /** Creates the new topic if it does not exist, and returns its id. */
    Uuid createTopic() {
        if (!cluster.has(names.to(), AclOperation.READ, AclOperation.WRITE)) {
            Map<String, String> settings = new HashMap<>(cluster.ownSettings(names.from()));
            settings.putAll(DURING_COPY);
            create(names.from(), names.to(), settings);
        }
        TopicDescription topic = requirePartitions(names.to());
        boolean isKnown = !known(cluster.committed(names.decidedGroup(), AclOperation.READ), topic.topicId())
                        .isEmpty()
                || !known(cluster.committed(names.restGroup(), AclOperation.READ), topic.topicId())
                        .isEmpty();
        if (!isKnown && cluster.ends(names.to()).values().stream().anyMatch(end -> end > 0)) {
            throw new CommandException("The topic " + names.to() + " has records that are not of this repartition."
                    + " Choose another --to. Kafka deletes the positions of a repartition 7 days after its last run"
                    + " (offsets.retention.minutes); it cannot be continued then.");
        }
        if (!isKnown
                && APPEND_TIME.equals(cluster.settings(names.to(), AclOperation.ALTER_CONFIGS)
                        .get(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG))) {
            throw new CommandException("The topic " + names.to() + " replaces the time of every record"
                    + " (message.timestamp.type=LogAppendTime). Delete it, and this command creates it.");
        }
        return topic.topicId();
    }

    /** Creates a topic with the replication factor of another one. */
    private void create(String like, String name, Map<String, String> settings) {
        short replicas =
                (short) cluster.topic(like).partitions().get(0).replicas().size();
        cluster.create(new NewTopic(name, partitions, replicas).configs(settings));
    }

    private TopicDescription requirePartitions(String topic) {
        TopicDescription description = cluster.topic(topic);
        if (description.partitions().size() != partitions) {
            throw new CommandException("The topic " + topic + " has "
                    + description.partitions().size() + " partitions, not " + partitions
                    + ". Choose other names, or delete that topic.");
        }
        return description;
    }

    /** Checks that the old application has decided nothing since the cut-over began. */
    private void requireSameDecided(OldLog old, Map<TopicPartition, CopyPosition> rest) {
        rest.forEach((partition, position) -> {
            if (position.decided() != old.decided().getOrDefault(partition.partition(), CopyPosition.NONE)) {
                throw hasRun();
            }
        });
    }

    private CommandException hasRun() {
        return new CommandException("The application " + names.applicationId()
                + " has run since the cut-over began, so the copy is out of date. " + beginAgain());
    }

    /**
     * Checks that the new application has decided nothing.
     *
     * @param border where it begins, by partition; empty before that is committed
     */
    private void requireNotStarted(Map<Integer, Long> border) {
        cluster.committed(names.newApplicationId(), AclOperation.READ).forEach((partition, offset) -> {
            if (partition.topic().equals(names.to())
                    && offset.offset() != border.getOrDefault(partition.partition(), CopyPosition.NONE)) {
                throw new CommandException("The application " + names.newApplicationId() + " has run on " + names.to()
                        + " before the cut-over was complete. " + beginAgain());
            }
        });
    }

    private String beginAgain() {
        return "Stop both applications. A bridge may have written to " + names.to()
                + ": stop it, and save its deliveries with ./handover replay read. Then delete the topics "
                + names.to() + ", " + String.join(", ", StateStores.changelogs(names.newApplicationId())) + ", and "
                + newStateFolder() + ", and begin again.";
    }

    private String newStateFolder() {
        return "the folder " + names.newApplicationId() + " in state.dir on each instance";
    }

    /** Checks that Kafka has deleted nothing that the old application would still have decided. */
    private void requireNothingDeletedUnread(OldLog old, Map<TopicPartition, CopyPosition> rest) {
        if (!cluster.committed(DeletedRange.groupOf(names.applicationId()), AclOperation.DESCRIBE)
                .isEmpty()) {
            throw new CommandException("Deliveries that Kafka deleted before the application " + names.applicationId()
                    + " read them wait for an acknowledgement. See ./handover acknowledge-deleted.");
        }
        Map<Integer, Long> begins = cluster.begins(names.from());
        old.decided().forEach((partition, decided) -> {
            CopyPosition position = rest.get(new TopicPartition(names.from(), partition));
            long next = position == null ? decided : Math.max(decided, position.offset());
            if (begins.getOrDefault(partition, 0L) > next) {
                throw new CommandException(
                        "Kafka has deleted deliveries of " + names.from() + " before the application "
                                + names.applicationId() + " read them. Start it with the old settings until it has read"
                                + " everything, and see ./handover acknowledge-deleted.");
            }
        });
    }

    private void requireNotCutOver(Uuid topicId) {
        if (!known(cluster.committed(names.restGroup(), AclOperation.READ), topicId)
                .isEmpty()) {
            throw new CommandException("The cut-over to " + names.to() + " has begun. Continue it with --cut-over.");
        }
    }

    /** Returns the positions that belong to this new topic, not to a deleted one of the same name. */
    private Map<TopicPartition, CopyPosition> known(Map<TopicPartition, OffsetAndMetadata> committed, Uuid topicId) {
        return known(names, committed, topicId);
    }

    static Map<TopicPartition, CopyPosition> known(
            Names names, Map<TopicPartition, OffsetAndMetadata> committed, Uuid topicId) {
        Map<TopicPartition, CopyPosition> positions = new HashMap<>();
        committed.forEach((partition, offset) -> {
            if (partition.topic().equals(names.from())) {
                CopyPosition position = CopyPosition.of(offset);
                if (position.topicId().equals(topicId)) {
                    positions.put(partition, position);
                }
            }
        });
        return positions;
    }

    /** Returns the settings that the new topic gets at the end: those of the old topic. */
    private Map<String, String> liveSettings() {
        Map<String, String> settings = cluster.settings(names.from(), AclOperation.DESCRIBE_CONFIGS);
        Map<String, String> live = new HashMap<>();
        DURING_COPY.keySet().forEach(key -> live.put(key, Objects.requireNonNull(settings.get(key), key)));
        return live;
    }

    /**
     * Verifies what is copied so far.
     *
     * @return false if a stop was requested
     * @throws CommandException if the copy differs
     */
    boolean verifyDecided() {
        Uuid topicId = cluster.topic(names.to()).topicId();
        Map<TopicPartition, CopyPosition> copied =
                known(cluster.committed(names.decidedGroup(), AclOperation.READ), topicId);
        Map<Integer, Long> ends = new HashMap<>();
        copied.forEach((partition, position) -> ends.put(partition.partition(), position.offset()));
        boolean isWhole = copied.values().stream().allMatch(position -> position.skipped() == CopyPosition.NONE)
                && !ends.isEmpty();
        return new Verification(cluster, client, names, partitions, err, stop)
                .run(topicId, ends, cluster.settledEnds(names.to()), isWhole);
    }
}
