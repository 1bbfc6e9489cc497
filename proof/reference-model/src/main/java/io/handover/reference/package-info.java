/**
 * This package is the oracle: a second, independent implementation of the decision rules, for tests only. It shares no
 * code with the product, only the Genesys events that go in and the commands that come out.
 *
 * <p>{@link HistoryGenerator} generates what truly happened in a conversation, a {@link History}. {@link
 * UnreliableDelivery} delivers the events that Genesys would publish of it late, twice, out of order, or not at all.
 * {@link ReferenceModel} finds the commands to expect for what was delivered, and {@link Comparison} compares the
 * product's commands with them. {@link Invariants} check the product's commands without that model.
 *
 * <p>Times are epoch milliseconds.
 */
@NullMarked
package io.handover.reference;

import io.handover.traffic.History;
import io.handover.traffic.HistoryGenerator;
import org.jspecify.annotations.NullMarked;
