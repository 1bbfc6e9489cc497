/** Asks and steers a running installation through the management port of streams-app. */
@NullMarked
package io.handover.history.live;

import org.jspecify.annotations.NullMarked;
