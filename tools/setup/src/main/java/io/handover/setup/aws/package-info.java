/** The things that a set-up makes in AWS. */
@NullMarked
package io.handover.setup.aws;

import org.jspecify.annotations.NullMarked;
