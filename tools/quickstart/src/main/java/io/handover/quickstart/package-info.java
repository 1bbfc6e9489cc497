/**
 * One command that shows the product at work: a broker, both processes and sample deliveries in one JVM.
 *
 * <p>Standard output carries the commands and nothing else, so that it can be piped; everything meant for a person
 * goes to standard error.
 */
@NullMarked
package io.handover.quickstart;

import org.jspecify.annotations.NullMarked;
