/** Writes the result of a back-test as a table for the terminal, as JSON, and as an HTML page with charts. */
@NullMarked
package io.handover.history.report;

import org.jspecify.annotations.NullMarked;
