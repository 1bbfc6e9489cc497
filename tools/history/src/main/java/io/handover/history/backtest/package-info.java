/** Runs deliveries of the past through the decisions of streams-app, and judges the ends with hindsight. */
@NullMarked
package io.handover.history.backtest;

import org.jspecify.annotations.NullMarked;
