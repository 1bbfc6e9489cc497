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

/** The options of {@code ./handover quickstart}. Picocli sets the fields. */
public final class QuickstartOptions {

    private static final int LAST_PORT = 65_535;

    @Option(
            names = "--exit",
            description =
                    "End when every delivery is processed and no end is held. Without this option, everything keeps"
                            + " running for your own deliveries until Ctrl-C.")
    boolean exit;

    @Option(
            names = "--deliveries",
            paramLabel = "FILE",
            description =
                    "Send the deliveries of this file instead of the built-in samples: JSON objects, for example one"
                            + " per line, or JSON arrays; plain, gzip or zstd; - for standard input. If some are too old to be"
                            + " accepted, all times are moved forward.")
    @Nullable
    Path deliveries;

    @Option(
            names = "--transfer-timeout",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "How long an end is held after a transfer (default: 10s).")
    @Nullable
    public Duration transferTimeout;

    @Option(
            names = "--after-call-work-timeout",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "How long an end waits for the acw of an agent who left (default: 2m).")
    @Nullable
    Duration afterCallWorkTimeout;

    @Option(
            names = "--out-of-order-grace",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "How long an end concluded from agents' events waits for a late event (default: 2s).")
    @Nullable
    Duration outOfOrderGrace;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description =
                    "Any setting of either process. Can be given several times. Environment variables are not read,"
                            + " but for --genesys-region.")
    Map<String, String> settings = new LinkedHashMap<>();

    @Option(
            names = "--organization",
            paramLabel = "ID",
            description =
                    "Accept only events of this organisation: the last segment of their source. Without this option,"
                            + " events of --deliveries are accepted from every organisation.")
    @Nullable
    String organization;

    @Option(
            names = "--genesys-region",
            paramLabel = "REGION",
            description =
                    "Ask this Genesys Cloud region for the names and pictures of agents, such as mypurecloud.de. The"
                            + " credentials come from the environment: HANDOVER_GENESYS_CLIENT_ID and"
                            + " HANDOVER_GENESYS_CLIENT_SECRET. Without this option, the agents of the samples have invented"
                            + " names and pictures.")
    @Nullable
    String genesysRegion;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description =
                    "Keep the data in this folder over restarts. Without this option, they are deleted at the end.")
    @Nullable
    Path data;

    @Option(
            names = "--http-port",
            paramLabel = "PORT",
            defaultValue = "8080",
            converter = PortConverter.class,
            description = "Port for deliveries (${DEFAULT-VALUE}). 0 means a free port, also for the ports below.")
    int httpPort;

    @Option(
            names = "--kafka-port",
            paramLabel = "PORT",
            defaultValue = "9092",
            converter = PortConverter.class,
            description = "Port for Kafka clients (${DEFAULT-VALUE}).")
    int kafkaPort;

    @Option(
            names = "--bridge-management-port",
            paramLabel = "PORT",
            defaultValue = "8081",
            converter = PortConverter.class,
            description = "Port for health and metrics of the ingress bridge (${DEFAULT-VALUE}).")
    int bridgeManagementPort;

    @Option(
            names = "--streams-management-port",
            paramLabel = "PORT",
            defaultValue = "8082",
            converter = PortConverter.class,
            description = "Port for health and metrics of streams-app (${DEFAULT-VALUE}).")
    int streamsManagementPort;

    /** Returns the port of each option that sets a port, by the name of the option. */
    Map<String, Integer> ports() {
        Map<String, Integer> ports = new LinkedHashMap<>();
        ports.put("--http-port", httpPort);
        ports.put("--kafka-port", kafkaPort);
        ports.put("--bridge-management-port", bridgeManagementPort);
        ports.put("--streams-management-port", streamsManagementPort);
        return ports;
    }

    static final class PortConverter implements ITypeConverter<Integer> {

        @Override
        public Integer convert(String text) {
            try {
                int port = Integer.parseInt(text);
                if (port >= 0 && port <= LAST_PORT) {
                    return port;
                }
            } catch (NumberFormatException e) {
                // Text that is not a number is not a port either.
            }
            throw new TypeConversionException("'" + text + "' is not a port from 0 to " + LAST_PORT);
        }
    }
}
