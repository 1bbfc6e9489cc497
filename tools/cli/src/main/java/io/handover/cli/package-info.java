/** The command {@code handover}: all tools and both processes. */
@NullMarked
package io.handover.cli;

import org.jspecify.annotations.NullMarked;
