/** Explains one conversation: its events, deadlines, decisions and commands, with the reason of each decision. */
@NullMarked
package io.handover.history.explain;

import org.jspecify.annotations.NullMarked;
