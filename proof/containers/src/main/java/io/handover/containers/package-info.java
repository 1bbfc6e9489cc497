/** Runs the images with the compose file. */
@NullMarked
package io.handover.containers;

import org.jspecify.annotations.NullMarked;
