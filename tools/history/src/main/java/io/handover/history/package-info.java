/**
 * The commands that work with deliveries of the past: replay, reset, generate, backtest and explain.
 *
 * <p>Data flows one way: {@code sources} reads deliveries from files and topics in the order of time, and a command
 * publishes them, writes them to a file, or folds them as streams-app does.
 */
@NullMarked
package io.handover.history;

import org.jspecify.annotations.NullMarked;
