package io.handover.streams;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.streams.StreamsConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.CompressionType;
import org.rocksdb.FlushOptions;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

class StateMemoryTest {

    private static final long MAX_BYTES = 1 << 26;
    private static final int RECORDS = 1_000;
    private static final int RECORD_BYTES = 10_000;

    @TempDir
    private Path folder;

    @Test
    void shouldBoundTheStoresByDefault() {
        try (StateMemory memory = new StateMemory(1 << 24)) {
            // Given
            Properties streams = new Properties();
            // When
            memory.addTo(streams);
            // Then
            assertThat(streams)
                    .containsEntry(
                            StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, StateMemory.Setter.class.getName());
        }
    }

    @Test
    void shouldLeaveTheSetterOfTheUser() {
        try (StateMemory memory = new StateMemory(1 << 24)) {
            // Given
            Properties streams = new Properties();
            streams.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, "org.example.Setter");
            // When
            memory.addTo(streams);
            // Then
            assertThat(streams).containsEntry(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, "org.example.Setter");
        }
    }

    @Test
    void shouldCountWhatIsWritten() throws RocksDBException {
        try (StateMemory memory = new StateMemory(MAX_BYTES);
                Options options = options(memory);
                RocksDB store = RocksDB.open(options, folder.toString())) {
            // When
            write(store);
            // Then
            assertThat(used(memory)).isGreaterThan(RECORDS * RECORD_BYTES);
        }
    }

    @Test
    void shouldNeedNoMemoryForWhatIsRead() throws RocksDBException {
        // Given
        try (StateMemory memory = new StateMemory(MAX_BYTES);
                Options options = options(memory);
                RocksDB store = RocksDB.open(options, folder.toString());
                FlushOptions flush = new FlushOptions()) {
            write(store);
            store.flush(flush);
        }
        try (StateMemory memory = new StateMemory(MAX_BYTES);
                Options options = options(memory);
                RocksDB store = RocksDB.open(options, folder.toString())) {
            // When
            for (int i = 0; i < RECORDS; i++) {
                assertThat(store.get(key(i))).hasSize(RECORD_BYTES);
            }
            // Then
            assertThat(used(memory)).isLessThan(RECORDS * RECORD_BYTES / 10.0);
        }
    }

    private static Options options(StateMemory memory) {
        Properties streams = new Properties();
        memory.addTo(streams);
        Map<String, Object> configs = new HashMap<>();
        streams.forEach((name, value) -> configs.put((String) name, value));
        // As Kafka Streams does, without compression.
        Options options = new Options()
                .setCreateIfMissing(true)
                .setCompressionType(CompressionType.NO_COMPRESSION)
                .setTableFormatConfig(new BlockBasedTableConfig());
        new StateMemory.Setter().setConfig("conversations", options, configs);
        return options;
    }

    private static void write(RocksDB store) throws RocksDBException {
        for (int i = 0; i < RECORDS; i++) {
            store.put(key(i), new byte[RECORD_BYTES]);
        }
    }

    private static byte[] key(int number) {
        return ByteBuffer.allocate(Integer.BYTES).putInt(number).array();
    }

    private static double used(StateMemory memory) {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        memory.bindTo(registry);
        return registry.get("handover.state.memory.used").gauge().value();
    }
}
