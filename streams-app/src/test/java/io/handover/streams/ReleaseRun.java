package io.handover.streams;

import io.handover.conversation.ProfilePolicy;
import io.handover.conversation.TransferPolicy;
import io.handover.conversation.TransferPolicy.AnnounceOn;
import io.handover.schema.Topics;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.apache.kafka.streams.test.TestRecord;

/**
 * Runs the events of a {@link ReleaseFixture} through the topology: from an empty state, or from changelogs.
 *
 * @param commands the commands, as lines
 * @param lookups the agent lookups, as lines
 * @param changelogs the changelog of each store after its compaction, as lines, by the name of the store
 */
record ReleaseRun(List<String> commands, List<String> lookups, Map<String, List<String>> changelogs) {

    /** The default settings, with names and pictures of agents. */
    static final TransferPolicy POLICY = new TransferPolicy(
            10_000,
            120_000,
            2_000,
            true,
            true,
            AnnounceOn.START,
            Duration.ofDays(4).toMillis(),
            0,
            new ProfilePolicy(
                    true, Duration.ofHours(1).toMillis(), Duration.ofDays(7).toMillis()));

    private static final String CHANGELOG = "handover-%s-changelog";

    /** A topology with these changelogs, as after the loss of the local disk. The wall clock stands still. */
    static TopologyFixture start(Path stateDirectory, Map<String, List<String>> changelogs) {
        TaskId task = new TaskId(0, 0);
        Path stores = stateDirectory.resolve("handover").resolve(task.toString());
        StateStoreContext context =
                new MockProcessorContext<Void, Void>(new Properties(), task, stores.toFile()).getStateStoreContext();
        changelogs.forEach((name, lines) -> {
            KeyValueStore<Bytes, byte[]> store =
                    Stores.persistentKeyValueStore(name).get();
            store.init(context, store);
            lines.stream().map(RecordLine::read).forEach(line -> store.put(Bytes.wrap(line.key()), line.value()));
            store.close();
        });
        return new TopologyFixture(stateDirectory, POLICY, Instant.EPOCH);
    }

    /** Runs the events, and reads what was written. */
    static ReleaseRun of(TopologyFixture topology, List<String> events) {
        TestInputTopic<byte[], byte[]> input =
                topology.driver.createInputTopic(Topics.EVENTS, new ByteArraySerializer(), new ByteArraySerializer());
        events.stream().map(RecordLine::read).forEach(input::pipeInput);
        Map<String, List<String>> changelogs = new TreeMap<>();
        for (String store : topology.driver.getAllStateStores().keySet()) {
            changelogs.put(store, compacted(read(topology, CHANGELOG.formatted(store))));
        }
        return new ReleaseRun(
                lines(read(topology, Topics.COMMANDS)), lines(read(topology, Topics.AGENT_LOOKUPS)), changelogs);
    }

    private static List<TestRecord<byte[], byte[]>> read(TopologyFixture topology, String topic) {
        TestOutputTopic<byte[], byte[]> output =
                topology.driver.createOutputTopic(topic, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        return output.isEmpty() ? List.of() : output.readRecordsToList();
    }

    private static List<String> lines(List<TestRecord<byte[], byte[]>> records) {
        return records.stream().map(RecordLine::of).toList();
    }

    /** The last record of each key, without the deleted keys. */
    private static List<String> compacted(List<TestRecord<byte[], byte[]>> records) {
        Map<String, String> last = new LinkedHashMap<>();
        for (TestRecord<byte[], byte[]> record : records) {
            String key = new String(record.key(), StandardCharsets.ISO_8859_1);
            last.remove(key);
            if (record.value() != null) {
                last.put(key, RecordLine.of(record));
            }
        }
        return List.copyOf(last.values());
    }
}
