package io.handover.history.sources;

import java.util.ArrayList;
import java.util.List;

/** The parsed content of one piece of a log: deliveries, broken entries and the count of what was read. */
final class LogPiece {

    final List<PastDelivery> deliveries = new ArrayList<>();
    final List<BrokenEntry> broken = new ArrayList<>();
    final ReadCount count = new ReadCount();
}
