package io.handover.history.generate;

import io.handover.traffic.GenesysEvent;
import io.handover.traffic.Publication;

/**
 * A delivery that is made up.
 *
 * @param at when it arrives, epoch ms
 * @param event what it tells
 */
record GeneratedDelivery(long at, GenesysEvent event, Publication publication) {}
