package io.handover.schema;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/**
 * The serializers and deserializers of the topics. The deserializers throw {@link UnreadableRecordException} for bytes
 * that are not a valid record.
 */
public final class HandoverSerdes {

    private static final byte[] CONTENT_TYPE = utf8("application/json; charset=UTF-8");
    private static final byte[] CE_SPECVERSION = utf8("1.0");
    private static final byte[] CE_SOURCE = utf8("urn:handover:streams-app");
    private static final String CE_TYPE_PREFIX = "io.handover.";

    private HandoverSerdes() {}

    /** Deserializes a record of {@link Topics#EVENTS}. The header {@link RecordKind#HEADER} selects the record type. */
    public static Deserializer<HandoverRecord> recordDeserializer() {
        return new RecordDeserializer();
    }

    /** Serializes a clock tick for {@link Topics#EVENTS} and adds the header {@link RecordKind#HEADER}. */
    public static Serializer<ClockTick> clockTickSerializer() {
        return new KindSerializer<>(RecordKind.CLOCK_TICK);
    }

    /** Serializes an agent profile for {@link Topics#EVENTS} and adds the header {@link RecordKind#HEADER}. */
    public static Serializer<AgentProfile> agentProfileSerializer() {
        return new KindSerializer<>(RecordKind.AGENT_PROFILE);
    }

    /** Serializes an operator's order for {@link Topics#EVENTS} and adds the header {@link RecordKind#HEADER}. */
    public static Serializer<OperatorOrder> operatorOrderSerializer() {
        return new KindSerializer<>(RecordKind.OPERATOR_ORDER);
    }

    /** Reads and writes records of {@link Topics#AGENT_LOOKUPS}. */
    public static Serde<AgentLookup> agentLookups() {
        return Serdes.serdeFrom(
                (topic, lookup) -> Json.write(lookup),
                (topic, bytes) -> Json.read(bytes, AgentLookup.class, "an agent lookup"));
    }

    /**
     * Reads and writes commands. A written command gets the CloudEvents headers of Kafka's binary mode.
     *
     * @see <a href="https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/kafka-protocol-binding.md">
     *     Kafka protocol binding for CloudEvents</a>
     */
    public static Serde<HandoverCommand> commands() {
        return Serdes.serdeFrom(
                new CommandSerializer(), (topic, bytes) -> Json.read(bytes, HandoverCommand.class, "a command"));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static final class RecordDeserializer implements Deserializer<HandoverRecord> {

        @Override
        public HandoverRecord deserialize(String topic, byte[] bytes) {
            return Delivery.read(bytes);
        }

        @Override
        public HandoverRecord deserialize(String topic, Headers headers, byte @Nullable [] bytes) {
            if (bytes == null) {
                // Kafka Streams skips a null value silently. The exception sends the record to the dead letters
                // instead.
                throw new UnreadableRecordException("Expected a record with a value, but it is null");
            }
            return switch (RecordKind.of(headers)) {
                case DELIVERY -> Delivery.read(bytes);
                case CLOCK_TICK -> Json.read(bytes, ClockTick.class, "a clock tick");
                case AGENT_PROFILE -> Json.read(bytes, AgentProfile.class, "an agent profile");
                case OPERATOR_ORDER -> Json.read(bytes, OperatorOrder.class, "an operator's order");
            };
        }
    }

    private static final class KindSerializer<T> implements Serializer<T> {

        private final RecordKind kind;

        private KindSerializer(RecordKind kind) {
            this.kind = kind;
        }

        @Override
        public byte[] serialize(String topic, T value) {
            return Json.write(value);
        }

        @Override
        public byte[] serialize(String topic, Headers headers, T value) {
            headers.remove(RecordKind.HEADER).add(kind.header());
            return Json.write(value);
        }
    }

    private static final class CommandSerializer implements Serializer<HandoverCommand> {

        @Override
        public byte[] serialize(String topic, HandoverCommand command) {
            return CommandWriter.write(command);
        }

        @Override
        public byte[] serialize(String topic, Headers headers, HandoverCommand command) {
            set(headers, "ce_specversion", CE_SPECVERSION);
            set(headers, "ce_id", utf8(command.id()));
            set(headers, "ce_type", utf8(CE_TYPE_PREFIX + command.type()));
            set(headers, "ce_source", CE_SOURCE);
            set(headers, "ce_time", utf8(IsoTime.format(command.occurredAt())));
            set(headers, "content-type", CONTENT_TYPE);
            return CommandWriter.write(command);
        }

        /** Replaces a header of the same name. A forwarded record still has the headers of its input record. */
        private static void set(Headers headers, String name, byte[] value) {
            headers.remove(name).add(name, value);
        }
    }
}
