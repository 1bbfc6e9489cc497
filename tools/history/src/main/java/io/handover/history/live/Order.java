package io.handover.history.live;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An order of an operator.
 *
 * @param cycle the handover that the operator saw. The order does not apply to a later one; null if the order is not about
 *     a handover
 * @param orderId identifies the order: sent twice, it is applied once
 */
record Order(String operator, String reason, @Nullable Integer cycle, UUID orderId) {}
