/** The result of a back-test: on the terminal, as JSON, and as a page with charts. */
@NullMarked
package io.handover.history.report;

import org.jspecify.annotations.NullMarked;
