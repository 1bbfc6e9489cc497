package io.handover.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyPartitionTest {

    @ParameterizedTest
    @ValueSource(ints = {1, 4, 6, 7})
    void shouldBeThePartitionOfTheDefaultPartitioner(int partitions) {
        for (int i = 0; i < 1_000; i++) {
            // Given
            byte[] key = ("conversation-" + i).getBytes(StandardCharsets.UTF_8);
            // When
            int partition = KeyPartition.of(key, partitions);
            // Then
            assertThat(partition).isEqualTo(BuiltInPartitioner.partitionForKey(key, partitions));
        }
    }
}
