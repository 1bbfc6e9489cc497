/**
 * What must come out, told a second time: without a line of the product's code, and with nothing in common with it but
 * the Genesys events that go in and the commands that come out.
 *
 * <p>{@link HistoryGenerator} makes up what truly happened in a conversation, {@link History}. {@link UnreliableDelivery}
 * delivers the events that Genesys would publish of it late, twice, out of order, or not at all. {@link ReferenceModel}
 * says which commands must come out of what was delivered, and {@link Invariants} hold what did come out against that
 * and against the truth.
 *
 * <p>Times are epoch milliseconds.
 */
@NullMarked
package io.handover.reference;

import io.handover.traffic.History;
import io.handover.traffic.HistoryGenerator;
import org.jspecify.annotations.NullMarked;
