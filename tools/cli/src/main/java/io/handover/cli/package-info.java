/** The command {@code handover}. It starts all tools. */
@NullMarked
package io.handover.cli;

import org.jspecify.annotations.NullMarked;
