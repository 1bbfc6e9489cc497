package io.handover.benchmark;

import io.handover.service.Settings;
import io.handover.streams.StreamsApp;
import io.handover.streams.StreamsProperties;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;

/** Runs another topology with the settings of the streams-app. */
final class StreamsProcess {

    /** The topic that a topology writes to. */
    static final String OUT = "benchmark-out";

    /** As many bytes as the state and the commands of the floor have. */
    static final int VALUE_BYTES = 300;

    /** One record of so many is written to {@link #OUT}. */
    static final int OUT_EVERY = 4;

    private StreamsProcess() {}

    static void run(Topology topology, Properties properties) {
        KafkaStreams streams = new KafkaStreams(topology, properties);
        Runtime.getRuntime().addShutdownHook(new Thread(streams::close));
        streams.start();
    }

    static Properties properties() {
        Properties properties = StreamsProperties.of(settings());
        // The handlers of the app know its records only.
        properties.remove(StreamsConfig.DESERIALIZATION_EXCEPTION_HANDLER_CLASS_CONFIG);
        properties.remove(StreamsConfig.PRODUCTION_EXCEPTION_HANDLER_CLASS_CONFIG);
        properties.remove(StreamsConfig.PROCESSING_EXCEPTION_HANDLER_CLASS_CONFIG);
        properties.remove(StreamsConfig.ERRORS_DEAD_LETTER_QUEUE_TOPIC_NAME_CONFIG);
        return properties;
    }

    /** The settings that no process can do without, and otherwise those that Kafka Streams has by itself. */
    static Properties withKafkasDefaults() {
        Properties properties = properties();
        properties
                .keySet()
                .retainAll(Set.of(
                        StreamsConfig.APPLICATION_ID_CONFIG,
                        StreamsConfig.BOOTSTRAP_SERVERS_CONFIG,
                        StreamsConfig.PROCESSING_GUARANTEE_CONFIG,
                        StreamsConfig.NUM_STREAM_THREADS_CONFIG,
                        StreamsConfig.REPLICATION_FACTOR_CONFIG,
                        StreamsConfig.STATE_DIR_CONFIG,
                        StreamsConfig.consumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG)));
        return properties;
    }

    private static Settings settings() {
        return StreamsApp.settings().load(null, System.getenv(), Map.of());
    }
}
