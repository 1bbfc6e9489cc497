/**
 * The product under torture: real processes, which are killed, frozen and cut off while a load runs, and a ledger of
 * what came out against what had to.
 *
 * <p>Progress goes to standard error, the ledger to standard output.
 */
@NullMarked
package io.handover.torture;

import org.jspecify.annotations.NullMarked;
