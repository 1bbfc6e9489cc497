/**
 * The parts that the commands of {@code ./handover} share: starting and stopping, types of options, progress, output,
 * and calls to Kafka.
 */
@NullMarked
package io.handover.terminal;

import org.jspecify.annotations.NullMarked;
