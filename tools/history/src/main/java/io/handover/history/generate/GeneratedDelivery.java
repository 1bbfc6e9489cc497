package io.handover.history.generate;

import io.handover.traffic.GenesysEvent;
import io.handover.traffic.Publication;

/**
 * A generated delivery.
 *
 * @param at when the delivery arrives, epoch ms
 * @param event the event in the delivery
 * @param publication the ids and times of the envelope
 */
record GeneratedDelivery(long at, GenesysEvent event, Publication publication) {}
