/**
 * The ingress bridge, which receives deliveries from EventBridge over HTTP and writes them to {@code handover-events}.
 *
 * <p>A delivery is answered with 200 only after Kafka acknowledged it, and always before the sender gives up.
 */
@NullMarked
package io.handover.ingress;

import org.jspecify.annotations.NullMarked;
