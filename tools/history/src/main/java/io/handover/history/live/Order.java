package io.handover.history.live;

import java.util.UUID;

/**
 * An order of an operator about one handover.
 *
 * @param cycle the handover that the operator saw. The order does not apply to a later one
 * @param orderId identifies the order: sent twice, it is applied once
 */
record Order(String operator, String reason, int cycle, UUID orderId) {}
