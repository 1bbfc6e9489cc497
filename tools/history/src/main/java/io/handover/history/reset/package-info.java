/** Prepares streams-app to decide everything again from the log. */
@NullMarked
package io.handover.history.reset;

import org.jspecify.annotations.NullMarked;
