/** The plan: what a set-up should be, what it is, and the steps between the two. It is independent of AWS and Genesys. */
@NullMarked
package io.handover.setup.plan;

import org.jspecify.annotations.NullMarked;
