package io.handover.genesys;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * How patient a client is.
 *
 * @param exchange how long an exchange may take, from the connection to the last byte of the body
 * @param firstBackOff the longest wait after the first failure. It doubles with every further one
 * @param trying how long a call tries, without the pauses that Genesys asks for
 * @param nanoClock the time in nanoseconds, as {@link System#nanoTime}
 */
record Timing(Duration exchange, Duration firstBackOff, Duration trying, LongSupplier nanoClock) {

    static final Timing DEFAULT =
            new Timing(Duration.ofSeconds(5), Duration.ofMillis(500), Duration.ofMinutes(1), System::nanoTime);
}
