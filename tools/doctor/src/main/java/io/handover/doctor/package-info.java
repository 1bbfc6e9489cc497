/** The check of a cluster without starting anything. */
@NullMarked
package io.handover.doctor;

import org.jspecify.annotations.NullMarked;
