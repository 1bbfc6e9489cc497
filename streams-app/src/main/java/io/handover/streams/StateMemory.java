package io.handover.streams;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.state.RocksDBConfigSetter;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.Cache;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.WriteBufferManager;

/**
 * The memory that all state stores of this application share, outside the Java heap: their write buffers. By default, each
 * store of each partition would have write buffers of its own, and a cache.
 *
 * <p>What is read is not in this memory, because the files of the stores are mapped: it is in the page cache of the operating
 * system, which takes it back when a process needs memory. A cache of RocksDB would keep the same bytes once more, and each
 * lookup in it costs more than to read a mapped page.
 */
final class StateMemory implements AutoCloseable {

    /** The property that passes the memory to {@link Setter}. */
    private static final String PROPERTY = "handover.state.memory";

    /**
     * A write buffer grows in steps of this size. With the default of 1 MiB, the first write to each of many stores would
     * use up their memory, and every further write would flush a small file.
     */
    private static final long ARENA_BLOCK_BYTES = 256L * 1024;

    private final long maxBytes;
    private final Cache cache;
    private final WriteBufferManager writeBuffers;
    private boolean isClosed;

    /**
     * @param maxBytes the bound of the write buffers of all stores together. It is not strict: writes go on while a full
     *     buffer is written to a file
     */
    StateMemory(long maxBytes) {
        this.maxBytes = maxBytes;
        RocksDB.loadLibrary();
        // The cache only counts the write buffers. Blocks that are mapped and not compressed never enter it.
        cache = new LRUCache(maxBytes);
        writeBuffers = new WriteBufferManager(maxBytes, cache);
    }

    /** Makes the stores use the memory, unless the user has set a {@code rocksdb.config.setter}. */
    void addTo(Properties streams) {
        streams.put(PROPERTY, this);
        streams.putIfAbsent(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, Setter.class.getName());
    }

    /** Registers gauges of the memory. Kafka Streams has such metrics per store, but all stores share this memory. */
    void bindTo(MeterRegistry registry) {
        Gauge.builder("handover.state.memory.used", this, StateMemory::usedBytes)
                .baseUnit("bytes")
                .description("Memory of the write buffers of the state stores, outside the Java heap")
                .register(registry);
        Gauge.builder("handover.state.memory.max", this, memory -> memory.maxBytes)
                .baseUnit("bytes")
                .description("Memory that the write buffers of the state stores may have, outside the Java heap")
                .register(registry);
    }

    /** A call of RocksDB after {@link #close} would crash the process. */
    private synchronized double usedBytes() {
        return isClosed ? 0 : cache.getUsage();
    }

    private void applyTo(Options options) {
        BlockBasedTableConfig table = (BlockBasedTableConfig) options.tableFormatConfig();
        table.setBlockCache(cache);
        options.setAllowMmapReads(true);
        // By default, RocksDB advises Linux not to read ahead. A start reads all states, and would wait for each page.
        // Linux stops reading ahead by itself when a file is read in random order.
        options.setAdviseRandomOnOpen(false);
        // RocksDB does not cache mapped blocks. With this option on, each lookup would check a whole filter again.
        table.setCacheIndexAndFilterBlocks(false);
        options.setWriteBufferManager(writeBuffers);
        options.setArenaBlockSize(ARENA_BLOCK_BYTES);
        // One stream thread alone writes a store, so no write needs an atomic operation. A restore needs 3 % less time.
        options.setAllowConcurrentMemtableWrite(false);
        options.setTableFormatConfig(table);
    }

    /** Releases the memory. All stores must be closed before. */
    @Override
    public synchronized void close() {
        isClosed = true;
        writeBuffers.close();
        cache.close();
    }

    /** Gives a store its part of the memory in the property {@code handover.state.memory}. Kafka Streams creates one per store. */
    public static final class Setter implements RocksDBConfigSetter {

        @Override
        public void setConfig(String storeName, Options options, Map<String, Object> configs) {
            if (configs.get(PROPERTY) instanceof StateMemory memory) {
                memory.applyTo(options);
            }
        }

        @Override
        public void close(String storeName, Options options) {
            // The memory is shared, so the application closes it.
        }
    }
}
