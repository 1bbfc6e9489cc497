package io.handover.history.sources;

import java.util.ArrayList;
import java.util.List;

/** What was made of a piece of a log: small enough to be held in memory, large enough to be worth a thread's while. */
final class Chunk {

    final List<PastDelivery> deliveries = new ArrayList<>();
    final List<BrokenEntry> broken = new ArrayList<>();
    long unwanted;
}
