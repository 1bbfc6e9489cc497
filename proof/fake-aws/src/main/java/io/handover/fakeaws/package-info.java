/**
 * An AWS account on the loopback interface, for the tests of the set-up. It answers the calls that the set-up needs, it
 * delivers events, and it fails as AWS does. Behaviour that AWS does not document is marked as assumed.
 */
@NullMarked
package io.handover.fakeaws;

import org.jspecify.annotations.NullMarked;
