package io.handover.benchmark;

import io.handover.embeddedkafka.FreePorts;
import io.handover.terminal.CommandException;
import io.handover.terminal.StopSignal;
import io.handover.traffic.Envelope;
import io.handover.traffic.GenesysEvent;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

/**
 * Runs the endpoints in turn, round by round. All run all the time, each in a process of its own, and one after the other
 * receives deliveries.
 */
final class BridgeBenchmark implements AutoCloseable {

    private static final String KEY = "key-of-the-benchmark";
    private static final int DELIVERIES = 4_096;
    private static final double CONVERSATIONS_PER_SECOND = 40;
    private static final Duration PAUSE = Duration.ofMillis(50);
    private static final Duration LONGEST_START = Duration.ofMinutes(2);
    private static final double MICROS_PER_SECOND = 1e6;

    private final Settings settings;
    private final Path folder;
    private final PrintStream err;
    private final StopSignal stop;
    private final int broker = FreePorts.free();
    private final List<MeasuredProcess> processes = new ArrayList<>();
    private final Map<Endpoint, Server> servers = new EnumMap<>(Endpoint.class);

    /**
     * How a run is made.
     *
     * @param connections how many connections have a delivery in flight
     * @param warmUp how long each endpoint receives deliveries before the first round, with each mode
     * @param duration how long each endpoint receives deliveries in a round, with each mode
     */
    record Settings(int connections, Duration warmUp, Duration duration, int rounds, long seed) {}

    /** Whether a connection is used again. EventBridge does not. */
    enum Mode {
        KEEP_ALIVE("keep-alive", ""),
        CLOSE("Connection: close", "Connection: close\r\n");

        private final String label;
        private final String header;

        Mode(String label, String header) {
            this.label = label;
            this.header = header;
        }

        String label() {
            return label;
        }
    }

    private record Server(MeasuredProcess process, Map<Mode, HttpLoad> loads) {

        HttpLoad load(Mode mode) {
            return Objects.requireNonNull(loads.get(mode));
        }
    }

    BridgeBenchmark(Settings settings, Path folder, PrintStream err, StopSignal stop) {
        this.settings = settings;
        this.folder = folder;
        this.err = err;
        this.stop = stop;
    }

    /**
     * Measures each endpoint.
     *
     * @throws CommandException if a process ends, a delivery is not answered with 200, or the run was stopped
     */
    BridgeResult run() {
        processes.add(MeasuredProcess.start(
                "broker",
                List.of("-Xmx1g", "-Xms1g"),
                List.of(
                        ChildMain.BROKER,
                        folder.resolve("kafka").toString(),
                        "" + broker,
                        "" + FreePorts.free(),
                        "false"),
                Map.of(),
                folder));
        Map<Mode, List<byte[]>> requests = new EnumMap<>(Mode.class);
        for (Mode mode : Mode.values()) {
            requests.put(mode, requests(mode));
        }
        // The bridge is first, because it creates the topics.
        for (Endpoint endpoint : Endpoint.values()) {
            servers.put(endpoint, start(endpoint, requests));
        }
        BridgeResult result = new BridgeResult();
        for (int round = 0; round <= settings.rounds(); round++) {
            err.println(round == 0 ? "warm-up ..." : "round " + round + " of " + settings.rounds() + " ...");
            for (Mode mode : Mode.values()) {
                for (Endpoint endpoint : Endpoint.values()) {
                    BridgeFigures figures =
                            measure(endpoint, mode, round == 0 ? settings.warmUp() : settings.duration());
                    if (round > 0) {
                        result.add(endpoint, mode, figures);
                    }
                }
            }
        }
        return result;
    }

