/** The thing that a set-up makes in Genesys Cloud. */
@NullMarked
package io.handover.setup.integration;

import org.jspecify.annotations.NullMarked;
