package io.handover.history.generate;

import io.handover.traffic.GenesysEvent;
import io.handover.traffic.Publication;

/**
 * A generated delivery.
 *
 * @param at when it arrives, epoch ms
 * @param event the event that it carries
 * @param publication its ids and times
 */
record GeneratedDelivery(long at, GenesysEvent event, Publication publication) {}
