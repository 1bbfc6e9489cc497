package io.handover.history.sources;

import java.util.ArrayList;
import java.util.List;

/** Holds what a worker read from one piece of a log. */
final class LogPiece {

    final List<PastDelivery> deliveries = new ArrayList<>();
    final List<BrokenEntry> broken = new ArrayList<>();
    long unwanted;
}
