/** Publishes deliveries of the past to a topic, and saves a topic as a file. */
@NullMarked
package io.handover.history.replay;

import org.jspecify.annotations.NullMarked;
