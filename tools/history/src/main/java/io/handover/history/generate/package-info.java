/** The command {@code generate} and the deliveries that it generates. */
@NullMarked
package io.handover.history.generate;

import org.jspecify.annotations.NullMarked;
