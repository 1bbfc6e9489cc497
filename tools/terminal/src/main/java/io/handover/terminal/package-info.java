/** The parts that the commands of {@code ./handover} share: running, stopping, options, progress, output, calls to Kafka. */
@NullMarked
package io.handover.terminal;

import org.jspecify.annotations.NullMarked;
