/** What every command of {@code ./handover} shares on a terminal: running, stopping, progress, options' values, output. */
@NullMarked
package io.handover.terminal;

import org.jspecify.annotations.NullMarked;
