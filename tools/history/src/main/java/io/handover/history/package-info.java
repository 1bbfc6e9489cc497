/**
 * Replays, back-tests and explains deliveries of the past.
 *
 * <p>Data flows one way: a source reads deliveries from files or a topic in the order of their arrival, and a command
 * publishes them, saves them, or folds them as streams-app does.
 */
@NullMarked
package io.handover.history;

import org.jspecify.annotations.NullMarked;
