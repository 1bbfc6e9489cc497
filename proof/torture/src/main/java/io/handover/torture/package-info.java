/**
 * This package does the fault runs: it kills, freezes and cuts off real processes under load, and compares the commands in
 * Kafka with those of the reference model.
 *
 * <p>Progress goes to standard error, the ledger to standard output.
 */
@NullMarked
package io.handover.torture;

import org.jspecify.annotations.NullMarked;
