/**
 * A client of the Genesys Cloud Platform API: OAuth client credentials and the users.
 *
 * <p>The client paces its requests, waits when Genesys asks for it, and retries what may succeed later. Credentials and
 * tokens appear in no log, no exception and no {@code toString}.
 */
@NullMarked
package io.handover.genesys;

import org.jspecify.annotations.NullMarked;
