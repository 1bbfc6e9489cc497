/**
 * A Genesys Cloud Platform API on the loopback interface, for the quickstart, the tests and the torture. It answers as
 * Genesys documents it, and it fails when told to.
 */
@NullMarked
package io.handover.fakegenesys;

import org.jspecify.annotations.NullMarked;
