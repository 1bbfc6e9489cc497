/**
 * The fold, which applies a log to its conversations; the stores of conversations and timers; and the mapping of
 * deliveries to events.
 */
@NullMarked
package io.handover.conversation.fold;

import org.jspecify.annotations.NullMarked;
