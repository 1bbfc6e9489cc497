package io.handover.schema;

import org.apache.kafka.common.utils.Utils;

/**
 * The partition to which a key belongs: the one that the default partitioner of the Java clients chooses for it. All
 * records of a conversation are in this partition, as long as the topic keeps its number of partitions.
 */
public final class KeyPartition {

    private KeyPartition() {}

    /**
     * Returns the number of the partition.
     *
     * @param key the bytes of the record key
     * @param partitions the number of partitions of the topic
     */
    public static int of(byte[] key, int partitions) {
        return Utils.toPositive(Utils.murmur2(key)) % partitions;
    }
}
