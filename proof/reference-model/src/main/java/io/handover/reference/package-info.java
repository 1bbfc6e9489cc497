/**
 * This package is a second, independent implementation of the decision rules, for tests only. It shares no code with
 * the product. Both get the same Genesys events, and their commands are compared.
 *
 * <p>{@link HistoryGenerator} generates a {@link History}: what truly happened in a conversation.
 * {@link UnreliableDelivery} delivers the events of the history late, twice, out of order, or not at all.
 * {@link ReferenceModel} computes the commands to expect for these deliveries, and for the profiles of agents between
 * them. {@link Comparison} compares the product's commands with the expected ones. {@link Invariants} checks the
 * product's commands without the expected ones.
 *
 * <p>Times are epoch milliseconds.
 */
@NullMarked
package io.handover.reference;

import io.handover.traffic.History;
import io.handover.traffic.HistoryGenerator;
import org.jspecify.annotations.NullMarked;
