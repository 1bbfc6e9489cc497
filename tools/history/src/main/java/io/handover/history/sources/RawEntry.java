package io.handover.history.sources;

import org.jspecify.annotations.Nullable;

/**
 * What stands between two line ends of a file, or two commas of its array.
 *
 * @param line where it begins, counted from 1
 * @param problem why it cannot be what it should, or null
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, and copied for nobody
record RawEntry(long line, byte[] bytes, @Nullable String problem) {}
