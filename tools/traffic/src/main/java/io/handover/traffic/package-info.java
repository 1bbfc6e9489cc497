/** Generates random conversations, with their Genesys events and EventBridge envelopes. */
@NullMarked
package io.handover.traffic;

import org.jspecify.annotations.NullMarked;
