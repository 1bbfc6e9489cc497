package io.handover.history;

import io.handover.reference.GenesysEvent;
import io.handover.reference.Publication;

/**
 * A delivery that is made up.
 *
 * @param at when it arrives, epoch ms
 * @param event what it tells
 */
record GeneratedDelivery(long at, GenesysEvent event, Publication publication) {}
