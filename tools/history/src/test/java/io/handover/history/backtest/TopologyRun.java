package io.handover.history.backtest;

import io.handover.conversation.TransferPolicy;
import io.handover.conversation.fold.CustomerAddress;
import io.handover.history.backtest.RandomArchive.Line;
import io.handover.schema.Topics;
import io.handover.service.TopicNames;
import io.handover.streams.ConversationMetrics;
import io.handover.streams.ConversationTopology;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;

/** A run of deliveries through the topology of streams-app, in a TopologyTestDriver. */
final class TopologyRun {

    /** Longer than any retention, so that every handover has ended afterwards, as at the end of a back-test. */
    private static final long AFTERWARDS_MS = 30 * 86_400_000L;

    private TopologyRun() {}

    /** The values of the command records, in order. */
    static List<String> commands(TransferPolicy policy, List<Line> lines, long end, Path stateDirectory) {
        Properties properties = new Properties();
        properties.putAll(Map.of(
                "application.id",
                "handover",
                "bootstrap.servers",
                "unused:9092",
                "state.dir",
                stateDirectory.toString()));
        try (TopologyTestDriver driver = new TopologyTestDriver(
                ConversationTopology.build(
                        TopicNames.DEFAULT,
                        1,
                        policy,
                        CustomerAddress.DEFAULT,
                        new ConversationMetrics(new SimpleMeterRegistry())),
                properties,
                // The wall clock decides nothing; here it is years behind, so that no tick is written.
                Instant.EPOCH)) {
            TestInputTopic<String, byte[]> events =
                    driver.createInputTopic(Topics.EVENTS, new StringSerializer(), new ByteArraySerializer());
            TestOutputTopic<String, byte[]> commands =
                    driver.createOutputTopic(Topics.COMMANDS, new StringDeserializer(), new ByteArrayDeserializer());
            for (Line line : lines) {
                events.pipeInput(line.key(), line.bytes(), line.time());
            }
            // A record that no decision uses moves the stream time too.
            events.pipeInput(
                    "afterwards", "{\"topic\": \"afterwards\"}".getBytes(StandardCharsets.UTF_8), end + AFTERWARDS_MS);
            return commands.readValuesToList().stream()
                    .map(value -> new String(value, StandardCharsets.UTF_8))
                    .toList();
        }
    }
}
