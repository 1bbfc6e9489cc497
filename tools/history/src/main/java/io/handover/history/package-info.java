/**
 * Deliveries that are over: read from files and topics in the order of time, and run again.
 *
 * <p>Data flows one way: a source gives deliveries by arrival, and a command publishes them, writes them down, or folds
 * them as the application does.
 */
@NullMarked
package io.handover.history;

import org.jspecify.annotations.NullMarked;
