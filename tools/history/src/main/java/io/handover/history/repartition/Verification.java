package io.handover.history.repartition;

import io.handover.history.backtest.SourceComparison;
import io.handover.history.cluster.Cluster;
import io.handover.history.options.PolicyOptions;
import io.handover.history.options.SelectionOptions;
import io.handover.history.report.AgainstResult;
import io.handover.history.report.Setting;
import io.handover.history.sources.PastDeliveries;
import io.handover.history.sources.TopicReader;
import io.handover.schema.KeyPartition;
import io.handover.terminal.CommandException;
import io.handover.terminal.Progress;
import io.handover.terminal.StopSignal;
import io.handover.terminal.TemporaryFolder;
import java.io.PrintStream;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.acl.AclOperation;
import org.jspecify.annotations.Nullable;

/**
 * Verifies a copy: that it has every record once, in the partition of its key, and that a back-test decides the same
 * commands from it as from the old topic.
 */
final class Verification {

    private static final long PIECE_BYTES = 256 * 1024;

    private static final String MAY_BE_LIVE = "A bridge may have written to it: stop it, and save its deliveries with"
            + " ./handover replay read before you delete the topic.";

    private final Cluster cluster;
    private final Properties client;
    private final Repartition.Names names;
    private final int partitions;
    private final PrintStream err;
    private final StopSignal stop;

    Verification(
            Cluster cluster,
            Properties client,
            Repartition.Names names,
            int partitions,
            PrintStream err,
            StopSignal stop) {
        this.cluster = cluster;
        this.client = client;
        this.names = names;
        this.partitions = partitions;
        this.err = err;
        this.stop = stop;
    }

    /**
     * Verifies the copy.
     *
     * @param ends the end of the copied part in each partition of the old topic
     * @param border the offset in each partition of the new topic at which the undecided records begin
     * @param isWhole whether the copied part is copied without gaps, so that back-tests can be compared
     * @return false if a stop was requested
     * @throws CommandException if the copy differs
     */
    boolean run(Uuid topicId, Map<Integer, Long> ends, Map<Integer, Long> border, boolean isWhole) {
        // A transaction can be committed before its records can be read.
        cluster.settledEnds(names.to());
        List<CopyPosition> positions = Stream.of(names.decidedGroup(), names.restGroup())
                .flatMap(group ->
                        Repartition.known(names, cluster.committed(group, AclOperation.READ), topicId)
                                .values()
                                .stream())
                .toList();
        if (!compareRecords(
                positions.stream().mapToLong(CopyPosition::count).sum(),
                positions.stream().mapToLong(CopyPosition::sum).sum())) {
            return false;
        }
        return !isWhole || compareCommands(ends, border, from(topicId));
    }

    private boolean compareRecords(long count, long sum) {
        long found = 0;
        long foundSum = 0;
        Progress progress = Progress.started(err, "records verified", count);
        try (TopicReader reader = new TopicReader(client, TopicReader.Range.all(names.to(), Map.of()), 0)) {
            for (TopicPartition partition : reader.partitions()) {
                List<ConsumerRecord<byte[], byte[]>> records = reader.take(partition, PIECE_BYTES);
                while (!records.isEmpty()) {
                    for (ConsumerRecord<byte[], byte[]> record : records) {
                        requireOwnPartition(record);
                        found++;
                        foundSum += EventCopy.checksum(record, record.timestamp());
                    }
                    progress.advanced(records.size());
                    if (stop.isRequested()) {
                        return false;
                    }
                    records = reader.take(partition, PIECE_BYTES);
                }
            }
        } finally {
            progress.done();
        }
        if (found != count || foundSum != sum) {
            throw new CommandException(String.format(
                    "The topic %s has %,d records, but %,d %s copied. %s",
                    names.to(), found, count, found == count ? "others were" : "were", MAY_BE_LIVE));
        }
        err.printf("Verified: %,d records, each in the partition of its key.%n", found);
        return true;
    }

    private void requireOwnPartition(ConsumerRecord<byte[], byte[]> record) {
        byte[] key = OldLog.key(record);
        if (key == null || KeyPartition.of(key, partitions) != record.partition()) {
            throw new CommandException("The record at offset " + record.offset() + " of " + names.to() + "-"
                    + record.partition() + " is not in the partition of its key. " + MAY_BE_LIVE);
        }
    }

    /**
     * Returns the time from which both topics have all records: null if the retention of the old topic has deleted none
     * that is copied.
     */
    private @Nullable Instant from(Uuid topicId) {
        Map<Integer, Long> begins = cluster.begins(names.from());
        Map<TopicPartition, CopyPosition> moved =
                Repartition.known(names, cluster.committed(names.decidedGroup(), AclOperation.READ), topicId);
        moved.entrySet()
                .removeIf(entry -> begins.getOrDefault(entry.getKey().partition(), 0L)
                        <= entry.getValue().begin());
        Map<TopicPartition, ListOffsetsResultInfo> first =
                cluster.offsets(List.copyOf(moved.keySet()), OffsetSpec.forTimestamp(0));
        return moved.entrySet().stream()
                .map(entry -> Instant.ofEpochMilli(firstTime(first.get(entry.getKey()), entry.getValue())))
                .max(Instant::compareTo)
                .orElse(null);
    }

    private static long firstTime(@Nullable ListOffsetsResultInfo first, CopyPosition position) {
        // Kafka answers -1 for a partition that has no record left.
        return first == null || first.timestamp() < 0 ? position.time() + 1 : first.timestamp();
    }

    private boolean compareCommands(Map<Integer, Long> ends, Map<Integer, Long> border, @Nullable Instant from) {
        List<TopicReader.Range> old = List.of(TopicReader.Range.between(names.from(), Map.of(), ends));
        // The undecided records can have earlier times than the decided ones, so they are a part of their own.
        List<TopicReader.Range> copy = List.of(
                TopicReader.Range.between(names.to(), Map.of(), border),
                TopicReader.Range.between(names.to(), border, cluster.ends(names.to())));
        Setting setting = Setting.of("defaults", new PolicyOptions().with(Map.of()));
        Progress progress = Progress.started(err, "deliveries compared in back-tests", Progress.UNKNOWN);
        try (TemporaryFolder folder = TemporaryFolder.create("handover-repartition");
                PastDeliveries first = SelectionOptions.ofTopics(
                        client, old, from, folder.path().resolve("broken-old"));
                PastDeliveries second = SelectionOptions.ofTopics(
                        client, copy, from, folder.path().resolve("broken-new"))) {
            progress.ofAll(() -> (first.fraction() + second.fraction()) / 2);
            AgainstResult result = SourceComparison.compare(
                    first, second, setting, folder.path().resolve("commands"), folded -> {
                        progress.advanced(folded);
                        return !stop.isRequested();
                    });
            progress.done();
            if (result == null) {
                return false;
            }
            if (result.differing() > 0) {
                throw new CommandException(String.format(
                        "A back-test of %s decides other commands than one of %s: %,d differ, the first for"
                                + " conversation %s. Compare both with ./handover explain.",
                        names.to(),
                        names.from(),
                        result.differing(),
                        result.differences().get(0).conversationId()));
            }
            err.printf("Verified: back-tests of both topics give the same %,d commands.%n", result.same());
            return true;
        } finally {
            progress.done();
        }
    }
}
