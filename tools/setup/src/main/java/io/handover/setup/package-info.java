/** The commands {@code ./handover setup} and {@code ./handover dlq}. */
@NullMarked
package io.handover.setup;

import org.jspecify.annotations.NullMarked;
