package io.handover.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.config.MeterFilterReply;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KafkaMetricsFilterTest {

    @ParameterizedTest
    @CsvSource({
        "selected, kafka.producer.record.error.total, NEUTRAL",
        "selected, kafka.producer.node.request.rate,  DENY",
        "selected, handover.events,                   NEUTRAL",
        "all,      kafka.producer.node.request.rate,  NEUTRAL",
    })
    void shouldExportWhatTheSettingSays(String setting, String metric, MeterFilterReply expected) {
        // Given
        Settings settings = ClusterNeedsTest.settings(Map.of("metrics.kafka", setting));
        Meter.Id id = new Meter.Id(metric, Tags.empty(), null, null, Meter.Type.GAUGE);
        // When
        MeterFilterReply reply = KafkaMetricsFilter.of(settings).accept(id);
        // Then
        assertThat(reply).isEqualTo(expected);
    }
}
