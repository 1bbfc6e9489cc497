package io.handover.streams;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Properties;
import org.apache.kafka.streams.StreamsConfig;
import org.junit.jupiter.api.Test;

class StateMemoryTest {

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
}