    private List<byte[]> requests(Mode mode) {
        Traffic traffic = new Traffic(settings.seed(), System.currentTimeMillis(), CONVERSATIONS_PER_SECOND);
        List<byte[]> requests = new ArrayList<>();
        for (int i = 0; i < DELIVERIES; i++) {
            GenesysEvent event = traffic.next();
            byte[] body = event.envelope(new UUID(settings.seed(), i).toString(), null);
            // The headers of an API destination of EventBridge.
            byte[] head = ("POST /handover/genesysCloudOM HTTP/1.1\r\nHost: " + FreePorts.HOST + "\r\n" + mode.header
                            + "User-Agent: Amazon/EventBridge/ApiDestinations\r\n"
                            + "Content-Type: application/json; charset=utf-8\r\n"
                            + "Range: bytes=0-1048575\r\nAccept-Encoding: gzip,deflate\r\n"
                            + "Authorization: " + KEY + "\r\nContent-Length: " + body.length + "\r\n\r\n")
                    .getBytes(StandardCharsets.ISO_8859_1);
            requests.add(ByteBuffer.allocate(head.length + body.length)
                    .put(head)
                    .put(body)
                    .array());
        }
        return requests;
    }

    private Server start(Endpoint endpoint, Map<Mode, List<byte[]>> requests) {
        int port = FreePorts.free();
        Map<String, String> environment = new HashMap<>(Map.of(
                "HANDOVER_KAFKA_BOOTSTRAP_SERVERS",
                FreePorts.HOST + ":" + broker,
                "HANDOVER_TOPICS_CREATE",
                "true",
                "HANDOVER_TOPICS_REPLICATION_FACTOR",
                "1",
                "HANDOVER_API_KEY",
                KEY,
                "HANDOVER_ORGANIZATION_ID",
                Envelope.ORGANIZATION,
                "HANDOVER_HTTP_PORT",
                "" + port,
                "HANDOVER_MANAGEMENT_PORT",
                "0"));
        environment.putAll(endpoint.environment());
        MeasuredProcess process = MeasuredProcess.start(
                endpoint.processName(),
                List.of("-Xmx512m", "-Xms512m"),
                List.of(endpoint.processName()),
                environment,
                folder);
        processes.add(process);
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        Map<Mode, HttpLoad> loads = new EnumMap<>(Mode.class);
        requests.forEach((mode, own) -> loads.put(mode, new HttpLoad(address, own, mode == Mode.KEEP_ALIVE)));
        Server server = new Server(process, loads);
        awaitReady(server);
        return server;
    }

    private void awaitReady(Server server) {
        long start = System.nanoTime();
        while (true) {
            try {
                server.load(Mode.KEEP_ALIVE).run(1, PAUSE);
                return;
            } catch (CommandException e) {
                server.process().requireAlive();
                if (stop.await(PAUSE)) {
                    throw new CommandException("Stopped.");
                }
                if (System.nanoTime() - start > LONGEST_START.toNanos()) {
                    throw e;
                }
            }
        }
    }

    private BridgeFigures measure(Endpoint endpoint, Mode mode, Duration duration) {
        if (stop.isRequested()) {
            throw new CommandException("Stopped.");
        }
        processes.forEach(MeasuredProcess::requireAlive);
        Server server = Objects.requireNonNull(servers.get(endpoint));
        Machine machine = new Machine();
        double all = cpuOfAll();
        Duration own = server.process().cpu();
        Duration ofBroker = processes.get(0).cpu();
        HttpLoad.Result load = server.load(mode).run(settings.connections(), duration);
        return new BridgeFigures(
                load,
                micros(server.process().cpu().minus(own), load),
                micros(processes.get(0).cpu().minus(ofBroker), load),
                machine.foreign(cpuOfAll() - all));
    }

    /** The CPU seconds of every process of the run, this one included. */
    private double cpuOfAll() {
        Duration own = ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
        return processes.stream()
                        .map(MeasuredProcess::cpu)
                        .reduce(own, Duration::plus)
                        .toNanos()
                / 1e9;
    }

    private static double micros(Duration cpu, HttpLoad.Result load) {
        return cpu.toNanos() / 1e9 * MICROS_PER_SECOND / load.answers();
    }

    @Override
    public void close() {
        for (int i = processes.size() - 1; i >= 0; i--) {
            processes.get(i).close();
        }
    }
}
