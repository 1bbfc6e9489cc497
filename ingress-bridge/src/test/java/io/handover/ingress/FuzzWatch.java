package io.handover.ingress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;

/** Checks what all trials together must leave behind: consistent metrics, a silent log and no growth of memory. */
final class FuzzWatch extends AppenderBase<ILoggingEvent> {

    private static final long HEAP_GROWTH_BYTES = 4 * 1024 * 1024;

    /** The pools of direct memory grow rarely, and by megabytes. */
    private static final long DIRECT_GROWTH_BYTES = 16 * 1024 * 1024;

    private static final int COLLECTIONS = 4;
    private static final Pattern DELIVERIES =
            Pattern.compile("(?m)^handover_deliveries_(\\w+?)(?:_total)?(?:\\{\\w+=\"([a-z-]+)\"})? (\\S+)$");

    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private final Logger access = (Logger) LoggerFactory.getLogger("access");
    private final List<String> complaints = new CopyOnWriteArrayList<>();
    private final Map<String, Long> seen = new HashMap<>();
    private long heapBefore = Long.MAX_VALUE;
    private long directBefore = Long.MAX_VALUE;

    void listen() {
        // Otherwise each rejection would write a line: thousands of them.
        access.setAdditive(false);
        setContext(root.getLoggerContext());
        start();
        root.addAppender(this);
    }

    void stopListening() {
        root.detachAppender(this);
        access.setAdditive(true);
    }

    @Override
    protected void append(ILoggingEvent event) {
        if (event.getLevel().isGreaterOrEqual(Level.WARN)) {
            IThrowableProxy thrown = event.getThrowableProxy();
            complaints.add(event + (thrown == null ? "" : "\n" + ThrowableProxyUtil.asString(thrown)));
        }
    }

    /** Returns the warnings and errors since the last call. */
    List<String> complaints() {
        List<String> all = List.copyOf(complaints);
        complaints.clear();
        return all;
    }

    void saw(String outcome) {
        if (!outcome.isEmpty()) {
            seen.merge(outcome, 1L, Long::sum);
        }
    }

    /** Remembers the current memory as that of a warmed-up bridge. */
    void remember() {
        heapBefore = heapInUse();
        directBefore = directInUse();
    }

    void checkMemory() {
        assertThat(heapInUse() - heapBefore).as("growth of the heap").isLessThan(HEAP_GROWTH_BYTES);
        assertThat(directInUse() - directBefore)
                .as("growth of the direct memory")
                .isLessThan(DIRECT_GROWTH_BYTES);
    }

    /** The minimum of several measurements, because one collection may leave garbage. */
    private static long heapInUse() {
        return Stream.generate(() -> {
                    System.gc();
                    return ManagementFactory.getMemoryMXBean()
                            .getHeapMemoryUsage()
                            .getUsed();
                })
                .limit(COLLECTIONS)
                .min(Long::compare)
                .orElseThrow();
    }

    private static long directInUse() {
        return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
    }

    /** Every received request is answered, and every observed answer is counted. */
    void checkMetrics(BridgeFixture bridge) {
        await().untilAsserted(() -> {
            Map<String, Double> counts = counts(bridge.management("/metrics").body());
            double answered = counts.entrySet().stream()
                    .filter(entry -> !entry.getKey().equals("received")
                            && !entry.getKey().equals("in_flight"))
                    .mapToDouble(Map.Entry::getValue)
                    .sum();
            assertThat(counts).containsEntry("in_flight", 0.0);
            assertThat(counts).containsEntry("received", answered);
            seen.forEach((outcome, count) ->
                    assertThat(counts.getOrDefault(outcome, 0.0)).as(outcome).isGreaterThanOrEqualTo(count));
        });
    }

    /** The counts by reason, or by metric name if there is no reason. */
    private static Map<String, Double> counts(String metrics) {
        Map<String, Double> counts = new HashMap<>();
        Matcher line = DELIVERIES.matcher(metrics);
        while (line.find()) {
            counts.put(line.group(2) == null ? line.group(1) : line.group(2), Double.valueOf(line.group(3)));
        }
        return counts;
    }
}
