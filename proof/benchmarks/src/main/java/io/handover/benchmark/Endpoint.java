package io.handover.benchmark;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;

/** An HTTP endpoint that is measured. Each writes its deliveries to the same topic of the same broker. */
enum Endpoint {
    /** The product with its default settings. */
    BRIDGE("bridge"),
    /** The product with a line in its log for each answer. */
    BRIDGE_WITH_LOG("bridge, access.log=all"),
    /** The least that such an endpoint can do, see {@link BareHandler}. */
    BARE("bare handler");

    private final String label;

    Endpoint(String label) {
        this.label = label;
    }

    String label() {
        return label;
    }

    /** The name of the process, and of its log. */
    String processName() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The settings of its process beside those of all, by environment variable. */
    Map<String, String> environment() {
        return this == BRIDGE_WITH_LOG ? Map.of("HANDOVER_ACCESS_LOG", "all") : Map.of();
    }

    static boolean isProcessName(String name) {
        return Arrays.stream(values())
                .anyMatch(endpoint -> endpoint.processName().equals(name));
    }

    static Endpoint ofProcessName(String name) {
        return Arrays.stream(values())
                .filter(endpoint -> endpoint.processName().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("Expected an endpoint, but got " + name));
    }
}
