/** The file that describes a set-up. */
@NullMarked
package io.handover.setup.settings;

import org.jspecify.annotations.NullMarked;
