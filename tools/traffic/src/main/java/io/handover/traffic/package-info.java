/** Made-up conversations, and the events and envelopes that Genesys and EventBridge make of them. */
@NullMarked
package io.handover.traffic;

import org.jspecify.annotations.NullMarked;
