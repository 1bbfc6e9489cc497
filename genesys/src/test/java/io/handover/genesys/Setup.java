package io.handover.genesys;

import io.handover.fakegenesys.FakeAgent;
import io.handover.fakegenesys.FakeGenesys;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;

/** A client and a fake Genesys. The client's clock can be put forward. */
final class Setup implements AutoCloseable {

    static final FakeAgent ANNA = new FakeAgent("a0000000-0000-4000-8000-00000000000a", "Anna Berg");
    static final GenesysCredentials RIGHT = new GenesysCredentials(FakeGenesys.CLIENT_ID, FakeGenesys.CLIENT_SECRET);
    static final GenesysCredentials WRONG = new GenesysCredentials(FakeGenesys.CLIENT_ID, "wrong-secret");
    static final int FAST = 60_000;

    final FakeGenesys fake = FakeGenesys.start(0);
    final AtomicReference<GenesysCredentials> credentials = new AtomicReference<>(RIGHT);
    final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    final GenesysClient client;
    private final AtomicLong clockOffset = new AtomicLong();
    private final ExecutorService threads = Executors.newCachedThreadPool();

    /** A client without a noticeable limit of the rate. */
    Setup() {
        this(FAST, Duration.ofMillis(50), Duration.ofMinutes(1));
    }

    Setup(int requestsPerMinute, Duration firstBackOff, Duration trying) {
        this(requestsPerMinute, firstBackOff, trying, Duration.ofSeconds(20));
    }

    Setup(int requestsPerMinute, Duration firstBackOff, Duration trying, Duration timeout) {
        Awaitility.setDefaultTimeout(Duration.ofSeconds(30));
        fake.put(ANNA);
        client = new GenesysClient(
                new GenesysConnection(GenesysRegion.of(fake.baseUrl()), null, null, requestsPerMinute),
                credentials::get,
                registry,
                new Timing(timeout, firstBackOff, trying, () -> System.nanoTime() + clockOffset.get()));
    }

    void putClockForward(Duration duration) {
        clockOffset.addAndGet(duration.toNanos());
    }

    <T> Future<T> async(Callable<T> call) {
        return threads.submit(call);
    }

    /** Calls for the same user at the same time. */
    List<Future<GenesysUser>> async(int calls) {
        List<Future<GenesysUser>> results = new ArrayList<>();
        for (int i = 0; i < calls; i++) {
            results.add(async(() -> client.user(ANNA.id()).orElseThrow()));
        }
        return results;
    }

    static <T> T result(Future<T> future) throws Exception {
        return future.get(60, TimeUnit.SECONDS);
    }

    List<FakeGenesys.Request> tokenRequests() {
        return fake.requests().stream()
                .filter(request -> request.path().equals("/oauth/token"))
                .toList();
    }

    List<FakeGenesys.Request> userRequests() {
        return fake.requests().stream()
                .filter(request -> request.path().startsWith("/api/"))
                .toList();
    }

    long requests(String status) {
        return registry.get("handover.genesys.requests")
                .tag("status", status)
                .timer()
                .count();
    }

    @Override
    public void close() {
        client.close();
        threads.shutdownNow();
        fake.close();
    }
}
