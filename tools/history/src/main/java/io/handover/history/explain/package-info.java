/** Shows what happened to one conversation, and why. */
@NullMarked
package io.handover.history.explain;

import org.jspecify.annotations.NullMarked;
