package io.handover.streams;

import io.handover.conversation.TransferPolicy;
import io.handover.conversation.fold.CustomerAddress;
import io.handover.conversation.fold.StateStores;
import io.handover.schema.AgentUpdated;
import io.handover.schema.HandoverCommand;
import io.handover.schema.HandoverEnded;
import io.handover.schema.HandoverSerdes;
import io.handover.schema.Topics;
import io.handover.service.TopicNames;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.test.TestRecord;

/** The topology in a TopologyTestDriver, with the configuration that the application runs it with. */
final class TopologyFixture implements AutoCloseable {

    static final Instant START = Instant.parse("2026-01-15T10:00:00Z");

    final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    final LivePartitions live = new LivePartitions(registry, true);
    final TopologyTestDriver driver;
    final TestInputTopic<String, byte[]> events;
    private final TestOutputTopic<String, HandoverCommand> commands;

    /** The same topic as bytes; a record that is read here is not in {@link #commands()} any more. */
    final TestOutputTopic<String, byte[]> rawCommands;

    final TestOutputTopic<String, byte[]> deadLetters;

    TopologyFixture(Path stateDirectory) {
        this(stateDirectory, TransferPolicy.DEFAULT, START);
    }

    /** The topology for partition 0 of a topic with that many partitions. */
    TopologyFixture(Path stateDirectory, int partitions) {
        this(stateDirectory, partitions, TransferPolicy.DEFAULT, START);
    }

    TopologyFixture(Path stateDirectory, TransferPolicy policy, Instant wallClock) {
        this(stateDirectory, 1, policy, wallClock);
    }

    private TopologyFixture(Path stateDirectory, int partitions, TransferPolicy policy, Instant wallClock) {
        Properties properties = StreamsProperties.of(StreamsApp.settings()
                .load(
                        null,
                        Map.of(),
                        Map.of("kafka.bootstrap.servers", "unused:9092", "state.dir", stateDirectory.toString())));
        // Under exactly-once, the driver drops a dead letter that Kafka Streams wrote before the first commit.
        properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.AT_LEAST_ONCE);
        ConversationMetrics metrics = new ConversationMetrics(registry);
        properties.put(ConversationMetrics.PROPERTY, metrics);
        driver = new TopologyTestDriver(
                ConversationTopology.build(
                        TopicNames.DEFAULT, partitions, policy, CustomerAddress.DEFAULT, metrics, live),
                properties,
                wallClock);
        events = driver.createInputTopic(Topics.EVENTS, new StringSerializer(), new ByteArraySerializer());
        commands = driver.createOutputTopic(
                Topics.COMMANDS,
                new StringDeserializer(),
                HandoverSerdes.commands().deserializer());
        rawCommands = driver.createOutputTopic(Topics.COMMANDS, new StringDeserializer(), new ByteArrayDeserializer());
        deadLetters =
                driver.createOutputTopic(Topics.DEAD_LETTERS, new StringDeserializer(), new ByteArrayDeserializer());
    }

    /** Delivers a delivery that long after the start. */
    void deliver(String conversation, String delivery, Duration arrivedAfter) {
        events.pipeInput(conversation, delivery.getBytes(StandardCharsets.UTF_8), START.plus(arrivedAfter));
    }

    /** Moves the stream time by an event of another conversation. */
    void moveLogTo(Duration after) {
        String bystander = "bystander-" + after.toMillis();
        deliver(bystander, Deliveries.userStart(bystander, "somebody", START.plus(after)), after);
    }

    void advanceWallClock(Duration by) {
        driver.advanceWallClockTime(by);
    }

    List<TestRecord<String, HandoverCommand>> commandRecords() {
        return commands.readRecordsToList();
    }

    /** The commands of all conversations but bystanders, as {@code conversation: what @milliseconds}. */
    List<String> commands() {
        return commandRecords().stream()
                .map(TestRecord::value)
                .filter(command -> !command.conversationId().startsWith("bystander"))
                .map(TopologyFixture::describe)
                .toList();
    }

    private static String describe(HandoverCommand command) {
        String what = command instanceof AgentUpdated updated
                ? "agent-updated " + updated.agent().id()
                : ((HandoverEnded) command).reason();
        return command.conversationId() + ": " + what + " @"
                + Duration.between(START, command.decidedAt()).toMillis();
    }

    double count(String counter) {
        return registry.get(counter).counter().count();
    }

    double deadLetters(String reason) {
        return registry.get("handover.dead.letters")
                .tag("reason", reason)
                .counter()
                .count();
    }

    double outcomes(String outcome) {
        return registry.get("handover.events").tag("outcome", outcome).counter().count();
    }

    KeyValueStore<String, byte[]> conversations() {
        return driver.getKeyValueStore(StateStores.CONVERSATIONS);
    }

    KeyValueStore<String, byte[]> agents() {
        return driver.getKeyValueStore(StateStores.AGENTS);
    }

    @Override
    public void close() {
        driver.close();
    }
}
