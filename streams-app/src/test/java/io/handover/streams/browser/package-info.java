/** The page of streams-app in a real browser, over an API that a test can change, cut off and mend. */
@NullMarked
package io.handover.streams.browser;

import org.jspecify.annotations.NullMarked;
