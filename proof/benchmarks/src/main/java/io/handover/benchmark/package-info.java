/** Measures the processes beside others that do less, or that do it as the field does, in one run on one machine. */
@NullMarked
package io.handover.benchmark;

import org.jspecify.annotations.NullMarked;
