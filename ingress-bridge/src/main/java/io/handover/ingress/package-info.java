/**
 * The ingress bridge. It receives deliveries from EventBridge over HTTP and writes them to {@code handover-events}.
 *
 * <p>A delivery is answered with 200 only after Kafka acknowledged the record. Every answer is sent before EventBridge
 * gives up.
 */
@NullMarked
package io.handover.ingress;

import org.jspecify.annotations.NullMarked;
