/** The fold of a log over the core, the stores of its conversations, and the mapping of deliveries to events. */
@NullMarked
package io.handover.conversation.fold;

import org.jspecify.annotations.NullMarked;
