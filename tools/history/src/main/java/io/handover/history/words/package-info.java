/** The words that all texts about a conversation share: its decisions, times, and short names for long ids. */
@NullMarked
package io.handover.history.words;

import org.jspecify.annotations.NullMarked;
