package io.handover.history.sources;

import org.jspecify.annotations.Nullable;

/**
 * An entry of a file that is not parsed yet: a JSON object, or text that stands where an object should be.
 *
 * @param line the line on which the entry begins, counted from 1
 * @param bytes the exact bytes of the entry; only the first 1024 if it is longer than 16 MiB
 * @param problem why the entry cannot be an object; null if only parsing can show it
 */
@SuppressWarnings("ArrayRecordComponent") // never compared; the array is not copied
public record RawEntry(long line, byte[] bytes, @Nullable String problem) {}
