package io.handover.torture;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A TCP load balancer. Each connection goes to the next bridge that is healthy: not after {@value #FAILURES} failed health
 * checks in a row, and again after the first that passes. It sends no request a second time.
 */
final class LoadBalancer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LoadBalancer.class);

    static final long CHECK_EVERY_MS = 250;
    static final int FAILURES = 2;

    private static final int BACKLOG = 500;
    private static final int CONNECT_TIMEOUT_MS = 1_000;
    private static final int CHUNK = 16 * 1024;

    private final List<Target> targets;
    private final ServerSocket server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final ScheduledExecutorService checks;
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();
    private final AtomicInteger reset = new AtomicInteger();

    /** A bridge, and its failed health checks in a row. */
    private record Target(BridgeProcess bridge, AtomicInteger failures) {

        boolean isHealthy() {
            return failures.get() < FAILURES;
        }

        void check() {
            boolean ready;
            try {
                ready = bridge.isReady();
            } catch (IOException e) {
                ready = false;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                ready = false;
            }
            failures.set(ready ? 0 : failures.get() + 1);
        }
    }

    private LoadBalancer(List<Target> targets) throws IOException {
        this.targets = targets;
        // A check that hangs must not delay those of the other bridges.
        this.checks = Executors.newScheduledThreadPool(targets.size());
        this.server = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
    }

    /** Starts a balancer in front of bridges that are ready. */
    static LoadBalancer of(BridgeProcess... bridges) throws IOException {
        List<Target> targets = new ArrayList<>();
        for (BridgeProcess bridge : bridges) {
            targets.add(new Target(bridge, new AtomicInteger()));
        }
        LoadBalancer balancer = new LoadBalancer(targets);
        for (Target target : targets) {
            Future<?> unused = balancer.checks.scheduleWithFixedDelay(
                    target::check, CHECK_EVERY_MS, CHECK_EVERY_MS, TimeUnit.MILLISECONDS);
        }
        balancer.threads.execute(balancer::accept);
        return balancer;
    }

    int port() {
        return server.getLocalPort();
    }

    /** How many connections a bridge refused. */
    int refused() {
        return refused.get();
    }

    /** How many connections a bridge closed before it answered. */
    int reset() {
        return reset.get();
    }

    /** Whether a bridge gets connections. */
    boolean isHealthy(BridgeProcess bridge) {
        return targets.stream().anyMatch(target -> target.bridge() == bridge && target.isHealthy());
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                threads.execute(() -> relay(client));
            } catch (IOException e) {
                LOG.atDebug().setCause(e).log("Accept failed");
            }
        }
    }

    private void relay(Socket client) {
        Target target = choose();
        Socket bridge = new Socket();
        try {
            bridge.connect(
                    new InetSocketAddress(
                            InetAddress.getLoopbackAddress(),
                            target.bridge().endpoint().getPort()),
                    CONNECT_TIMEOUT_MS);
        } catch (IOException e) {
            refused.incrementAndGet();
            close(client);
            close(bridge);
            return;
        }
        threads.execute(() -> pump(client, bridge));
        if (pump(bridge, client) == 0) {
            reset.incrementAndGet();
        }
        close(client);
        close(bridge);
    }

    private Target choose() {
        // Counted once per connection: with a step per look, two connections could both see the unhealthy bridge only.
        int first = next.getAndIncrement();
        for (int i = 0; i < targets.size(); i++) {
            Target target = targets.get(Math.floorMod(first + i, targets.size()));
            if (target.isHealthy()) {
                return target;
            }
        }
        // Without a healthy one, all get connections, as behind load balancers of AWS.
        return targets.get(Math.floorMod(first, targets.size()));
    }

    /** Copies one direction to its end. Returns the number of bytes. */
    private static long pump(Socket from, Socket to) {
        long bytes = 0;
        byte[] chunk = new byte[CHUNK];
        try {
            InputStream in = from.getInputStream();
            for (int length = in.read(chunk); length >= 0; length = in.read(chunk)) {
                to.getOutputStream().write(chunk, 0, length);
                bytes += length;
            }
        } catch (IOException e) {
            LOG.atTrace().setCause(e).log("Connection ended");
        }
        return bytes;
    }

    private static void close(Closeable socket) {
        try {
            socket.close();
        } catch (IOException e) {
            LOG.atTrace().setCause(e).log("Socket not closed");
        }
    }

    @Override
    public void close() {
        close(server);
        checks.shutdownNow();
        threads.shutdownNow();
    }
}
