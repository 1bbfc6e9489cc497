package io.handover.benchmark;

import io.handover.schema.Delivery;
import io.handover.schema.Topics;
import java.time.Duration;
import java.util.Objects;
import java.util.Properties;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.Stores;
import org.apache.kafka.streams.state.WindowStore;
import org.apache.kafka.streams.state.WindowStoreIterator;

/**
 * {@link Contender#DEDUPLICATION}, as <a href="https://github.com/michelin/kstreamplify">Kstreamplify</a> does it: the
 * whole event in a window store, by the id of the event, looked for in the last 24 hours.
 */
final class WindowDeduplication {

    private static final String STORE = "seen";
    private static final Duration WINDOW = Duration.ofHours(24);

    private WindowDeduplication() {}

    static void run(Properties properties) {
        Topology topology = new Topology()
                .addSource("events", new StringDeserializer(), new ByteArrayDeserializer(), Topics.EVENTS)
                .addProcessor("deduplication", Deduplication::new, "events")
                .addStateStore(
                        Stores.windowStoreBuilder(
                                Stores.persistentWindowStore(STORE, WINDOW, WINDOW, false),
                                Serdes.String(),
                                Serdes.ByteArray()),
                        "deduplication")
                .addSink("out", StreamsProcess.OUT, new StringSerializer(), new ByteArraySerializer(), "deduplication");
        StreamsProcess.run(topology, properties);
    }

    private static final class Deduplication extends ContextualProcessor<String, byte[], String, byte[]> {

        private WindowStore<String, byte[]> seen;
        private int count;

        @SuppressWarnings("NullAway.Init") // Kafka Streams calls init before anything else
        private Deduplication() {}

        @Override
        public void init(ProcessorContext<String, byte[]> context) {
            super.init(context);
            seen = context.getStateStore(STORE);
        }

        @Override
        public void process(Record<String, byte[]> record) {
            if (record.key() == null) {
                // The streams-app has written a clock tick at the end of its round.
                return;
            }
            String id = Objects.requireNonNull(Delivery.read(record.value()).eventId(), "the traffic has ids");
            long time = record.timestamp();
            try (WindowStoreIterator<byte[]> found =
                    seen.backwardFetch(id, time - WINDOW.toMillis(), time + WINDOW.toMillis())) {
                if (found.hasNext()) {
                    return;
                }
            }
            seen.put(id, record.value(), time);
            if (++count % StreamsProcess.OUT_EVERY == 0) {
                context().forward(record.withValue(new byte[StreamsProcess.VALUE_BYTES]));
            }
        }
    }
}
