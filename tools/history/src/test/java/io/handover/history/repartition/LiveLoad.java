package io.handover.history.repartition;

import io.handover.reference.Arrival;
import io.handover.reference.UnreliableDelivery;
import io.handover.terminal.StopSignal;
import io.handover.traffic.Choices;
import io.handover.traffic.HistoryGenerator;
import io.handover.traffic.Tempo;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/** Delivers the events of made-up conversations when they happen, and again until they are accepted. */
final class LiveLoad {

    private static final Tempo TEMPO = new Tempo(800, 500, 2_000, 2_000, 6_000);
    private static final int BEGIN_WITHIN_MS = 25_000;
    private static final Duration RETRY = Duration.ofMillis(50);

    private final List<Arrival> arrivals = new ArrayList<>();
    private final StopSignal stop = new StopSignal();
    private final AtomicInteger delivered = new AtomicInteger();

    /** Accepts a delivery, or returns false. */
    interface Sender {
        boolean send(Arrival arrival) throws Exception;
    }

    LiveLoad(int conversations) {
        Choices choices = Choices.seeded(1);
        long start = Instant.now().toEpochMilli();
        for (int i = 0; i < conversations; i++) {
            arrivals.addAll(UnreliableDelivery.within(400, 3_000)
                    .deliver(
                            HistoryGenerator.generate(
                                    TEMPO, choices, "conversation-" + i, start + choices.between(0, BEGIN_WITHIN_MS)),
                            choices));
        }
        arrivals.sort(Comparator.comparingLong(Arrival::at));
    }

    /** Begins to deliver. The future completes after the last delivery. */
    CompletableFuture<Void> start(Sender sender) {
        return CompletableFuture.runAsync(() -> {
            for (Arrival arrival : arrivals) {
                long wait = arrival.at() - Instant.now().toEpochMilli();
                if (wait > 0 && stop.await(Duration.ofMillis(wait))) {
                    return;
                }
                while (!accepted(sender, arrival)) {
                    if (stop.await(RETRY)) {
                        return;
                    }
                }
                delivered.incrementAndGet();
            }
        });
    }

    private static boolean accepted(Sender sender, Arrival arrival) {
        try {
            return sender.send(arrival);
        } catch (Exception e) {
            return false;
        }
    }

    int delivered() {
        return delivered.get();
    }

    int size() {
        return arrivals.size();
    }

    void stop() {
        stop.request();
    }
}
