/**
 * This package does the fault runs. It kills, freezes and cuts off real processes under load. Then it compares the
 * commands in Kafka with the commands of the reference model.
 *
 * <p>Progress goes to standard error, the ledger to standard output.
 */
@NullMarked
package io.handover.torture;

import org.jspecify.annotations.NullMarked;
