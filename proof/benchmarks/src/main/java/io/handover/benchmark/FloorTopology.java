package io.handover.benchmark;

import io.handover.schema.Topics;
import java.util.Random;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;

/** {@link Contender#FLOOR}. */
final class FloorTopology {

    private static final String STORE = "floor";

    private FloorTopology() {}

    static void run() {
        Topology topology = new Topology()
                .addSource("events", new StringDeserializer(), new ByteArrayDeserializer(), Topics.EVENTS)
                .addProcessor("floor", Floor::new, "events")
                .addStateStore(
                        Stores.keyValueStoreBuilder(
                                Stores.persistentKeyValueStore(STORE), Serdes.String(), Serdes.ByteArray()),
                        "floor")
                .addSink("out", StreamsProcess.OUT, new StringSerializer(), new ByteArraySerializer(), "floor");
        StreamsProcess.run(topology, StreamsProcess.properties());
    }

    private static final class Floor extends ContextualProcessor<String, byte[], String, byte[]> {

        private KeyValueStore<String, byte[]> store;
        private final Random random = new Random(1);
        private int count;

        @SuppressWarnings("NullAway.Init") // Kafka Streams calls init before anything else
        private Floor() {}

        @Override
        public void init(ProcessorContext<String, byte[]> context) {
            super.init(context);
            store = context.getStateStore(STORE);
        }

        /** Random, because real states consist of ids, which hardly compress. */
        private byte[] newState() {
            byte[] state = new byte[StreamsProcess.VALUE_BYTES];
            random.nextBytes(state);
            return state;
        }

        @Override
        public void process(Record<String, byte[]> record) {
            if (record.key() == null) {
                // The streams-app has written a clock tick at the end of its round.
                return;
            }
            byte[] before = store.get(record.key());
            byte[] state = before == null ? newState() : before;
            state[count % state.length]++;
            store.put(record.key(), state);
            if (++count % StreamsProcess.OUT_EVERY == 0) {
                context().forward(record.withValue(state));
            }
        }
    }
}
