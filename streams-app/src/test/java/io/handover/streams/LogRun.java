package io.handover.streams;

import io.handover.conversation.TransferPolicy;
import io.handover.reference.Command;
import io.handover.streams.PartitionLog.Entry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.test.TestRecord;

/** Runs logs of a partition through the topology. */
final class LogRun {

    /** After every deadline, and before the end of every retention. */
    static final Instant AFTERWARDS =
            TopologyFixture.START.plus(Duration.ofDays(3)).plus(Duration.ofHours(12));

    private static final long CHECK_EVERY_MS = 1_000;

    private final Path stateDirectory;
    private final TransferPolicy policy;
    private int runs;
    private double ticksWritten;

    /** What the wall clock shows while the log is read. */
    enum WallClock {
        YEARS_BEHIND,
        IN_STEP
    }

    LogRun(Path stateDirectory, TransferPolicy policy) {
        this.stateDirectory = stateDirectory;
        this.policy = policy;
    }

    /** The number of clock ticks in the last run. */
    double ticksWritten() {
        return ticksWritten;
    }

    /** The command records per conversation, in their order, with key, value, time and headers. */
    Map<String, List<String>> run(PartitionLog log, WallClock wallClock, Set<Integer> restarts) {
        Map<String, List<String>> commands = new LinkedHashMap<>();
        TopologyFixture topology = start(wallClock);
        long wall = TopologyFixture.START.toEpochMilli();
        for (int i = 0; i < log.entries().size(); i++) {
            Entry entry = log.entries().get(i);
            if (restarts.contains(i)) {
                topology = restart(topology, commands, wallClock);
            }
            // Checks several times between two records, because otherwise no partition is ever found quiet.
            while (wallClock == WallClock.IN_STEP && entry.time() > wall) {
                long step = Math.min(entry.time() - wall, CHECK_EVERY_MS);
                topology.advanceWallClock(Duration.ofMillis(step));
                wall += step;
            }
            topology.events.pipeInput(entry.record());
        }
        topology.moveLogTo(Duration.between(TopologyFixture.START, AFTERWARDS));
        collect(topology, commands);
        ticksWritten = topology.count("handover.ticks.written");
        topology.close();
        commands.keySet().removeIf(conversation -> conversation.startsWith("bystander"));
        return commands;
    }

    private TopologyFixture start(WallClock wallClock) {
        Instant shows = wallClock == WallClock.IN_STEP ? TopologyFixture.START : Instant.EPOCH;
        return new TopologyFixture(stateDirectory.resolve("run-" + runs++), policy, shows);
    }

    /** Restarts as after a loss of the local disk: only the content of the stores is restored. */
    private TopologyFixture restart(TopologyFixture stopped, Map<String, List<String>> commands, WallClock wallClock) {
        collect(stopped, commands);
        TopologyFixture started = start(wallClock);
        Map<String, StateStore> stores = stopped.driver.getAllStateStores();
        for (String name : stores.keySet()) {
            copy(stopped.driver.getKeyValueStore(name), started.driver.getKeyValueStore(name));
        }
        stopped.close();
        return started;
    }

    private static void copy(KeyValueStore<Object, Object> from, KeyValueStore<Object, Object> to) {
        try (KeyValueIterator<Object, Object> all = from.all()) {
            while (all.hasNext()) {
                KeyValue<Object, Object> entry = all.next();
                to.put(entry.key, entry.value);
            }
        }
    }

    private static void collect(TopologyFixture topology, Map<String, List<String>> commands) {
        for (TestRecord<String, byte[]> record : topology.rawCommands.readRecordsToList()) {
            StringBuilder text = new StringBuilder(new String(record.value(), StandardCharsets.UTF_8));
            text.append('\n').append(record.timestamp());
            for (Header header : record.headers()) {
                text.append('\n')
                        .append(header.key())
                        .append('=')
                        .append(new String(header.value(), StandardCharsets.UTF_8));
            }
            commands.computeIfAbsent(record.key(), key -> new ArrayList<>()).add(text.toString());
        }
    }

    /** The value of a command record. */
    static String value(String record) {
        return record.substring(0, record.indexOf('\n'));
    }

    /** The commands of a conversation in the result of a run. */
    static List<Command> commands(Map<String, List<String>> commands, String conversation) {
        return commands.getOrDefault(conversation, List.of()).stream()
                .map(record -> Command.read(value(record).getBytes(StandardCharsets.UTF_8)))
                .toList();
    }
}
