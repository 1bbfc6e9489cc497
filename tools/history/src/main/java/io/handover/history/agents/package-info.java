/** Makes streams-app forget an agent. */
@NullMarked
package io.handover.history.agents;

import org.jspecify.annotations.NullMarked;
