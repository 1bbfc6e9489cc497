/**
 * The way in: EventBridge's deliveries over HTTP become records of {@code handover-events}.
 *
 * <p>The answer is given last: 2xx only after Kafka acknowledged, and always before the sender gives up.
 */
@NullMarked
package io.handover.ingress;

import org.jspecify.annotations.NullMarked;
