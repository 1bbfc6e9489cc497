package io.handover.service;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import java.util.Optional;
import java.util.function.Supplier;

/** The metrics that every Java process has, {@code handover_build_info} and {@code handover_ready}. */
final class ProcessMetrics implements AutoCloseable {

    /** It listens to the garbage collectors until it is closed. */
    private final JvmGcMetrics garbage = new JvmGcMetrics();

    /** @param notReady as in {@link ManagementServer#start} */
    ProcessMetrics(MeterRegistry registry, Supplier<Optional<String>> notReady) {
        garbage.bindTo(registry);
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new FileDescriptorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        Gauge.builder("handover.build.info", () -> 1)
                .description("The version of the process, as labels.")
                .tag("version", Version.version())
                .tag("revision", Version.revision())
                .tag("kafka", Version.kafka())
                .register(registry);
        Gauge.builder("handover.ready", notReady, ready -> ready.get().isEmpty() ? 1 : 0)
                .description("1 if /health/ready answers 200, 0 if 503.")
                .strongReference(true)
                .register(registry);
    }

    @Override
    public void close() {
        garbage.close();
    }
}
