/** The command {@code ./handover dlq}: events that could not be delivered or read. */
@NullMarked
package io.handover.setup.dlq;

import org.jspecify.annotations.NullMarked;
