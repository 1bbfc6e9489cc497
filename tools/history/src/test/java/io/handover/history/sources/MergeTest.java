package io.handover.history.sources;

import static io.handover.history.sources.Envelopes.customerEnd;
import static io.handover.history.sources.Envelopes.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import io.handover.schema.Delivery;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Several logs become one, whose time never goes back. */
class MergeTest {

    private static final byte[] JSON = utf8(customerEnd("a", 1));
    private static final Delivery DELIVERY = Delivery.read(JSON);

    /** A log that is there already. */
    private static final class GivenLog extends Log {

        private final List<PastDelivery> deliveries;
        private final int chunkSize;
        private final List<Integer> begun;
        private final int number;
        private int position;
        private boolean nothing;

        private GivenLog(
                int number,
                List<PastDelivery> deliveries,
                int chunkSize,
                List<Integer> begun,
                ExecutorService workers,
                ReadAhead readAhead) {
            super(workers, readAhead);
            this.number = number;
            this.deliveries = deliveries;
            this.chunkSize = chunkSize;
            this.begun = begun;
        }

        @Override
        @Nullable
        Callable<LogPiece> readPiece(int bytes) {
            if (!begun.contains(number)) {
                begun.add(number);
            }
            if (position >= deliveries.size()) {
                return null;
            }
            LogPiece chunk = new LogPiece();
            if (!nothing) {
                int end = Math.min(deliveries.size(), position + chunkSize);
                chunk.deliveries.addAll(deliveries.subList(position, end));
                position = end;
            }
            // Every other chunk has nothing in it.
            nothing = !nothing;
            return () -> chunk;
        }

        @Override
        long done() {
            return position;
        }

        @Override
        long size() {
            return deliveries.size();
        }

        @Override
        public void close() {
            // nothing is open
        }
    }

    @Provide
    Arbitrary<List<List<Long>>> logs() {
        return Arbitraries.longs().between(0, 20).list().ofMaxSize(15).list().ofMaxSize(6);
    }

    @Property(tries = 1000, seed = "1")
    void shouldLoseAndReorderNothingAndNeverGoBack(
            @ForAll("logs") List<List<Long>> times, @ForAll @IntRange(min = 1, max = 5) int chunkSize) {
        // Given
        List<PastDelivery> merged = new ArrayList<>();
        List<Long> mergedTimes = new ArrayList<>();
        // When
        try (PastDeliveries deliveries = merge(times, chunkSize, new ArrayList<>())) {
            for (PastDelivery next = deliveries.next(); next != null; next = deliveries.next()) {
                merged.add(next);
                mergedTimes.add(deliveries.time());
            }
            assertThat(deliveries.fraction()).isEqualTo(1);
        }
        // Then
        Map<String, Long> logTimes = new HashMap<>();
        Map<String, Long> numbers = new HashMap<>();
        for (int i = 0; i < merged.size(); i++) {
            PastDelivery delivery = merged.get(i);
            long expected = Math.max(delivery.time(), logTimes.getOrDefault(delivery.source(), 0L));
            assertThat(mergedTimes.get(i)).isEqualTo(expected);
            logTimes.put(delivery.source(), expected);
            assertThat(delivery.number()).isEqualTo(numbers.getOrDefault(delivery.source(), 0L) + 1);
            numbers.put(delivery.source(), delivery.number());
        }
        assertThat(mergedTimes).isSorted();
        for (int i = 0; i < times.size(); i++) {
            assertThat(numbers.getOrDefault("log-" + i, 0L))
                    .isEqualTo(times.get(i).size());
        }
    }

    @Test
    void shouldPreferTheLogThatIsNamedFirst() {
        // Given
        List<List<Long>> times = List.of(List.of(5L, 5L), List.of(5L), List.of(4L, 5L));
        // When
        List<String> sources = new ArrayList<>();
        try (PastDeliveries deliveries = merge(times, 1, new ArrayList<>())) {
            for (PastDelivery next = deliveries.next(); next != null; next = deliveries.next()) {
                sources.add(next.source());
            }
        }
        // Then
        assertThat(sources).containsExactly("log-2", "log-0", "log-0", "log-1", "log-2");
    }

    @Test
    void shouldBeginALogOnlyWhenItsTimeComes() {
        // Given
        List<Integer> begun = new ArrayList<>();
        // When
        try (PastDeliveries deliveries = merge(List.of(List.of(3L, 9L), List.of(1L, 2L), List.of(8L)), 1, begun)) {
            deliveries.next();
            deliveries.next();
            // Then
            assertThat(begun).containsExactly(1);
            deliveries.next();
            assertThat(begun).containsExactly(1, 0);
            deliveries.next();
            assertThat(begun).containsExactly(1, 0, 2);
        }
    }

    private static PastDeliveries merge(List<List<Long>> times, int chunkSize, List<Integer> begun) {
        ExecutorService workers = Executors.newFixedThreadPool(2);
        ReadAhead readAhead = new ReadAhead();
        List<Log> logs = new ArrayList<>();
        List<Long> firstTimes = new ArrayList<>();
        for (List<Long> log : times) {
            String name = "log-" + logs.size();
            List<PastDelivery> deliveries = new ArrayList<>();
            for (long time : log) {
                deliveries.add(new PastDelivery(
                        name,
                        deliveries.size() + 1,
                        time,
                        Objects.requireNonNull(DELIVERY.key()),
                        DELIVERY,
                        null,
                        null,
                        JSON));
            }
            firstTimes.add(log.isEmpty() ? Long.MAX_VALUE : log.get(0));
            logs.add(new GivenLog(logs.size(), deliveries, chunkSize, begun, workers, readAhead));
        }
        return new PastDeliveries(logs, firstTimes, List.of(), workers, new BrokenEntries(Path.of("never-written")));
    }
}
