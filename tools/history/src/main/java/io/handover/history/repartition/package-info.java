/** Copies the events into a topic with another number of partitions, and moves streams-app to it. */
@NullMarked
package io.handover.history.repartition;

import org.jspecify.annotations.NullMarked;
