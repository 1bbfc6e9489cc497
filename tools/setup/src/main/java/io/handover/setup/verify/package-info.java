/** The checks of verify outside of AWS: the address of the bridge, and the integration of Genesys. */
@NullMarked
package io.handover.setup.verify;

import org.jspecify.annotations.NullMarked;
