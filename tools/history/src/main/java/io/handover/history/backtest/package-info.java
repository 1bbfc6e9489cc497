/** Deliveries of the past, folded into the decisions that the application makes of them. */
@NullMarked
package io.handover.history.backtest;

import org.jspecify.annotations.NullMarked;
