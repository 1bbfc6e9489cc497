/** Reads deliveries of the past from files and topics, in the order of time. */
@NullMarked
package io.handover.history.sources;

import org.jspecify.annotations.NullMarked;
