/** What verify finds. */
@NullMarked
package io.handover.setup.check;

import org.jspecify.annotations.NullMarked;
