package io.handover.quickstart;

import io.handover.terminal.DurationConverter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** What the person at the terminal asked for. picocli fills it in. */
public final class QuickstartOptions {

    private static final int LAST_PORT = 65_535;

    @Option(
            names = "--exit",
            description = "End when every delivery has had its effect. Without it, everything stays up for your own"
                    + " deliveries until Ctrl-C.")
    boolean exit;

    @Option(
            names = "--deliveries",
            paramLabel = "FILE",
            description = "Send the deliveries of this file (one JSON document a line; - reads standard input) instead"
                    + " of the built-in samples. If some are too old to be accepted, all times are moved forward.")
    @Nullable
    Path deliveries;

    @Option(
            names = "--transfer-timeout",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "How long after a transfer an end is held (10s if not given).")
    @Nullable
    public Duration transferTimeout;

    @Option(
            names = "--after-call-work-timeout",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "How long to wait for the after-call work of an agent who left (2m if not given).")
    @Nullable
    Duration afterCallWorkTimeout;

    @Option(
            names = "--out-of-order-grace",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "How long an end concluded from agents' events waits for a late event (2s if not given).")
    @Nullable
    Duration outOfOrderGrace;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "Any setting of either process; may be given several times. The environment is not read.")
    Map<String, String> settings = new LinkedHashMap<>();

    @Option(
            names = "--organization",
            paramLabel = "ID",
            description = "Accept events of this organisation only: the last segment of their source. Events in"
                    + " --deliveries are accepted from every organisation if it is not given.")
    @Nullable
    String organization;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Keep the data in this folder over restarts; else they are deleted at the end.")
    @Nullable
    Path data;

    @Option(
            names = "--http-port",
            paramLabel = "PORT",
            defaultValue = "8080",
            converter = PortConverter.class,
            description = "Where deliveries are received (${DEFAULT-VALUE}). 0 takes a free port, here and below.")
    int httpPort;

    @Option(
            names = "--kafka-port",
            paramLabel = "PORT",
            defaultValue = "9092",
            converter = PortConverter.class,
            description = "Where Kafka clients reach the broker (${DEFAULT-VALUE}).")
    int kafkaPort;

    @Option(
            names = "--bridge-management-port",
            paramLabel = "PORT",
            defaultValue = "8081",
            converter = PortConverter.class,
            description = "Health and metrics of the ingress bridge (${DEFAULT-VALUE}).")
    int bridgeManagementPort;

    @Option(
            names = "--streams-management-port",
            paramLabel = "PORT",
            defaultValue = "8082",
            converter = PortConverter.class,
            description = "Health and metrics of the streams app (${DEFAULT-VALUE}).")
    int streamsManagementPort;

    /** The ports asked for, by the option that changes them. */
    Map<String, Integer> ports() {
        Map<String, Integer> ports = new LinkedHashMap<>();
        ports.put("--http-port", httpPort);
        ports.put("--kafka-port", kafkaPort);
        ports.put("--bridge-management-port", bridgeManagementPort);
        ports.put("--streams-management-port", streamsManagementPort);
        return ports;
    }

    /** Reads a port. */
    static final class PortConverter implements ITypeConverter<Integer> {

        @Override
        public Integer convert(String text) {
            try {
                int port = Integer.parseInt(text);
                if (port >= 0 && port <= LAST_PORT) {
                    return port;
                }
            } catch (NumberFormatException e) {
                throw new TypeConversionException("'" + text + "' is not a port from 0 to " + LAST_PORT);
            }
            throw new TypeConversionException("'" + text + "' is not a port from 0 to " + LAST_PORT);
        }
    }
}
