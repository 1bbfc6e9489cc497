package io.handover.service;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.config.MeterFilterReply;
import java.util.Set;

/**
 * Selects the metrics of the Kafka clients and of Kafka Streams that are exported. They have more than 300 names, each once
 * per client, thread, task or broker, so that all of them are most of a scrape.
 */
public final class KafkaMetricsFilter implements MeterFilter {

    private static final String PREFIX = "kafka.";

    /** Without the metrics of single tasks, stores and brokers, so that their number does not grow with the partitions. */
    private static final Set<String> SELECTED = Set.of(
            "kafka.consumer.coordinator.rebalance.total",
            "kafka.producer.buffer.available.bytes",
            "kafka.producer.record.error.total",
            "kafka.producer.record.retry.total",
            "kafka.producer.request.latency.avg",
            "kafka.stream.alive.stream.threads",
            "kafka.stream.thread.commit.latency.avg",
            "kafka.stream.thread.process.ratio");

    private final boolean exportsAll;

    private KafkaMetricsFilter(boolean exportsAll) {
        this.exportsAll = exportsAll;
    }

    /** The filter that the settings demand. Give it to a registry before anything is registered there. */
    public static KafkaMetricsFilter of(Settings settings) {
        return new KafkaMetricsFilter(
                SharedSettings.METRICS_KAFKA_ALL.equals(settings.getString(SharedSettings.METRICS_KAFKA_CONFIG)));
    }

    @Override
    public MeterFilterReply accept(Meter.Id id) {
        boolean isWanted = exportsAll || !id.getName().startsWith(PREFIX) || SELECTED.contains(id.getName());
        return isWanted ? MeterFilterReply.NEUTRAL : MeterFilterReply.DENY;
    }
}
