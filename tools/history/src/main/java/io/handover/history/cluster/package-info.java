/** Reads and changes topics and consumer groups of a cluster, for the commands that prepare streams-app. */
@NullMarked
package io.handover.history.cluster;

import org.jspecify.annotations.NullMarked;
