package io.handover.streams;

import io.handover.service.Version;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.ThreadMetadata;
import org.jspecify.annotations.Nullable;

/** How this instance is: whether it is ready, and how far its partitions are. Values of metrics come from the metrics. */
final class InstanceStatus {

    private static final double SECOND_MS = 1_000;

    private final Supplier<@Nullable KafkaStreams> streams;
    private final LivePartitions live;
    private final MeterRegistry registry;
    private final Supplier<Optional<String>> notReady;
    private final long startedAtMs;

    InstanceStatus(
            Supplier<@Nullable KafkaStreams> streams,
            LivePartitions live,
            MeterRegistry registry,
            Supplier<Optional<String>> notReady) {
        this.streams = streams;
        this.live = live;
        this.registry = registry;
        this.notReady = notReady;
        this.startedAtMs = registry.config().clock().wallTime();
    }

    /** @param name the name of this instance */
    JsonObject of(String name) {
        Optional<String> problem = notReady.get();
        JsonObject json = new JsonObject()
                .put("instance", name)
                .put("self", true)
                .put("reachable", true)
                .put("ready", problem.isEmpty());
        problem.ifPresent(reason -> json.put("reason", reason));
        json.put("version", Version.version());
        ConversationJson.putTime(json, "startedAt", startedAtMs);
        putFinite(json, "skewMs", gauge("handover.clock.skew") * SECOND_MS);
        Collection<Counter> deadLetters = registry.find("handover.dead.letters").counters();
        if (!deadLetters.isEmpty()) {
            json.put(
                    "deadLetters",
                    Math.round(deadLetters.stream().mapToDouble(Counter::count).sum()));
        }
        JsonArray partitions = new JsonArray();
        for (LivePartition partition : live.all()) {
            partitions.add(partition(partition));
        }
        return json.put("partitions", partitions).put("standbys", standbys());
    }

    private JsonObject partition(LivePartition partition) {
        String number = String.valueOf(partition.partition());
        JsonObject json = new JsonObject().put("partition", partition.partition());
        ConversationJson.putTime(json, "streamTime", partition.streamTime());
        putFinite(json, "lagRecords", gauge("handover.partition.lag.records", "partition", number));
        putFinite(json, "lagMs", gauge("handover.partition.lag.seconds", "partition", number) * SECOND_MS);
        return json.put("rate", partition.rate())
                .put("open", partition.handovers().openCount())
                .put("held", partition.handovers().heldCount());
    }

    private double gauge(String name, String... tags) {
        Gauge gauge = registry.find(name).tags(tags).gauge();
        return gauge == null ? Double.NaN : gauge.value();
    }

    private static void putFinite(JsonObject json, String field, double value) {
        if (Double.isFinite(value)) {
            json.put(field, Math.round(value));
        }
    }

    private JsonArray standbys() {
        KafkaStreams running = streams.get();
        Set<Integer> numbers = new TreeSet<>();
        if (running != null) {
            for (ThreadMetadata thread : running.metadataForLocalThreads()) {
                thread.standbyTasks().forEach(task -> numbers.add(task.taskId().partition()));
            }
        }
        JsonArray array = new JsonArray();
        numbers.forEach(array::add);
        return array;
    }
}
