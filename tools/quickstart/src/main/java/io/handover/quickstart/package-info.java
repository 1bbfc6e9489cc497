/**
 * The quick start: a broker, both processes and sample deliveries in one JVM.
 *
 * <p>Standard output carries only the commands, so that it can be piped. Everything for a person goes to standard error.
 */
@NullMarked
package io.handover.quickstart;

import org.jspecify.annotations.NullMarked;
